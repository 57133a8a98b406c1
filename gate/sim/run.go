package sim

import (
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
)

// Failed is a run that showed a defect.
type Failed struct {
	Seed uint64
	What string
	Log  []string // the end of what happened
}

func (f *Failed) Error() string {
	return fmt.Sprintf("seed %d: %s\n%s\nagain: go test ./gate/sim -run TestSeed -seed=%d, or gate sim --seeds 1 --from %d --log",
		f.Seed, f.What, strings.Join(f.Log, "\n"), f.Seed, f.Seed)
}

// logLines is how much of a failed run's log its error has.
const logLines = 40

// Run plays one seed and adds to cover what it met; log, if not nil, gets every line of what happened. A failed run is
// played once more for the end of its log.
func Run(seed uint64, cover *Coverage, log func(line string)) error {
	failed := play(seed, cover, log)
	if failed == nil {
		return nil
	}
	if log == nil {
		again := play(seed, NewCoverage(), func(line string) {
			if failed.Log = append(failed.Log, line); len(failed.Log) > logLines {
				failed.Log = failed.Log[1:]
			}
		})
		if again == nil || again.What != failed.What {
			failed.What += "\nand the run is not the same twice"
		}
	}
	return failed
}

func play(seed uint64, cover *Coverage, log func(line string)) (failed *Failed) {
	defer func() {
		switch x := recover().(type) {
		case nil:
		case failure:
			failed = &Failed{Seed: seed, What: x.text}
		default:
			failed = &Failed{Seed: seed, What: fmt.Sprintf("panic: %v\n%s", x, debug.Stack())}
		}
	}()
	w := newWorld(seed, cover)
	w.verbose = log
	w.run()
	return nil
}

// gcPercent lets more garbage lie before it is collected: worlds are small and soon thrown away.
const gcPercent = 400

// RunMany plays so many seeds from the first on, on as many goroutines as asked for, and tells of each when it is done,
// one at a time. Each run is the same, whoever plays beside it.
func RunMany(first, count uint64, workers int, done func(seed uint64, err error)) *Coverage {
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	var (
		mu    sync.Mutex
		group sync.WaitGroup
		total = NewCoverage()
		next  = first
	)
	take := func() (seed uint64, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		seed, next = next, next+1
		return seed, seed-first < count
	}
	for range max(workers, 1) {
		group.Go(func() {
			for seed, ok := take(); ok; seed, ok = take() {
				cover := NewCoverage()
				err := Run(seed, cover, nil)
				mu.Lock()
				total.add(cover)
				done(seed, err)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return total
}
