package verbs

import (
	"fmt"
	"os"
	"runtime"
	"time"

	"portcullis/gate/sim"
)

type simVerb struct {
	Seeds   uint64 `help:"How many worlds to play." default:"1000"`
	From    uint64 `help:"The first seed." default:"1"`
	Workers int    `help:"Worlds played at a time; 0: as many as there are processors."`
	Log     bool   `help:"Print every line of what happens; for few seeds."`
}

// Run plays simulated worlds; it fails if one shows a defect, and names the command that repeats it.
func (v *simVerb) Run() error {
	if v.Workers == 0 {
		v.Workers = runtime.GOMAXPROCS(0)
	}
	if v.Log {
		return v.tell()
	}
	begun, played, failed := time.Now(), uint64(0), 0
	cover := sim.RunMany(v.From, v.Seeds, v.Workers, func(_ uint64, err error) {
		played++
		if err != nil {
			failed++
			fmt.Println(err)
		}
		if played%progressEvery == 0 || played == v.Seeds {
			fmt.Fprintf(os.Stderr, "%d of %d worlds, %d failed, %v\n", played, v.Seeds, failed, time.Since(begun).Round(time.Second))
		}
	})
	cover.Write(os.Stdout)
	if failed > 0 {
		return fmt.Errorf("%d of %d worlds failed", failed, v.Seeds)
	}
	fmt.Printf("%d worlds from seed %d on ran clean\n", v.Seeds, v.From)
	return nil
}

const progressEvery = 500

// tell plays the seeds one by one and prints what happens.
func (v *simVerb) tell() error {
	for seed := v.From; seed < v.From+v.Seeds; seed++ {
		if err := sim.Run(seed, sim.NewCoverage(), func(line string) { fmt.Println(line) }); err != nil {
			return err
		}
	}
	return nil
}
