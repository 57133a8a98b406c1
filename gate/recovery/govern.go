package recovery

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"portcullis/gate/assemble"
	"portcullis/gate/bind"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/gate/snapshot"
)

// AtStart says what comes into force at a start that offers a configuration, by what its journal says is in force and
// what has been approved since (behaviour 12); limits that are set for a time go on until it is over. An engine that goes on after a
// crash offers nothing. before is what was in force; nil: the journal, which nobody needs to have opened yet, knows of nothing, and what
// is known apart from it decides whether one person may begin.
func AtStart(offered *config.Config, known Standing, now time.Time) (cfg, before *config.Config, err error) {
	if offered.Resumed() {
		return offered, offered, nil
	}
	reader, err := journal.NewReader(offered.Gate.JournalDir, bind.KeysOf)
	if errors.Is(err, fs.ErrNotExist) {
		return config.Begin(offered, known.FourEyes()), nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	last, err := lastInForce(reader, offered.Gate.JournalDir)
	if err != nil {
		return nil, nil, err
	}
	if last.Hash == nil {
		return config.Begin(offered, known.FourEyes()), nil, nil
	}
	if before, err = config.LoadKept(offered.Gate.JournalDir, last.Hash); err != nil {
		return nil, nil, fmt.Errorf("what was in force: %w", err)
	}
	before = before.WithoutEnded(int(offered.TradeDateAt(now)), now)
	offered = offered.WithOverlay(before.Offered().Overlay())
	hash := offered.Governed()
	return config.Govern(before, offered, slices.Contains(last.Approved, hex.EncodeToString(hash[:]))), before, nil
}

// InForce is the configuration that a journal names last, whatever files say by now; nil: it names none yet.
func InForce(journalDir string, records bind.Records) (*config.Config, error) {
	last, err := lastInForce(records, journalDir)
	if err != nil || last.Hash == nil {
		return nil, err
	}
	return config.LoadKept(journalDir, last.Hash)
}

// governing is what the journal says of configurations last.
type governing struct {
	Hash     []byte   `json:"hash"`     // of the one in force, or its beginning; nil: none was
	Approved []string `json:"approved"` // what config.Governed says of configurations, since it came into force
}

// namedBy is the hash of the configuration that a record puts in force, or its beginning; nil: none.
func namedBy(ev *core.Event, d *core.Decision) []byte {
	if ev.Kind == core.Configured {
		return bytes.Clone(ev.Data)
	}
	if version := d.Reloaded(); version != 0 {
		return binary.BigEndian.AppendUint64(nil, version)
	}
	return nil
}

// same reports whether two names are of one configuration: a start on what was in force already changes nothing.
func same(a, b []byte) bool {
	n := min(len(a), len(b))
	return n > 0 && bytes.Equal(a[:n], b[:n])
}

// take takes up the next record.
func (g *governing) take(ev *core.Event, d *core.Decision) {
	if hash := namedBy(ev, d); hash != nil {
		if !same(hash, g.Hash) {
			g.Approved = nil
		}
		g.Hash = hash
	}
	if d.Approved() {
		g.Approved = append(g.Approved, string(core.CommandName(ev.Data)))
	}
}

// backwards is what a journal says that is read from its end backwards.
type backwards struct {
	governing
	waiting []string // approvals of before Hash came into force, or was started again: an older record says which
}

// take takes up the record before all that were taken; false: no older one counts.
func (g *backwards) take(ev *core.Event, d *core.Decision) bool {
	hash := namedBy(ev, d)
	switch {
	case d.Approved() && g.Hash == nil:
		g.Approved = append(g.Approved, string(core.CommandName(ev.Data)))
	case d.Approved():
		g.waiting = append(g.waiting, string(core.CommandName(ev.Data)))
	case hash != nil && g.Hash == nil:
		g.Hash = hash
	case hash != nil && !same(hash, g.Hash):
		return false
	case hash != nil:
		g.Approved, g.waiting = append(g.Approved, g.waiting...), nil
	}
	return true
}

// lastInForce looks from the end of the journal backwards. Where its older segments were taken away, the newest snapshot
// knows; where its index is of an older program, it is read from its beginning.
func lastInForce(records bind.Records, journalDir string) (last governing, err error) {
	var r assemble.Record
	var older backwards
	for at, err := range records.Find(bind.ConfigKey, 0) {
		if err != nil {
			return last, err
		}
		payload, err := records.ReadAt(at, &r.Header)
		if err != nil {
			return last, err
		}
		if err := core.DecodeRecord(payload, &r.Event, &r.Decision); err != nil {
			return last, fmt.Errorf("record %d: %w", r.Header.Seq, err)
		}
		if !older.take(&r.Event, &r.Decision) {
			break
		}
	}
	if older.Hash != nil {
		return older.governing, nil
	}
	if before, known := ofSnapshot(journalDir); known {
		before.Approved = append(before.Approved, older.Approved...)
		return before, nil
	}
	f, err := journal.Follow(journalDir, 0)
	if err != nil {
		return last, err
	}
	err = assemble.Walk(f, func(r *assemble.Record) error {
		last.take(&r.Event, &r.Decision)
		return nil
	})
	return last, errors.Join(err, f.Close())
}

// ofSnapshot is what the newest snapshot that can be read says.
func ofSnapshot(journalDir string) (g governing, known bool) {
	names, err := snapshot.Names(Dir(journalDir))
	if err != nil {
		return g, false
	}
	for _, name := range names {
		f, err := snapshot.Open(name)
		if err != nil {
			continue
		}
		var n notes
		err = json.Unmarshal(f.Head.Notes, &n)
		if err = errors.Join(err, f.Close()); err == nil && n.Governing != nil {
			return *n.Governing, true
		}
	}
	return g, false
}
