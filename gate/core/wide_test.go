package core

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"portcullis/fix/link"
	"portcullis/risk"
)

// extent is how large a gate's tables are.
type extent struct{ accounts, instruments, links int }

var (
	tenOfEach = extent{10, 10, 10}
	wide      = extent{1_000_000, 100_000, 1_000}
)

// wideFlow is a flow whose orders come over many links, from many accounts and in many symbols: A00000000, S00000000
// and L00000000 on.
type wideFlow struct {
	flow
	extent
	r     *rand.Rand
	seqs  []uint64
	field struct{ link, account, symbol int }
}

// newWideFlow builds a gate of that size. Its first rows are those of every other test.
func newWideFlow(tb testing.TB, e extent) *wideFlow {
	c := plain()
	c.size = Capacity{ClOrdIDs: 1 << 22, Orders: 1024, Requests: 4096, Executions: 256, Jobs: 8}
	c.net = c.gross
	w := &world{t: tb, conf: c, d: new(Decision), nowNs: startNs, quotes: make(quotes, 2+e.instruments), seqOut: map[uint32]uint64{acme: 1, xsim: 1}}
	f := &wideFlow{flow: flow{w: w}, extent: e, r: rand.New(rand.NewPCG(1, 2)), seqs: make([]uint64, e.links)}
	for i := range w.quotes {
		w.quote(uint32(i), "50")
	}
	s, book := w.setup(), f.book()
	for i := range e.accounts {
		s.Accounts = append(s.Accounts, AccountSetup{Name: fmt.Sprintf("A%08d", i)})
		s.Routes.ByAccount = append(s.Routes.ByAccount, NoIndex)
	}
	for i := range e.instruments {
		s.Instruments = append(s.Instruments, InstrumentSetup{Symbol: fmt.Sprintf("S%08d", i), Class: symbolClasses[ibm], Currency: "USD"})
		s.Routes.BySymbol = append(s.Routes.BySymbol, NoIndex)
	}
	for i := range e.links {
		l := s.Links[acme]
		l.TargetCompID = fmt.Sprintf("L%08d", i)
		l.Name = "FIX.4.4:GATE->" + l.TargetCompID
		s.Links = append(s.Links, l)
	}
	s.Alloc, s.HugePages = mapped, hugePages
	w.core = New(s, book)
	f.start()
	return f
}

// mapped is memory for tables as a running gate has it: in huge pages where there are any.
func mapped(n int) []byte {
	mem, err := unix.Mmap(-1, 0, max(n, 1), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		panic(err)
	}
	_ = unix.Madvise(mem, unix.MADV_HUGEPAGE)
	return mem[:n]
}

func hugePages(mem []byte) {
	const size = 1 << 21
	if skip := int(-uintptr(unsafe.Pointer(&mem[0])) % size); len(mem) >= skip+size {
		_ = unix.Madvise(mem[skip:skip+(len(mem)-skip)/size*size], unix.MADV_HUGEPAGE)
	}
}

func (f *wideFlow) book() *risk.Book {
	w, e := f.w, f.extent
	accounts, instruments, links := len(accountNames)+e.accounts, len(symbolNames)+e.instruments, len(linkNames)+e.links
	book := risk.NewBook(risk.Capacity{Accounts: accounts, Instruments: instruments, Clients: 3, Links: links, Positions: 1<<12 + accounts, RepeatEntries: 1 << 12,
		Kills: 8, Entitlements: accounts, OrderLimits: 8, Throttles: risk.Room{Windows: links, Meters: links, Stamps: uint64(links) << 10}, Venues: 1}, mapped)
	must(w.t, book.SetLimits(risk.ScopeFirm, 0, risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}))
	must(w.t, book.SetClient(0, risk.Client{Group: risk.NoIndex, Limits: risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}}))
	for l := range uint32(links) {
		must(w.t, book.SetThrottles(risk.ScopeLink, l, orderRate(1000)))
	}
	for a := range uint32(accounts) {
		must(w.t, book.SetAccount(a, w.account(acme1)))
		must(w.t, book.Entitle(f.linkOf(int(a)-len(accountNames)), a))
	}
	for i := range uint32(instruments) {
		must(w.t, book.SetInstrument(i, instrument(ibm)))
	}
	return book
}

// linkOf is the link over which the orders of an account come.
func (f *wideFlow) linkOf(account int) uint32 {
	if account < 0 {
		return acme
	}
	return uint32(len(linkNames) + account%f.links)
}

