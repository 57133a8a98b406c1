package gate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/gate/recovery"
	"portcullis/gate/shadow"
	"portcullis/gate/snapshot"
)

// busy is what the sample needs for more than a few orders.
var busy = []string{config.SampleMain, "order_rate: {count: 100, window_ms: 1000}", "order_rate: unlimited",
	config.SampleMain, "repeat: {count: 5, window_ms: 1000}", "repeat: unlimited",
	config.SampleMain, "limits: {gross: 10_000_000, net: 5_000_000}", "limits: {gross: unlimited, net: unlimited}",
	config.SampleMain, "limits: {gross: 2_000_000, net: 1_000_000}", "limits: {gross: unlimited, net: unlimited}",
	config.SampleMain, "limits: {gross: 1_000_000, net: 500_000}", "limits: {gross: unlimited, net: unlimited}",
	config.SampleMain, "long_max: 50_000 ", "long_max: unlimited "}

// followed is the state that the journal in dir leads to, as a start finds it: from a snapshot, or from the beginning.
func followed(t testing.TB, g *Gate, snapshots string) (*recovery.State, []recovery.Passed) {
	t.Helper()
	c, err := assemble.Core(g.cfg, g.numbers, nil, assemble.Heap)
	must(t, err)
	reader, err := g.journal.NewReader()
	must(t, err)
	defer reader.Close()
	s := recovery.New(c)
	passed := s.Load(snapshots, reader)
	f, err := g.journal.Follow(s.End)
	must(t, err)
	defer f.Close()
	must(t, s.Follow(f, new(assemble.Record), nil))
	return s, passed
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, a, b *recovery.State) {
	t.Helper()
	if !slices.EqualFunc(a.Core.Regions(), b.Core.Regions(), bytes.Equal) {
		t.Errorf("%s: the tables differ", what)
	}
	left, err := json.Marshal([]any{a.Numbering.Saved(), a.Lines, a.Last.Seq, a.Last.MonoNs, a.At, a.End})
	must(t, err)
	right, err := json.Marshal([]any{b.Numbering.Saved(), b.Lines, b.Last.Seq, b.Last.MonoNs, b.At, b.End})
	must(t, err)
	if !bytes.Equal(left, right) {
		t.Errorf("%s: %s and %s", what, left, right)
	}
}

// TestSnapshot: a snapshot and the records behind it lead to what all records lead to; one that is damaged, or of
// other limits, or of records that the journal does not have, is passed over.
func TestSnapshot(t *testing.T) {
	dir := t.TempDir()
	g := openSample(t, dir, busy...)
	defer func() { must(t, g.close()) }()
	kept, empty := recovery.Dir(g.JournalDir()), filepath.Join(dir, "none")
	f := newTraffic(t, g)
	f.event(core.Event{Kind: core.Numbered, Link: f.acme, Seq: 70_000})
	for range 2 {
		for range 20 {
			f.order()
		}
		s, _ := followed(t, g, kept)
		must(t, s.Save(kept))
	}
	for range 20 {
		f.order()
	}
	whole, _ := followed(t, g, empty)
	if !slices.EqualFunc(whole.Core.Regions(), g.core.Regions(), bytes.Equal) {
		t.Fatal("the journal does not lead to the gate's state")
	}
	quick, passed := followed(t, g, kept)
	if same(t, "newest", whole, quick); len(passed) != 0 {
		t.Errorf("passed over: %v", passed)
	}
	names, err := snapshot.Names(kept)
	must(t, err)
	data, err := os.ReadFile(names[0])
	must(t, err)
	data[len(data)/2] ^= 1
	must(t, os.WriteFile(names[0], data, 0o600))
	quick, passed = followed(t, g, kept)
	if same(t, "older", whole, quick); len(passed) != 1 || !passed[0].Broken {
		t.Errorf("of a damaged one: %v", passed)
	}
	must(t, os.Truncate(names[1], 100))
	quick, passed = followed(t, g, kept)
	if same(t, "none left", whole, quick); len(passed) != 2 || !passed[1].Broken {
		t.Errorf("of two damaged ones: %v", passed)
	}
	must(t, whole.Save(kept))
	g.cfg.Firm.Gross = 12
	if _, passed = followed(t, g, kept); len(passed) != 2 || passed[0].Broken || !strings.Contains(passed[0].Why.Error(), "limits") {
		t.Errorf("of other limits: %v", passed)
	}
	g.cfg.Firm.Gross = config.Unlimited
	whole.Last.UTCNs++
	must(t, whole.Save(kept))
	if _, passed = followed(t, g, kept); len(passed) != 2 || passed[0].Broken || !strings.Contains(passed[0].Why.Error(), "lost") {
		t.Errorf("of another record: %v", passed)
	}
	whole.Last.UTCNs--
	whole.At = whole.End
	must(t, whole.Save(kept))
	if _, passed = followed(t, g, kept); len(passed) != 2 || passed[0].Broken {
		t.Errorf("of a record that is not there: %v", passed)
	}
}

