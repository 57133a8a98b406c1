package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/cespare/xxhash/v2"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// DifferencesShown is how many differences Replay prints if not told otherwise.
const DifferencesShown = 5

// Replayed is what a replay came to.
type Replayed struct {
	Records     uint64
	Agree       uint64
	Differences uint64
	Hash        uint64 // of the state at the end, as the records lead to it
	StateDiffer bool   // the decisions made now lead to another state
}

// Replay judges the whole journal again: each event with the configuration and the reference price
// that were used, on the state that the records before it describe. It compares what follows with
// the record, byte for byte, and prints the first shown differences with both sides. Secrets, which
// the journal does not have, and the checksums over them are left out. ErrDiffers where something
// differs: under the build that wrote the journal that is a defect, under another one it may be a
// difference of versions.
func (j *Journal) Replay(w io.Writer, shown int) (Replayed, error) {
	list, err := j.runs(math.MaxUint64)
	if err != nil {
		return Replayed{}, err
	}
	r := replay{journal: j, runs: list, at: -1, out: w, shown: shown, decision: new(core.Decision)}
	if err := j.walk(r.take); err != nil {
		return r.result, err
	}
	return r.finish()
}

// replay is one run of Replay. judged applies the decisions made now as long as they equal the
// records, recorded applies the records: the two end in the same state unless a record lacks
// something that Apply reads.
type replay struct {
	journal  *Journal
	runs     []run
	at       int    // index of the present run
	hash     []byte // the configuration that judges
	config   *config.Config
	numbers  config.Counts // given by then: work that goes over a table goes as far as it went
	reloaded bool          // it is another than at the run's beginning, or was
	judged   *core.Core
	recorded *core.Core
	decision *core.Decision
	buf, was []byte
	out      io.Writer
	shown    int
	result   Replayed
}

func (r *replay) take(record *assemble.Record) error {
	if r.at < 0 || r.runs[r.at].epoch != record.Header.Epoch {
		if err := r.nextRun(record); err != nil {
			return err
		}
	}
	ev, recorded := &record.Event, &record.Decision
	again := *ev // Decide notes the price it reads, and the link of a timer
	if ev.Kind == core.Tick {
		again.Link = core.NoIndex
	}
	if ev.Kind == core.CommandGiven {
		if err := r.stage(record); err != nil {
			return err
		}
	}
	r.lendSecrets(recorded)
	r.judged.Decide(&again, r.decision)
	r.result.Records++
	if r.equal(record, &again) {
		r.result.Agree++
		r.judged.Apply(&again, r.decision)
	} else {
		r.result.Differences++
		r.show(record, &again)
		r.judged.Apply(ev, recorded)
	}
	r.recorded.Apply(ev, recorded)
	return nil
}

// nextRun goes on to the next process that wrote the journal. With another configuration or start
// it is rebuilt as that process was: empty tables, then every record so far.
func (r *replay) nextRun(record *assemble.Record) error {
	r.at++
	if r.at == len(r.runs) {
		return errors.New("the gate has started again: replay once more")
	}
	hash, err := r.journal.judgedBy(r.runs, r.at)
	if err != nil {
		return err
	}
	cfg, err := r.journal.Kept(hash)
	if err != nil {
		return fmt.Errorf("record %d: %w", record.Header.Seq, err)
	}
	if bytes.Equal(hash, r.hash) && !r.reloaded {
		return nil
	}
	r.hash, r.config, r.reloaded = hash, cfg, false
	assemble.Use(cfg, r.journal.numbers, &r.numbers)
	if r.runs[r.at].hash == nil {
		fmt.Fprintf(r.out, "run %d ended before it named its configuration; %x is taken\n", r.runs[r.at].epoch, hash[:hashBytes])
	}
	known := r.journal.numbers.First(r.numbers)
	for _, c := range []**core.Core{&r.judged, &r.recorded} {
		if *c, err = coreOf(cfg, known); err != nil {
			return err
		}
		if err := r.journal.applyBefore(*c, record.Position); err != nil {
			return err
		}
	}
	return nil
}

// stage lays the configuration ready that a reload names, as the gate did, whatever was decided about it.
func (r *replay) stage(record *assemble.Record) error {
	m, ok := core.ParseCommand(record.Event.Data)
	if !ok || m.Kind != core.CmdReload {
		return nil
	}
	next, err := r.journal.Kept(versionHash(m.Target))
	if err != nil {
		return fmt.Errorf("record %d: %w", record.Header.Seq, err)
	}
	change, err := assemble.Change(r.config, next, r.journal.numbers, noPrices{}, assemble.Heap)
	if err != nil {
		return fmt.Errorf("record %d: %w", record.Header.Seq, err)
	}
	r.judged.Stage(change)
	r.recorded.Stage(change)
	if record.Decision.Reloaded() != 0 {
		r.hash, r.config, r.reloaded = versionHash(m.Target), next, true
		assemble.Use(next, r.journal.numbers, &r.numbers)
	}
	return nil
}

