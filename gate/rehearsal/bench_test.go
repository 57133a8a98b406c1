package rehearsal

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// BenchmarkCatalogue compares, in turns, Decide for an order where only the first checks are set, as in BenchmarkDecision of
// gate/core, with Decide where every control is armed that an order can meet in one place, none of them near its limit.
func BenchmarkCatalogue(b *testing.B) {
	runs := [...]struct {
		name string
		f    *orderFlow
		took []int64
	}{{name: "first", f: newOrderFlow(b, "testdata/first.yaml")}, {name: "all", f: newOrderFlow(b, "testdata/full.yaml")}}
	b.ReportAllocs()
	for b.Loop() {
		for i := range runs {
			runs[i].took = runs[i].f.burst(runs[i].took)
		}
	}
	var p50 [len(runs)]float64
	for i := range runs {
		r := &runs[i]
		slices.Sort(r.took)
		p50[i] = float64(r.took[len(r.took)/2])
		b.ReportMetric(p50[i], r.name+"-p50-ns")
		b.ReportMetric(float64(r.f.checks), r.name+"-checks")
	}
	b.ReportMetric(p50[1]/p50[0], "all/first")
}

// TestCatalogueAllocatesNothing: no control needs memory of its own for an order that it lets pass.
func TestCatalogueAllocatesNothing(t *testing.T) {
	f := newOrderFlow(t, "testdata/full.yaml")
	f.burst(nil)
	ev := f.order()
	if n := testing.AllocsPerRun(100, func() { f.core.Decide(&ev, &f.d) }); n != 0 || f.d.Reason != risk.Accepted || f.d.Judgement.Count < 50 {
		t.Errorf("%v allocations, %v after %d checks", n, f.d.Reason, f.d.Judgement.Count)
	}
}

// orderFlow is a stage with orders that pass, in bursts that the venue then ends.
type orderFlow struct {
	*stage
	tb               testing.TB
	trader, venue    uint32
	n, ended, checks int
}

const burst = 16

// wider has no end of what counts for a day, or what trades would lift.
var wider = strings.NewReplacer("max: 3_500}", "max: 9_000_000_000}", "max: 3_400}", "max: 9_000_000_000}", "min_messages: 30", "min_messages: 1_000_000_000")

// newOrderFlow begins one in a configuration of testdata, on an ordinary day.
func newOrderFlow(tb testing.TB, path string) *orderFlow {
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	files := filesOf([]byte(wider.Replace(string(text))))
	cfg, err := config.LoadFiles(files, config.SampleMain)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := newStage(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	s.at(selfTestNs)
	f := &orderFlow{stage: s, tb: tb, trader: s.linkOf([]byte("ACME"))}
	f.venue = uint32(slices.IndexFunc(s.core.Setup().Links, func(l core.LinkSetup) bool { return l.Venue != core.NoIndex }))
	if err := s.logOn(f.trader); err != nil {
		tb.Fatal(err)
	}
	s.openDay(cfg)
	s.mark("AAPL", "187.50")
	s.phase(risk.Continuous)
	return f
}

// order is the next one.
func (f *orderFlow) order() core.Event {
	f.n++
	f.nowNs += 100_000_000
	ev := f.framed(f.trader, "D", fmt.Sprintf("11=C%08d\x011=ACME-1\x0121=1\x0155=AAPL\x0154=1\x0138=10\x0140=2\x0144=187.%02d\x0159=0\x0160=%s\x01528=P\x01",
		f.n, f.n%50, f.stamper.Append(nil, f.nowNs, fix.Millis)))
	ev.Now = link.Now{UTCNs: f.nowNs, MonoNs: f.nowNs}
	return ev
}

// burst sends orders, notes how long each took, and has the venue end them.
func (f *orderFlow) burst(took []int64) []int64 {
	var ids [burst]string
	for i := range burst {
		ev := f.order()
		begun := time.Now()
		f.core.Decide(&ev, &f.d)
		ns := int64(time.Since(begun))
		f.core.Apply(&ev, &f.d)
		if f.d.Reason != risk.Accepted {
			f.tb.Fatal(f.d.Reason)
		}
		f.checks = f.d.Judgement.Count
		ids[i] = f.sent(f.venue, "11")
		if len(took) < 1<<20 {
			took = append(took, ns)
		}
	}
	for _, id := range ids {
		f.ended++
		f.message(f.venue, "8", strings.ReplaceAll(fmt.Sprintf("11=%s|37=V%s|17=E%08d|150=4|39=4|55=AAPL|54=1|38=10|14=0|151=0|6=0|", id, id, f.ended), "|", "\x01"))
	}
	return took
}