// start begins the day and brings all links up.
func (f *wideFlow) start() {
	w := f.w
	w.buf = make([]byte, 1<<16)
	f.step(&Event{Kind: Started, Seq: 1, Link: NoIndex})
	f.roll()
	for _, l := range []uint32{acme, xsim} {
		f.step(&Event{Kind: Admitted, Link: l, Conn: l + 1})
		f.step(&Event{Kind: Message, Link: l, Conn: l + 1, Data: w.message(l, "35=A|98=0|108=30|")})
	}
	id := ""
	for i := range w.d.Out.Count {
		id += field(strings.ReplaceAll(string(w.d.Out.Bytes(i)), "\x01", "|"), "112")
	}
	f.step(&Event{Kind: Message, Link: xsim, Conn: xsim + 1, Data: w.message(xsim, "35=0|112="+id+"|")})
	for w.core.DueNs() <= w.nowNs-startNs { // jobs
		f.step(&Event{Kind: Tick, Link: NoIndex})
	}
	if p := w.core.Phase(xsim); p != link.Up {
		w.t.Fatal("the venue's line is ", p)
	}
	w.core.links[xsim].NextIn = 10_000_000
	for i := range f.seqs {
		f.seqs[i] = 10_000_000
		s := &w.core.links[f.linkOf(i)]
		*s = w.core.links[acme]
		s.NextIn, s.Conn = f.seqs[i], uint32(10+i)
	}
	f.order = w.message(acme, "35=D|11=C00000000|1=A00000000|21=1|55=S00000000|54=1|38=100|40=2|44=50.10|59=0|60=20261122-13:30:00.000|")
	f.order = framed("FIX.4.4", strings.Replace(unframed(f.order), "49=ACME", "49=L00000000", 1))
	f.order = framed("FIX.4.4", strings.Replace(unframed(f.order), "34=2\x01", "34=10000000\x01", 1))
	f.end = w.message(xsim, "35=8|11=P00000000000|37=V000000001|17=E00000000|150=4|39=4|55=IBM|54=1|38=100|14=0|151=0|6=0|")
	f.end = framed("FIX.4.4", strings.Replace(unframed(f.end), "34=3\x01", "34=10000000\x01", 1))
	f.endEv = Event{Kind: Message, Link: xsim, Conn: xsim + 1, Data: f.end}
	f.locate()
	f.field.link, f.field.account, f.field.symbol = find(f.order, "\x0149=L"), find(f.order, "\x011=A"), find(f.order, "\x0155=S")
}

// unframed is a framed message without its head and trailer.
func unframed(b []byte) string {
	from := find(b, "\x019=")
	from += strings.IndexByte(string(b[from:]), 1) + 1
	return string(b[from : len(b)-len("10=000\x01")])
}

// pick is one of the active ones among all.
func (f *wideFlow) pick(active, all int) int {
	n, apart := f.r.IntN(active), all/active
	return n*apart + n%apart
}

// one sends an order of one of the active accounts over its link, and says how long it takes.
func (f *wideFlow) one(active extent) int64 {
	if f.n++; f.n%20_000 == 0 {
		f.roll()
	}
	account := f.pick(active.accounts, f.accounts)
	l := account % f.links
	digits8(f.order[f.field.account:], uint64(account))
	digits8(f.order[f.field.symbol:], uint64(f.pick(active.instruments, f.instruments)))
	digits8(f.order[f.field.link:], uint64(l))
	digits8(f.order[f.at.orderSeq:], f.seqs[l])
	digits8(f.order[f.at.orderID:], f.n)
	f.seqs[l]++
	f.orderEv = Event{Kind: Message, Link: f.linkOf(account), Conn: uint32(10 + l), Data: f.order}
	start := time.Now()
	f.step(&f.orderEv)
	ns := time.Since(start)
	if f.w.d.Reason != risk.Accepted {
		f.w.t.Fatal(f.w.d.Reason, f.w.d.RefTag)
	}
	return int64(ns)
}

// burst sends orders and ends them.
func (f *wideFlow) burst(active extent, took []int64) []int64 {
	for i := range burst {
		ns := f.one(active)
		if f.sent(i); len(took) < cap(took) {
			took = append(took, ns)
		}
	}
	for i := range burst {
		f.endOf(i)
	}
	return took
}

// BenchmarkDecisionWide compares, in turns, a gate of ten accounts, symbols and links with one of a million accounts,
// 100,000 symbols and 1,000 links: where ten of each have orders there too, and where all have, so that the rows
// of each order come from memory.
func BenchmarkDecisionWide(b *testing.B) {
	few, many := newWideFlow(b, tenOfEach), newWideFlow(b, wide)
	runs := [...]struct {
		name   string
		f      *wideFlow
		active extent
	}{{"ten", few, tenOfEach}, {"ten-of-many", many, tenOfEach}, {"all-of-many", many, wide}}
	var took [len(runs)][]int64
	for i := range took {
		took[i] = make([]int64, 0, 1<<19)
	}
	for b.Loop() {
		for i, r := range runs {
			took[i] = r.f.burst(r.active, took[i])
		}
	}
	var p50 [len(runs)]float64
	for i, r := range runs {
		slices.Sort(took[i])
		p50[i] = float64(took[i][len(took[i])/2])
		b.ReportMetric(p50[i], r.name+"-p50-ns")
	}
	b.ReportMetric(p50[1]/p50[0], "ten-of-many/ten")
	b.ReportMetric(p50[2]/p50[0], "all-of-many/ten")
}
