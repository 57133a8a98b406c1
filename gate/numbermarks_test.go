package gate

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// TestMarksBehind: while no durable mark covers a number in use, the journal has room for what is open and
// none for new orders. A gate whose marks cannot be written does not start;
// one whose disk is slow waits.
func TestMarksBehind(t *testing.T) {
	dir := t.TempDir()
	g := openSample(t, dir)
	defer func() {
		if err := g.close(); err != nil {
			t.Error(err)
		}
	}()
	m := g.newMarker()
	until := func(want journal.Space) {
		t.Helper()
		for end := time.Now().Add(10 * time.Second); m.Space() != want; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("space is %v, never %v", m.Space(), want)
			}
		}
	}
	until(journal.Ample)
	marks := filepath.Join(dir, "journal", "marks")
	if err := os.Rename(marks, marks+".gone"); err != nil {
		t.Fatal(err)
	}
	send := func(seq uint64) {
		ev, d := &core.Event{Kind: core.Message, Link: 1}, new(core.Decision)
		d.Reset()
		d.Out.Begin(&g.core.Setup().Links[1].Settings, "0", seq, 0, 0)
		d.Out.End(1, link.SessionMessage, seq, core.NoIndex)
		b := make([]byte, m.RecordSize(ev, d))
		m.EncodeRecord(b, ev, d)
	}
	next := g.core.LinkState(1).NextOut
	send(next)
	until(journal.Ample)
	apply := func(seq uint64) {
		ev := &core.Event{Kind: core.Numbered, Link: 1, Seq: seq}
		d := new(core.Decision)
		g.core.Decide(ev, d)
		g.core.Apply(ev, d)
	}
	raise := core.Command{ID: 1, Kind: core.CmdLinkSeq, Index: 1, NextOut: next + 100_000}
	ev, d := &core.Event{Kind: core.CommandGiven, Link: core.NoIndex, Data: raise.Append(nil)}, new(core.Decision)
	g.core.Decide(ev, d)
	m.EncodeRecord(make([]byte, m.RecordSize(ev, d)), ev, d)
	g.core.Apply(ev, d)
	until(journal.ReserveOnly) // a number that an operator sets wants its mark before it is used
	send(next + 100_000)
	apply(next + 100_001)
	until(journal.ReserveOnly)
	if err := g.raiseMarks(10 * time.Millisecond); err == nil {
		t.Error("a start without marks")
	}
	if err := os.Rename(marks+".gone", marks); err != nil {
		t.Fatal(err)
	}
	until(journal.Ample)
	send(next + 300_000)
	apply(next + 300_001)
	if err := g.raiseMarks(0); err != nil {
		t.Errorf("a disk that is only slow ends the start: %v", err)
	}
}

// TestMarksAreWrittenTogether: a start writes the marks of its links together, not one after the other. The file
// begins each of its two copies with the number of the write that made it.
func TestMarksAreWrittenTogether(t *testing.T) {
	dir := t.TempDir()
	g := openSample(t, dir)
	defer func() {
		if err := g.close(); err != nil {
			t.Error(err)
		}
	}()
	raw, err := os.ReadFile(filepath.Join(dir, "journal", "marks"))
	if err != nil {
		t.Fatal(err)
	}
	writes := max(binary.LittleEndian.Uint64(raw), binary.LittleEndian.Uint64(raw[len(raw)/2:]))
	if rows := g.core.LinkRows(); writes > uint64(rows)/2 { // one after the other takes as many as there are rows, and one for the file
		t.Errorf("%d writes for the marks of %d links", writes, rows)
	}
}
