package audit

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"portcullis/gate/config"
	"portcullis/gate/core"
)

// Upgrade tells whether this program may take over from the one that wrote the journal: it loads a copy into memory
// and holds every exposure against a recomputation from the bookings, and, where old is not nil, against the sheet
// that the program before makes of the same journal (gate exposure all --csv). files, where it is not "", is the
// gate.yaml that this program would start with. ErrDiffers where anything differs. Nothing is written and no gate is
// disturbed.
func (j *Journal) Upgrade(w io.Writer, files string, old io.Reader) error {
	if files != "" {
		if _, err := config.LoadAsKept(files); err != nil {
			return fmt.Errorf("this program would not start: %w", err)
		}
	}
	var before sheet
	until := uint64(math.MaxUint64)
	if old != nil {
		var err error
		if before, err = readSheet(old); err != nil {
			return fmt.Errorf("what the program before says of its exposure: %w", err)
		}
		until = before.record
	}
	s, err := j.loadUntil(true, until)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "journal     %s: %d records, loaded in %v; %s\n", j.dir, s.last.Seq, s.Took().Round(1e6), s.versionWords())
	if err := s.tellInForce(w, files); err != nil {
		return err
	}
	fmt.Fprintf(w, "digest      %s\n", s.digestWords())
	differ := s.recompute(w)
	if old != nil {
		differ += s.holdSheet(w, before)
	} else {
		fmt.Fprintln(w, "before      not compared: name the program before with --old")
	}
	fmt.Fprintf(w, "start       snapshots are of the program that wrote them, so the first start reads every record; with gate snapshot\n"+
		"            beforehand it need not\n")
	if differ > 0 {
		return fmt.Errorf("upgrade: %d figures: %w; do not start this program on the journal", differ, ErrDiffers)
	}
	return nil
}

// tellInForce says by which configuration the figures are, that this program reads the one in force at the journal's end, and whether files are that.
func (s *State) tellInForce(w io.Writer, files string) error {
	list, err := s.journal.runs(math.MaxUint64)
	if err != nil {
		return err
	}
	hash, err := s.journal.judgesAfter(list)
	if err != nil {
		return err
	}
	inForce := s.config
	if !bytes.Equal(hash, s.hash) {
		if inForce, err = s.journal.Kept(hash); err != nil {
			return fmt.Errorf("this program would not start: %w", err)
		}
		fmt.Fprintf(w, "record      %d was under configuration %x: by its groups, desks and limits are the figures\n", s.last.Seq, s.hash)
	}
	fmt.Fprintf(w, "in force    configuration %x: this program reads it\n", hash)
	if files != "" {
		fmt.Fprintf(w, "files       %s\n", cmp.Or(filesBeside(inForce, files), "are what is in force"))
	}
	return nil
}

// versionWords say of which layouts the records are. One that is too old or too new has ended the load.
func (s *State) versionWords() string {
	var found []string
	for version, n := range s.versions {
		if n > 0 {
			found = append(found, fmt.Sprintf("%d of version %d", n, version))
		}
	}
	return fmt.Sprintf("%s; this program writes version %d", strings.Join(found, ", "), core.RecordVersion)
}

func (s *State) digestWords() string {
	d := s.digests
	switch {
	case d.equal+d.differ == 0:
		return "the newest start has none to compare"
	case d.differ == 0:
		return fmt.Sprintf("%d of the newest start compared: all equal", d.equal)
	}
	return fmt.Sprintf("%d of the newest start equal, %d not, the first in record %d: the programs sum up other things, or state; the figures below decide",
		d.equal, d.differ, d.first)
}

// recompute holds every figure of the book against the twin's and says how many differ.
func (s *State) recompute(w io.Writer) (differ int) {
	m, list, figures := s.second.ledger.Measure(), s.scopes(), 0
	var wrong bytes.Buffer
	for _, sc := range list {
		for _, f := range s.figures(sc, m, s.kept(io.Discard, sc, m)) {
			if figures++; !f.book.Equal(f.second) {
				fmt.Fprintf(&wrong, "            %s %s: %s, recomputed %s\n", sc.text, f.name, f.book, f.second)
				differ++
			}
		}
	}
	fmt.Fprintf(w, "recomputed  %d figures of %d scopes and positions from %d bookings: %s\n", figures, len(list), s.second.bookings, verdict(differ))
	_, _ = wrong.WriteTo(w)
	return differ
}

func verdict(differ int) string {
	if differ == 0 {
		return "all equal"
	}
	return fmt.Sprintf("%d DIFFERENT", differ)
}

// holdSheet holds every figure of the book against those that the program before has told.
func (s *State) holdSheet(w io.Writer, before sheet) (differ int) {
	var wrong bytes.Buffer
	note := func(name, now, was string) {
		fmt.Fprintf(&wrong, "            %s: %s, before %s\n", name, now, was)
		differ++
	}
	if before.record != s.last.Seq {
		note("journal record", strconv.FormatUint(s.last.Seq, 10), strconv.FormatUint(before.record, 10))
	}
	figures := len(before.figures)
	for _, sc := range s.scopes() {
		for _, f := range s.booked(sc, surplus{}) {
			name := sc.text + " " + f.name
			was, told := before.figures[name]
			if delete(before.figures, name); !told {
				note(name, f.book.String(), "not told")
			} else if was != f.book.String() {
				note(name, f.book.String(), was)
			}
		}
	}
	for _, name := range before.names {
		if was, left := before.figures[name]; left {
			note(name, "not here", was)
		}
	}
	fmt.Fprintf(w, "before      %d figures that the program before tells of record %d: %s\n", figures, before.record, verdict(differ))
	_, _ = wrong.WriteTo(w)
	return differ
}

// sheet is what exposureSheet writes, read again.
type sheet struct {
	record  uint64
	figures map[string]string // value, by scope and figure
	names   []string          // in the order of the sheet
}

func readSheet(r io.Reader) (s sheet, err error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return s, err
	}
	if len(rows) < 2 || !slices.Equal(rows[0], exposureTitles) || [2]string(rows[1][:2]) != recordCells {
		return s, fmt.Errorf("is no sheet of exposure all --csv: its first lines are not %q and the record", strings.Join(exposureTitles, ","))
	}
	if s.record, err = strconv.ParseUint(rows[1][2], 10, 64); err != nil {
		return s, fmt.Errorf("the record: %w", err)
	}
	s.figures = make(map[string]string, len(rows))
	for _, row := range rows[2:] {
		name := row[0] + " " + row[1]
		s.figures[name], s.names = row[2], append(s.names, name)
	}
	return s, nil
}
