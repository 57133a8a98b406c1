package audit

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/risk"
)

// ErrDiffers is the error of a verb that ran to its end and found a difference, which it printed.
var ErrDiffers = errors.New("differences were found")

// Journal is a journal's folder, opened for reading. Not for concurrent use.
type Journal struct {
	dir     string
	numbers *config.Numbers
	last    journal.Header // of the last record that a verb has read
}

// Open opens the journal in dir, which a gate may be writing. The error says what dir lacks.
func Open(dir string) (*Journal, error) {
	j := &Journal{dir: dir}
	if err := j.readNumbers(); err != nil {
		return nil, err
	}
	return j, nil
}

// Dir is the journal's folder.
func (j *Journal) Dir() string { return j.dir }

// Numbers reads the names of all numbers that the journal uses by now.
func (j *Journal) Numbers() (*config.Numbers, error) {
	err := j.readNumbers()
	return j.numbers, err
}

// readNumbers reads the registry of numbers as it is by now.
func (j *Journal) readNumbers() (err error) {
	n, err := config.ReadNumbers(j.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is no journal of a gate: it has no file numbers; no gate has been started with it yet, or "+
			"name the folder that gate.journal names", j.dir)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: the gate's own user reads its journal, and from its next start on the members of gate.admin_group, who "+
			"must be able to enter the folder", err)
	case err == nil:
		j.numbers = n
	}
	return err
}

// walk gives every record from the start to visit.
func (j *Journal) walk(visit func(*assemble.Record) error) (err error) {
	f, err := journal.Follow(j.dir, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return assemble.Walk(f, func(r *assemble.Record) error {
		j.last = r.Header
		return visit(r)
	})
}

// run is what one process wrote: the records of one epoch.
type run struct {
	epoch uint32
	hash  []byte // of the configuration that judged first; nil where the run ended before it said so
	last  []byte // of the one that judged last: another may take over while a gate runs
}

// hashBytes of a configuration's hash name it.
const hashBytes = 8

// InForce names the configuration that judges after a record, by the beginning of its hash; nil: the one before.
func InForce(ev *core.Event, d *core.Decision) []byte {
	if ev.Kind == core.Configured {
		return bytes.Clone(ev.Data[:min(hashBytes, len(ev.Data))])
	}
	if version := d.Reloaded(); version != 0 {
		return versionHash(version)
	}
	return nil
}

// versionHash is the beginning of a hash as a reload names it.
func versionHash(version uint64) []byte { return binary.BigEndian.AppendUint64(nil, version) }

// runs lists the processes that wrote the journal, oldest first. A run writes its first records
// before it says which configuration it uses, so they are looked through beforehand, up to a record.
func (j *Journal) runs(until uint64) (list []run, err error) {
	f, err := journal.Follow(j.dir, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var h journal.Header
	var ev core.Event
	d := new(core.Decision)
	for {
		payload, at, err := f.Next(&h)
		if errors.Is(err, io.EOF) || err == nil && h.Seq > until {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if len(list) == 0 || list[len(list)-1].epoch != h.Epoch {
			list = append(list, run{epoch: h.Epoch})
		}
		if kind := core.EventKind(h.Type); kind != core.Configured && kind != core.CommandGiven {
			continue
		}
		if err := core.DecodeRecord(payload, &ev, d); err != nil {
			return nil, fmt.Errorf("record %d at position %d: %w", h.Seq, at, err)
		}
		if hash := InForce(&ev, d); hash != nil {
			r := &list[len(list)-1]
			if r.last = hash; r.hash == nil {
				r.hash = hash
			}
		}
	}
}

// judgesAfter is the configuration that the last of some runs ended with.
func (j *Journal) judgesAfter(list []run) ([]byte, error) {
	newest := len(list) - 1
	if hash := list[newest].last; hash != nil {
		return hash, nil
	}
	return j.judgedBy(list, newest)
}

// judgedBy is the configuration that the i-th run began with. A run that ended too early to say is taken to have
// used that of the run before it, else of the next, else the only one that is kept.
func (j *Journal) judgedBy(list []run, i int) ([]byte, error) {
	if list[i].hash != nil {
		return list[i].hash, nil
	}
	for n := i - 1; n >= 0; n-- {
		if list[n].last != nil {
			return list[n].last, nil
		}
	}
	for n := i; n < len(list); n++ {
		if list[n].hash != nil {
			return list[n].hash, nil
		}
	}
	kept, err := os.ReadDir(filepath.Join(j.dir, "config"))
	if err != nil {
		return nil, fmt.Errorf("no configuration is kept beside the journal: %w", err)
	}
	if len(kept) != 1 {
		return nil, fmt.Errorf("%s: no record says which of the %d configurations in it judged",
			filepath.Join(j.dir, "config"), len(kept))
	}
	var hash []byte
	if _, err := fmt.Sscanf(kept[0].Name(), "%x", &hash); err != nil {
		return nil, fmt.Errorf("%s is no configuration's hash", filepath.Join(j.dir, "config", kept[0].Name()))
	}
	return hash, nil
}

// Kept loads the configuration of a hash from the files beside the journal. They have no secrets.
func (j *Journal) Kept(hash []byte) (*config.Config, error) { return config.LoadKept(j.dir, hash) }

// core builds a core with empty tables, as a gate that starts with cfg does.
func (j *Journal) core(cfg *config.Config) (*core.Core, error) { return coreOf(cfg, j.numbers) }

func coreOf(cfg *config.Config, n *config.Numbers) (*core.Core, error) {
	if err := assemble.Assign(cfg, n); err != nil {
		return nil, fmt.Errorf("the configuration names what the journal's file numbers has no number for: %w; where a gate has run with it, "+
			"restore that file from a copy", err)
	}
	return assemble.Core(cfg, n, noPrices{}, assemble.Heap)
}

// noPrices stands in for the price table: every price that a decision read is in its record.
type noPrices struct{}

// Quote has no price.
func (noPrices) Quote(_ uint32, q *risk.Quote) { *q = risk.Quote{} }
