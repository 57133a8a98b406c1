package core

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"portcullis/fix/link"
	"portcullis/gate/journal"
)

// flow is a stream of orders, each ended by the venue at once, so that any number of them can run
// through a core of fixed capacity. Messages are patched in place: nothing allocates.
type flow struct {
	w          *world
	order, end []byte
	orderEv    Event
	endEv      Event
	n, ends    uint64
	days       uint64                                                                 // begun after the first
	at         struct{ orderID, orderSeq, price, endID, endExec, endSeq, sentID int } // where fields lie
	ids        [burst][12]byte

	journal     *journal.Journal // nil: records go to a buffer
	header      journal.Header
	recordBytes int // of the last event
}

func newFlow(tb testing.TB, c conf) *flow {
	c.size.ClOrdIDs, c.size.Orders, c.size.Requests = 1<<16, 1024, 4096
	c.net = c.gross
	f := &flow{w: newWorldOf(tb, c).logon()}
	w := f.w
	w.seqOut[acme], w.seqOut[xsim] = 10_000_000, 10_000_000
	f.order = w.message(acme, "35=D|11=C00000000|1=ACME-1|21=1|55=IBM|54=1|38=100|40=2|44=50.10|59=0|60=20261122-13:30:00.000|")
	f.end = w.message(xsim, "35=8|11=P00000000000|37=V000000001|17=E00000000|150=4|39=4|55=IBM|54=1|38=100|14=0|151=0|6=0|")
	w.core.links[acme].NextIn, w.core.links[xsim].NextIn = 10_000_000, 10_000_000
	f.locate()
	f.orderEv = Event{Kind: Message, Link: acme, Conn: 1, Data: f.order}
	f.endEv = Event{Kind: Message, Link: xsim, Conn: 1, Data: f.end}
	w.buf = make([]byte, 1<<16)
	return f
}

// locate finds the fields that change, once: searching between the orders would cost more than they do.
func (f *flow) locate() {
	at := &f.at
	at.orderID, at.orderSeq, at.price = find(f.order, "\x0111=C"), find(f.order, "\x0134="), find(f.order, "\x0144=50.")
	at.endID, at.endExec, at.endSeq = find(f.end, "\x0111="), find(f.end, "\x0117=E"), find(f.end, "\x0134=")
}

// roll begins the next day: a link's share of a day's ids is used up.
func (f *flow) roll() {
	f.days++
	roll := Command{ID: 1, Kind: CmdRoll, Target: 20261122 + f.days}
	f.step(&Event{Kind: CommandGiven, Link: NoIndex, Data: roll.Append(nil)})
}

// digits8 writes v at the eight digits before end.
func digits8(b []byte, v uint64) {
	for i := 7; i >= 0; i-- {
		b[i] = byte('0' + v%10)
		v /= 10
	}
}

func find(b []byte, text string) int {
	for i := 0; i+len(text) <= len(b); i++ {
		if string(b[i:i+len(text)]) == text {
			return i + len(text)
		}
	}
	panic(fmt.Sprintf("no %q", text))
}

func (f *flow) step(ev *Event) {
	f.decide(ev)
	f.w.core.Apply(ev, f.w.d)
}

// decide is a step up to the end of its record.
func (f *flow) decide(ev *Event) {
	w := f.w
	w.nowNs += 20_000_000
	ev.Now = link.Now{UTCNs: startNs, MonoNs: w.nowNs - startNs}
	ev.Quoted = false
	w.core.Decide(ev, w.d)
	f.append(ev)
}

// append writes the record to the journal's tail, or where there is none to a buffer.
func (f *flow) append(ev *Event) {
	w := f.w
	if f.journal == nil {
		f.recordBytes = w.core.EncodeRecord(w.buf, ev, w.d)
		return
	}
	room, ok := f.journal.Reserve(w.core.RecordSize(ev, w.d))
	for ; !ok; room, ok = f.journal.Reserve(w.core.RecordSize(ev, w.d)) {
		time.Sleep(time.Millisecond) // the disk is slower than the flow: it shows in p99
	}
	f.recordBytes = w.core.EncodeRecord(room, ev, w.d)
	f.header = journal.Header{Type: uint16(ev.Kind), UTCNs: ev.Now.UTCNs, MonoNs: ev.Now.MonoNs, Link: ev.Link}
	f.journal.Commit(&f.header, f.recordBytes)
}