// TestStartAlertsOfDamage: a start that passes over a damaged snapshot says so in the journal, and goes on.
func TestStartAlertsOfDamage(t *testing.T) {
	dir := t.TempDir()
	g := openSample(t, dir, busy...)
	newTraffic(t, g).order()
	kept := recovery.Dir(g.JournalDir())
	s, _ := followed(t, g, kept)
	must(t, s.Save(kept))
	must(t, g.close())
	names, err := snapshot.Names(kept)
	must(t, err)
	must(t, os.Truncate(names[0], 4000))
	g = openSample(t, dir)
	defer func() { must(t, g.close()) }()
	f, err := journal.Follow(g.JournalDir(), 0)
	must(t, err)
	defer f.Close()
	said := 0
	must(t, assemble.Walk(f, func(r *assemble.Record) error {
		if r.Event.Kind == core.Noticed && r.Decision.Effects[0].Alert == core.SnapshotDamaged {
			said++
		}
		return nil
	}))
	if said != 1 {
		t.Errorf("said %d times", said)
	}
}

// TestStartAlertsOfMarks: a start that finds the durable marks missing or half damaged says so once, whatever else it finds, and writes
// them anew; the start of a new journal, and one that finds them whole, says nothing.
func TestStartAlertsOfMarks(t *testing.T) {
	dir := t.TempDir()
	journalDir := ""
	starts := 0
	start := func(want int) {
		t.Helper()
		starts++
		g := openSample(t, dir, busy...)
		newTraffic(t, g).order()
		journalDir = g.JournalDir()
		must(t, g.close())
		f, err := journal.Follow(journalDir, 0)
		must(t, err)
		defer f.Close()
		said := 0
		must(t, assemble.Walk(f, func(r *assemble.Record) error {
			if r.Event.Kind == core.Noticed && r.Decision.Effects[0].Alert == core.MarksDamaged {
				said++
			}
			return nil
		}))
		if said != want {
			t.Errorf("start %d: said %d times, want %d", starts, said, want)
		}
	}
	start(0)
	start(0)
	marks := filepath.Join(journalDir, "marks")
	must(t, os.Remove(marks))
	start(1)
	start(1)
	for half := range 2 {
		data, err := os.ReadFile(marks)
		must(t, err)
		data[half*len(data)/2] ^= 1
		must(t, os.WriteFile(marks, data, 0o600))
		start(2 + half)
	}
	start(3)
}

// TestStartWithoutNumbers: a journal whose registry of numbers has lost lines is refused, whatever names the configuration has
// now: they would get numbers that the records have of others.
func TestStartWithoutNumbers(t *testing.T) {
	dir := t.TempDir()
	g := openSample(t, dir, busy...)
	hash := g.cfg.Hash()
	must(t, g.boot.Record(&core.Event{Kind: core.Configured, Link: core.NoIndex, Data: hash[:]})) // as a running engine does
	newTraffic(t, g).order()
	path := filepath.Join(g.JournalDir(), "numbers")
	must(t, g.close())
	whole, err := os.ReadFile(path)
	must(t, err)
	lines := bytes.SplitAfter(whole, []byte("\n"))
	owners := slices.IndexFunc(lines, func(line []byte) bool { return bytes.HasPrefix(line, []byte("owner ")) })
	for name, content := range map[string][]byte{"gone": nil, "empty": {}, "zeros": make([]byte, len(whole)), "cut in a line": whole[:20],
		"cut": bytes.Join(lines[:1], nil), "last name": bytes.Join(lines[:owners-1], nil)} {
		must(t, os.Remove(path))
		if content != nil {
			must(t, os.WriteFile(path, content, 0o640))
		}
		if g, err := Open(loadSample(t, dir, busy...), Options{Log: zerolog.Nop(), Alloc: assemble.Heap}); err == nil || !strings.Contains(err.Error(), "never renumber by hand") {
			t.Errorf("%s: %v", name, err)
			must(t, g.close())
		}
	}
	must(t, os.WriteFile(path, whole, 0o640))
	must(t, openSample(t, dir, busy...).close())
}

