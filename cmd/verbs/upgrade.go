package verbs

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os/exec"
)

// upgradeVerb is run from the new program, before it takes the place of the one that runs.
type upgradeVerb struct {
	journalFlag
	Check bool   `required:"" help:"Check, which is all that this verb does: a program is upgraded by stopping the gate and starting the new one."`
	Old   string `help:"The program before: the exposures that it tells of the journal have to be this program's too." type:"existingfile" placeholder:"PROGRAM"`
}

func (v *upgradeVerb) Run() error {
	j, err := v.open()
	if err != nil {
		return err
	}
	var before io.Reader
	if v.Old != "" {
		sheet, err := exposureBy(v.Old, j.Dir())
		if err != nil {
			return err
		}
		before = bytes.NewReader(sheet)
	}
	files := v.Config
	if v.Journal != "" {
		files = ""
	}
	return j.Upgrade(out, files, before)
}

// exposureBy has another program tell every exposure by a journal.
func exposureBy(program, journal string) ([]byte, error) {
	var said bytes.Buffer
	c := exec.Command(program, "exposure", "all", "--csv", "--journal", journal)
	c.Stderr = &said
	sheet, err := c.Output()
	if err != nil {
		why := string(bytes.TrimSpace(said.Bytes()))
		return nil, fmt.Errorf("the program before told no exposure: %s exposure all --csv --journal %s: %w: %s; name with --old the gate that wrote the journal", program, journal, err, cmp.Or(why, "it said nothing"))
	}
	return sheet, nil
}