var errEnough = errors.New("enough")

// applyBefore applies every record before a position.
func (j *Journal) applyBefore(c *core.Core, end journal.Position) error {
	if end == 0 {
		return nil
	}
	err := j.walk(func(r *assemble.Record) error {
		if r.Position >= end {
			return errEnough
		}
		c.Apply(&r.Event, &r.Decision)
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// lendSecrets gives the links whose secrets a record carries, overwritten, secrets of the same
// length, so that the messages made again have the same shape.
func (r *replay) lendSecrets(d *core.Decision) {
	for i := range d.Out.Count {
		out := &d.Out.Outs[i]
		if set := r.judged.Setup(); out.SecretSize > 0 && int(out.Link) < len(set.Links) {
			set.Links[out.Link].Password = strings.Repeat("*", int(out.SecretSize))
		}
	}
}

// equal reports whether the decision made now has the record's bytes.
func (r *replay) equal(record *assemble.Record, again *core.Event) bool {
	size := r.judged.RecordSize(again, r.decision)
	if size > len(r.buf) {
		r.buf = make([]byte, 2*size)
	}
	now := r.buf[:r.judged.EncodeRecord(r.buf, again, r.decision)]
	r.was = append(r.was[:0], record.Payload...)
	withoutSums(now, r.decision)
	withoutSums(r.was, &record.Decision)
	return again.Link == record.Event.Link && bytes.Equal(now, r.was)
}

// checkSumBytes is the length of 10=nnn and SOH, the end of every message.
const checkSumBytes = 7

// withoutSums overwrites the checksums of messages with secrets in a record: they cover the secret.
func withoutSums(payload []byte, d *core.Decision) {
	total := 0
	for i := range d.Out.Count {
		total += int(d.Out.Outs[i].Size)
	}
	end := len(payload) - total
	for i := range d.Out.Count {
		end += int(d.Out.Outs[i].Size)
		if d.Out.Outs[i].SecretSize > 0 && end >= checkSumBytes && end <= len(payload) {
			copy(payload[end-checkSumBytes:end], "10=***\x01")
		}
	}
}

// show prints a difference: what both sides have in common stays out.
func (r *replay) show(record *assemble.Record, again *core.Event) {
	if r.result.Differences > uint64(r.shown) {
		return
	}
	was := r.journal.describe(record)
	now := &entry{}
	if again.Kind == core.Message || again.Kind == core.Stored {
		now.Message = was.Message
	}
	r.journal.decided(now, again, r.decision)
	fmt.Fprintln(r.out, was.head())
	if was.Message != "" {
		fmt.Fprintln(r.out, "    in       "+was.Message)
	}
	a, b := apart(was.facts(), now.facts())
	if len(a)+len(b) == 0 {
		fmt.Fprintf(r.out, "    same words, other bytes: from byte %d of %d on\n", firstDifference(r.was, r.buf), len(r.was))
	}
	for _, line := range a {
		fmt.Fprintln(r.out, "    recorded  "+line)
	}
	for _, line := range b {
		fmt.Fprintln(r.out, "    now       "+line)
	}
}

// apart gives the lines of each list that the other has not, in their order.
func apart(a, b []string) (onlyA, onlyB []string) {
	count := map[string]int{}
	for _, line := range b {
		count[line]++
	}
	for _, line := range a {
		if count[line]--; count[line] < 0 {
			onlyA = append(onlyA, line)
		}
	}
	count = map[string]int{}
	for _, line := range a {
		count[line]++
	}
	for _, line := range b {
		if count[line]--; count[line] < 0 {
			onlyB = append(onlyB, line)
		}
	}
	return onlyA, onlyB
}

func firstDifference(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// stateHash is one number for all tables of a core.
func stateHash(c *core.Core) uint64 {
	digest := xxhash.New()
	for _, region := range c.Regions() {
		_, _ = digest.Write(region) // never fails
	}
	return digest.Sum64()
}

func (r *replay) finish() (Replayed, error) {
	if r.judged != nil {
		r.result.Hash = stateHash(r.recorded)
		r.result.StateDiffer = stateHash(r.judged) != r.result.Hash
	}
	n := &r.result
	if n.Differences > uint64(r.shown) {
		fmt.Fprintf(r.out, "... and %d more\n", n.Differences-uint64(r.shown))
	}
	fmt.Fprintf(r.out, "%d records judged again: %d agree, %d differ\n", n.Records, n.Agree, n.Differences)
	switch {
	case n.StateDiffer:
		fmt.Fprintf(r.out, "state at the end: %016x by the records, another by the decisions made now\n", n.Hash)
	case r.judged != nil:
		fmt.Fprintf(r.out, "state at the end: %016x both ways\n", n.Hash)
	}
	if n.Differences > 0 || n.StateDiffer {
		return r.result, fmt.Errorf("replay of %s: %w", r.journal.dir, ErrDiffers)
	}
	return r.result, nil
}