// TestStartWithoutOwners: lines of the registry that say whose a number is are written anew where the configuration in force says it;
// where that is gone and nobody knows any more, the start is refused until it is said.
func TestStartWithoutOwners(t *testing.T) {
	dir := t.TempDir()
	more := append([]string{config.SampleMain, "accounts:\n", "accounts:\n  - {name: GLOBEX-9, client: GLOBEX}\n"}, busy...)
	path := ""
	run := func(edits []string, want string) (said string) {
		t.Helper()
		var log bytes.Buffer
		g, err := Open(loadSample(t, dir, edits...), Options{Log: zerolog.New(&log), Alloc: assemble.Heap})
		if want != "" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %q", err, want)
			}
			return ""
		}
		must(t, err)
		hash := g.cfg.Hash()
		must(t, g.boot.Record(&core.Event{Kind: core.Configured, Link: core.NoIndex, Data: hash[:]})) // as a running engine does
		path = filepath.Join(g.JournalDir(), "numbers")
		must(t, g.close())
		return log.String()
	}
	owners := func() (lines []string) {
		data, err := os.ReadFile(path)
		must(t, err)
		for line := range strings.Lines(string(data)) {
			if strings.HasPrefix(line, "owner ") {
				lines = append(lines, line)
			}
		}
		slices.Sort(lines)
		return lines
	}
	lose := func() {
		data, err := os.ReadFile(path)
		must(t, err)
		var kept []byte
		for line := range bytes.Lines(data) {
			if !bytes.HasPrefix(line, []byte("owner ")) {
				kept = append(kept, line...)
			}
		}
		must(t, os.WriteFile(path, kept, 0o640))
	}
	const lost = "has lost lines"
	if said := run(more, ""); strings.Contains(said, lost) {
		t.Errorf("a new registry: %s", said)
	}
	whole := owners()
	lose()
	if said := run(busy, ""); !strings.Contains(said, lost) || !strings.Contains(said, "account GLOBEX-9") || !slices.Equal(owners(), whole) {
		t.Errorf("said %s, has %v, want %v", said, owners(), whole)
	}
	if said := run(busy, ""); strings.Contains(said, lost) {
		t.Errorf("a registry that was mended: %s", said)
	}
	lose()
	run(busy, "nobody knows whose are account GLOBEX-9; restore")
	run(more, "")
	if !slices.Equal(owners(), whole) {
		t.Errorf("has %v, want %v", owners(), whole)
	}
	run(busy, "")
}

// TestStartWithoutOldSegments: what lies before the record of a snapshot may be taken away, as far as a start is
// concerned; without the snapshot such a journal is refused.
func TestStartWithoutOldSegments(t *testing.T) {
	dir := t.TempDir()
	g := openSample(t, dir, busy...)
	f, kept := newTraffic(t, g), recovery.Dir(g.JournalDir())
	for range 700 {
		f.order()
	}
	s, _ := followed(t, g, kept)
	must(t, s.Save(kept))
	before := int(s.At) / g.cfg.Gate.SegmentBytes
	must(t, g.close())
	if before == 0 {
		t.Fatal("one segment holds all")
	}
	for n := range before {
		must(t, os.Remove(filepath.Join(g.JournalDir(), fmt.Sprintf("%012d.seg", n))))
	}
	g = openSample(t, dir, busy...)
	if again, _ := followed(t, g, kept); again.Last.Seq <= s.Last.Seq {
		t.Error("nothing follows the snapshot")
	}
	must(t, g.close())
	must(t, os.RemoveAll(kept))
	if g, err := Open(g.cfg, Options{Log: zerolog.Nop(), Alloc: assemble.Heap}); err == nil {
		t.Error("a start on half a journal")
		must(t, g.close())
	}
}

// TestPreparedStart: a snapshot can be written beforehand for a start with other limits and with names that have no
// numbers yet.
func TestPreparedStart(t *testing.T) {
	dir := t.TempDir()
	g := openSample(t, dir, busy...)
	newTraffic(t, g).order()
	must(t, g.close())
	next := append([]string{config.SampleMain, "gross: 250_000, net: 100_000", "gross: 250_000, net: 99_000",
		config.SampleMain, "accounts:\n", "accounts:\n  - {name: GLOBEX-9, client: GLOBEX}\n"}, busy...)
	cfg := loadSample(t, dir, next...)
	s, _, err := shadow.Open(cfg)
	must(t, err)
	must(t, s.CatchUp())
	must(t, s.Save())
	must(t, s.Close())
	g = openSample(t, dir, next...)
	defer func() { must(t, g.close()) }()
	c, err := assemble.Core(g.cfg, g.numbers, nil, assemble.Heap)
	must(t, err)
	reader, err := g.journal.NewReader()
	must(t, err)
	defer reader.Close()
	state := recovery.New(c)
	if passed := state.Load(recovery.Dir(g.JournalDir()), reader); len(passed) != 0 || state.Last.Seq != s.Record() {
		t.Errorf("a start takes up record %d of %d: %v", state.Last.Seq, s.Record(), passed)
	}
}