// journaled gives the flow a journal of its own, its tail on tmpfs.
func (f *flow) journaled(tb testing.TB) {
	dir := tb.TempDir()
	tail, err := os.MkdirTemp("/dev/shm", "portcullis-bench-")
	if err != nil {
		tail = filepath.Join(dir, "tail") // no tmpfs: slower, and so will the figure be
	}
	tb.Cleanup(func() { _ = os.RemoveAll(tail) })
	f.journal, err = journal.Open(journal.Options{Dir: filepath.Join(dir, "journal"), TailDir: tail})
	must(tb, err)
	tb.Cleanup(func() { must(tb, f.journal.Close()) })
}

// next prepares the next order.
func (f *flow) next() {
	f.n++
	digits8(f.order[f.at.orderID:], f.n)
	digits8(f.order[f.at.orderSeq:], 10_000_000+f.n-1)
	price := f.order[f.at.price:] // not every order is like the one before
	price[0], price[1] = byte('0'+f.n/10%10), byte('0'+f.n%10)
	if f.n%40_000 == 0 {
		f.roll()
	}
}

// burst is how many orders are in a row before the venue ends them.
const burst = 32

// sent remembers the id under which the i-th order of a burst went to the venue.
func (f *flow) sent(i int) {
	out := f.w.d.Out.Bytes(0)
	if f.at.sentID == 0 || string(out[f.at.sentID-4:f.at.sentID]) != "\x0111=" {
		f.at.sentID = find(out, "\x0111=")
	}
	copy(f.ids[i][:], out[f.at.sentID:])
}

// endOf ends the i-th order of a burst.
func (f *flow) endOf(i int) {
	copy(f.end[f.at.endID:], f.ids[i][:])
	f.ends++
	digits8(f.end[f.at.endExec:], f.ends)
	digits8(f.end[f.at.endSeq:], 10_000_000+f.ends-1)
	f.step(&f.endEv)
}

// BenchmarkDecision is one NewOrderSingle, in bursts of 32 that the venue then ends: index,
// session, all checks, re-encoding, the append to the journal, Apply. The figures that count are p50 and p99 of
// the order, and of every second one without Apply, each with one reading of the clock in it, clock-p50-ns; ns/op holds the
// report that ends it.
func BenchmarkDecision(b *testing.B) { benchmarkDecision(b, plain()) }

// BenchmarkDecisionValidated is the same with the order held to the dictionary.
func BenchmarkDecisionValidated(b *testing.B) {
	c := plain()
	c.validated = true
	benchmarkDecision(b, c)
}

func benchmarkDecision(b *testing.B, c conf) {
	f := newFlow(b, c)
	f.journaled(b)
	took, appended := make([]int64, 0, 1<<20), make([]int64, 0, 1<<20)
	orderBytes := 0
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.next()
		start := time.Now()
		f.decide(&f.orderEv)
		if i%2 == 1 && len(appended) < cap(appended) {
			appended = append(appended, int64(time.Since(start)))
		}
		f.w.core.Apply(&f.orderEv, f.w.d)
		if i%2 == 0 && len(took) < cap(took) {
			took = append(took, int64(time.Since(start)))
		}
		if f.w.d.Reason != 1 {
			b.Fatal(f.w.d.Reason, f.w.d.RefTag)
		}
		orderBytes = f.recordBytes
		if f.sent(i % burst); i%burst == burst-1 {
			for n := range burst {
				f.endOf(n)
			}
		}
	}
	slices.Sort(took)
	if slices.Sort(appended); len(appended) > 0 {
		b.ReportMetric(float64(appended[len(appended)/2]), "appended-p50-ns")
	}
	b.ReportMetric(float64(clockNs()), "clock-p50-ns")
	b.ReportMetric(float64(orderBytes), "record-B/order")
	b.ReportMetric(float64(took[len(took)/2]), "p50-ns")
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
}

// clockNs is what reading the clock adds to each time taken: the p50 of nothing at all.
func clockNs() int64 {
	took := make([]int64, 1<<12)
	for i := range took {
		start := time.Now()
		took[i] = int64(time.Since(start))
	}
	slices.Sort(took)
	return took[len(took)/2]
}
