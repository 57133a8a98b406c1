package core

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"portcullis/fix"
	"portcullis/fix/dict"
	"portcullis/fix/link"
	"portcullis/risk"
)

// world drives a core by hand: participants and a venue whose messages a test writes with '|' for
// SOH. Every decision goes through its record, and a second core applies what was recorded: after
// each event the two must hold the same bytes. What the event led to is kept until the next one.
type world struct {
	t        testing.TB
	conf     conf
	core     *Core
	shadow   *Core
	d, rd    *Decision
	judged   *Decision // of the replay
	twice    []byte
	nowNs    int64
	setNs    int64             // by how much somebody has set the clock: UTC, and no duration
	seqOut   map[uint32]uint64 // next number of the peer on a link
	conns    uint32
	quotes   quotes
	margins  map[uint32][2]risk.Price // risk prices of instruments that have them: buy, sell
	buf      []byte
	audit    *audit          // nil: not held against the twin
	refusals map[string]bool // see script
	unsent   []uint32        // requests whose bytes a kill finds in a send buffer

	sent    []sentMessage
	alerts  []string
	over    []Effect
	replies []Reply
	resends []Range

	keeps   bool // all records, from the first
	records []keptRecord
}

type keptRecord struct {
	payload []byte
	now     link.Now
	link    uint32
}

type sentMessage struct {
	link uint32
	out  link.Out
	text string
}

type quotes []risk.Quote // by instrument

func (q quotes) Quote(i uint32, out *risk.Quote) { *out = q[i] }
func (q quotes) Place(i uint32) unsafe.Pointer   { return unsafe.Pointer(&q[i]) }

const (
	acme, beta, xsim, acme2 = 0, 1, 2, 3 // links
	ibm, msft               = 0, 1       // instruments
	acme1                   = 0          // account of client 0, as is ACME-2
	beta1, suspense         = 2, 3
	startNs                 = 1795354200_000000000 // 2026-11-22 13:30:00 UTC
)

// seenNs is short, so that digests stand between the records of most tests.
const seenNs = 50_000_000

var (
	linkNames     = []string{"ACME", "BETA", "XSIM", "ACME2"}
	symbolNames   = []string{"IBM", "MSFT"}
	symbolClasses = []risk.Class{risk.Stock, risk.ETF}
	accountNames  = []string{"ACME-1", "ACME-2", "BETA-1", "SUSPENSE"}
	clientNames   = []string{"ACME", "BETA", "NOBODY"}
	accountOwner  = []uint32{0, 0, 1, 2}
)

// conf is what worlds differ in.
type conf struct {
	version                          string // that all speak
	venueVersion                     string // that XSIM speaks; "": the same
	size                             Capacity
	positions, kills, trips, repeats int
	preserve, noStatus, business     bool
	massCancel                       bool
	tellLimits, egressKills          bool
	cancelOpen                       []risk.Reason
	differenceKills                  bool
	idBytesMax                       int
	reset                            string // of the venue's line: logon or disconnect
	hours                            [4]link.Schedule
	cod                              [4]CancelOnDisconnect
	breaches                         []BreachRule
	soft                             []SoftRule
	party                            [4]PartyActions
	venueCOD                         VenueCOD
	venueSymbols                     [2]string // what XSIM calls the symbols; "" = the same
	fourEyes                         bool
	halted                           [2]bool // symbols that the configuration halts
	executionDays                    int     // trade dates before this one whose executions are known
	journalKill, clockKill           risk.KillMode
	downNs                           int64
	downMode                         risk.KillMode
	noRoute                          bool
	keeps                            bool                             // all records, for who begins with the first of them
	validated                        bool                             // ACME's messages are held to the dictionary
	held                             bool                             // what the gate sends is held to the dictionary of the peer
	judge                            func(l uint32, raw []byte) error // one more judge of that
	unknownByLink                    bool
	authors                          string // yes: orders may name authors; strict: some links demand it
	dropCopy                         bool   // ACME2 is the drop copy of XSIM
	tradeAcks                        bool   // and has its TradeCaptureReports answered
	slow                             bool   // ACME2 is the line of a second venue, which has MSFT and a minute to answer
	sticky                           string // account or symbol: what says which of the two an order goes to
	tags                             PolicyOptions
	repeatMax                        int64
	repeatDisables                   bool
	rateMax                          int64
	throttles                        map[string][]risk.Throttle // by kind of scope: of each link, of the first of the others
	openMax                          int64
	selfMatch                        bool // each client's accounts are a self-match group
	matchAction                      risk.MatchAction
	budget                           int           // messages a second that the venue allows; 0: no budget
	fields                           risk.FieldSet // that accounts may use
	execInsts                        risk.ExecInstSet
	barred, linkBarred               risk.CapacitySet // to accounts, to ACME
	testSymbol                       bool             // MSFT is one
	tests                            risk.TestRule    // of accounts
	linkTests                        [4]risk.TestRule
	cutOff                           CloseCutOff // of XSIM
	noCancel                         NoCancel    // likewise
	gross, net, clientNet, firmNet   risk.Money
}

func plain() conf {
	return conf{version: "FIX.4.4", positions: 64, kills: 8, trips: 8, repeats: 1024, idBytesMax: 20, repeatMax: 100, rateMax: 1000, openMax: 100, fields: risk.GrantedFields, execInsts: risk.GrantedExecInsts,
		gross: 1_000_000 * risk.MoneyScale, net: 60_000 * risk.MoneyScale, clientNet: risk.Unlimited, firmNet: risk.Unlimited,
		size: Capacity{Orders: 64, Requests: 256, ClOrdIDs: 1 << 9, Executions: 256, Jobs: 8}, executionDays: 1}
}

// throttledScopes are the kinds of scopes that may have throttles, but for links.
var throttledScopes = map[string]risk.Scope{"firm": risk.ScopeFirm, "group": risk.ScopeGroup, "client": risk.ScopeClient,
	"account": risk.ScopeAccount, "desk": risk.ScopeDesk, "trader": risk.ScopeTrader, "algo": risk.ScopeAlgo}

func orderRate(countMax int64) []risk.Throttle {
	return []risk.Throttle{{Of: risk.Orders, Max: countMax, WindowNs: 1e9}}
}

func heapAlloc(n int) []byte { return make([]byte, n) }

func newWorld(t testing.TB) *world { return newWorldOf(t, plain()) }

func newWorldOf(t testing.TB, c conf) *world {
	w := &world{t: t, conf: c, d: new(Decision), rd: new(Decision), judged: new(Decision), nowNs: startNs, quotes: make(quotes, len(symbolNames)+moreInstruments),
		seqOut: map[uint32]uint64{acme: 1, beta: 1, xsim: 1, acme2: 1}}
	w.core, w.shadow, w.keeps = w.build(), w.build(), c.keeps
	w.quote(ibm, "50")
	w.quote(msft, "400")
	w.event(&Event{Kind: Started, Seq: 1, Link: NoIndex})
	w.command(Command{ID: 1, Kind: CmdRoll, Target: 20261122})
	return w
}

// paid is the price that an execution counts at in money (exposure 1).
func (w *world) paid(e *Effect) risk.Price {
	m, margined := w.margins[e.Instrument]
	switch {
	case !margined:
		return e.Price
	case e.Side.IsBuy():
		return m[0]
	}
	return m[1]
}

func (w *world) quote(instrument uint32, last string) {
	p, _ := fix.ParseDecimal([]byte(last))
	w.quotes[instrument] = risk.Quote{Last: risk.Price(p), AtNs: w.nowNs, LastAtNs: w.nowNs, Has: risk.HasLast}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) build() *Core {
	c := &w.conf
	resting := 0
	if c.selfMatch {
		resting = c.size.Orders
	}
	book := risk.NewBook(risk.Capacity{RestingOrders: resting, Accounts: 4 + moreAccounts, Instruments: 2 + moreInstruments, Clients: 3 + moreClients, Links: 5, Positions: c.positions, Measured: 8,
		Listings: 4, Rules: 4, RepeatEntries: c.repeats, Kills: c.kills, Entitlements: 8, OrderLimits: 32, Throttles: risk.Room{Windows: 32, Meters: 64, Stamps: 1 << 14, Trips: c.trips},
		Slices: 8, Groups: len(groupNames), Desks: len(deskNames), Traders: len(traderNames), Algos: len(algoNames), Venues: max(len(venueNames), c.size.Venues)}, heapAlloc)
	if c.authors != "" {
		w.bookAuthors(book)
	}
	must(w.t, book.SetPhaseRules(1, phaseRules()))
	must(w.t, book.SetLimits(risk.ScopeFirm, 0, risk.Limits{Gross: risk.Unlimited, Net: c.firmNet}))
	for n := range uint32(3) {
		must(w.t, book.SetClient(n, risk.Client{Group: w.groupOf(n), Limits: risk.Limits{Gross: risk.Unlimited, Net: c.clientNet}}))
	}
	for a := range uint32(4) {
		must(w.t, book.SetAccount(a, w.account(a)))
	}
	for i := range uint32(2) {
		must(w.t, book.SetInstrument(i, w.instrument(i)))
	}
	for l := range uint32(4) {
		must(w.t, book.SetThrottles(risk.ScopeLink, l, append(orderRate(c.rateMax), c.throttles["link"]...)))
	}
	for word, kind := range throttledScopes {
		must(w.t, book.SetThrottles(kind, 0, c.throttles[word]))
	}
	for _, e := range [][2]uint32{{acme, 0}, {acme, 1}, {acme2, 0}, {beta, beta1}} {
		must(w.t, book.Entitle(e[0], e[1]))
	}
	return New(w.setup(), book)
}

func (w *world) account(a uint32) risk.Account {
	group := uint32(0)
	if w.conf.selfMatch {
		group = accountOwner[a] + 1
	}
	return risk.Account{SelfMatch: group, SelfMatchAction: w.conf.matchAction, Client: accountOwner[a], Limits: risk.Limits{Gross: w.conf.gross, Net: w.conf.net, ClosingReserveBps: 1000},
		OrderLimits: risk.OrderLimits{OrderQtyMax: 10_000 * risk.PriceScale, NotionalMax: 500_000 * risk.MoneyScale, MarketMax: 500_000 * risk.MoneyScale},
		LongMax:     risk.Unlimited,
		ShortMax:    500 * risk.PriceScale, OpenOrdersMax: w.conf.openMax, RepeatCountMax: w.conf.repeatMax, RepeatWindowNs: 1e9, RepeatDisables: w.conf.repeatDisables,
		Sides: risk.AllSides, OrdTypes: risk.AllOrdTypes, TimesInForce: risk.AllTimesInForce, Fields: w.conf.fields, ExecInsts: w.conf.execInsts, CapacitiesBarred: w.conf.barred, Tests: w.conf.tests, SellLongChecked: true}
}

func (w *world) instrument(i uint32) risk.Instrument {
	in := instrument(i)
	in.Test = w.conf.testSymbol && i == msft
	return in
}

func instrument(i uint32) risk.Instrument {
	in := risk.Instrument{Class: symbolClasses[i], K: risk.PriceScale, Lot: risk.PriceScale, QtyMax: risk.Unlimited, BandBps: 1000,
		CollarBps: 2000, Ages: risk.SourceAges{QuoteNs: 3600e9, LastNs: 3600e9, CloseNs: 3600e9}, OrdTypes: risk.AllOrdTypes,
		TimesInForce: risk.AllTimesInForce, Fields: risk.GrantedFields}
	in.Ticks[0] = risk.TickBand{Tick: risk.PriceScale / 100}
	return in
}

func (w *world) setup() *Setup {
	c := &w.conf
	set := func(target string, initiator bool) link.Settings {
		v := c.versionOf(target)
		s := link.Settings{Name: v.begin + ":GATE->" + target, BeginString: v.begin, SenderCompID: "GATE",
			TargetCompID: target, ApplVerID: v.appl, Initiator: initiator, Settle: initiator, DeliverFaulty: initiator, HeartBtNs: 30e9,
			LogonTimeoutNs: 10e9, LogoutTimeoutNs: 2e9, Precision: fix.Micros}
		if v.dialect.Version < risk.FIX42 {
			s.Precision = fix.Seconds
		}
		return s.Ready()
	}
	none := []uint32{NoIndex, NoIndex, NoIndex, NoIndex}
	s := &Setup{
		Capacity: c.size,
		Links: []LinkSetup{
			{Settings: set("ACME", false), Venue: NoIndex, Client: 0, DefaultAccount: acme1, MaxOrderAgeNs: 60e9, BusinessReject: c.business,
				TellLimits: c.tellLimits, CapacitiesBarred: c.linkBarred},
			{Settings: set("BETA", false), Venue: NoIndex, Client: 1, DefaultAccount: NoIndex},
			{Settings: set("XSIM", true), Venue: 0, Client: NoIndex, DefaultAccount: NoIndex},
			{Settings: set("ACME2", false), Venue: NoIndex, Client: 0, DefaultAccount: acme1, CancelByClient: true},
		},
		Venues: []VenueSetup{{Name: "XSIM", Link: xsim, IDPrefix: "P", IDBytesMax: c.idBytesMax, ExecPrefix: "X-", StatusRequest: !c.noStatus, MassCancel: c.massCancel,
			Preserve: c.preserve, Suspense: suspense, Statuses: statuses(), UnansweredNs: 5e9, UnknownByLink: c.unknownByLink,
			Budget: Budget{CountMax: c.budget, WindowNs: 1e9},
			Set:    c.tags.Set}},
		Instruments: []InstrumentSetup{{Symbol: "IBM", Class: symbolClasses[ibm], Currency: "USD", Halted: c.halted[ibm]},
			{Symbol: "MSFT", Class: symbolClasses[msft], Currency: "USD", Halted: c.halted[msft]}},
		Routes: Routes{BySymbol: none[:2], ByAccount: none,
			ByDestination: []Destination{{Name: "XSIM", Venue: 0}}},
		Prices:   w.quotes,
		FourEyes: c.fourEyes, CancelOpen: c.cancelOpen, EgressKills: c.egressKills, DifferenceKills: c.differenceKills, SeenNs: seenNs, BreakNs: 3e9, ExecutionDays: c.executionDays,
		Breaches: c.breaches, Soft: c.soft, JournalKill: c.journalKill, ClockKill: c.clockKill,
		Alloc: heapAlloc,
	}
	s.Capacity.Accounts, s.Capacity.Instruments = 4+moreAccounts, 2+moreInstruments
	s.Venues[0].Tags, s.Venues[0].CloseCutOff, s.Venues[0].NoCancel = c.policies(), c.cutOff, c.noCancel
	s.Venues[0].COD = c.venueCOD
	s.Venues[0].DownNs, s.Venues[0].DownMode = c.downNs, c.downMode
	if c.dropCopy {
		s.Links[acme2].Venue, s.Links[acme2].Client, s.Links[acme2].DropCopy, s.Links[acme2].TradeAcks = 0, NoIndex, true, c.tradeAcks
	}
	if c.slow {
		second := s.Venues[0]
		second.Name, second.Link, second.IDPrefix, second.UnansweredNs = "SLOW", acme2, "Q", 60e9
		s.Venues = append(s.Venues, second)
		s.Links[acme2].Venue, s.Links[acme2].Client = 1, NoIndex
		s.Routes.BySymbol = []uint32{NoIndex, 1}
		s.Routes.ByDestination = append(s.Routes.ByDestination, Destination{Name: "SLOW", Venue: 1})
	}
	if c.sticky != "" {
		s.Routes.BySymbol[msft], s.Routes.Default = NoIndex, LinesBit
		s.Routes.Lines = []Lines{{Venues: []uint32{0, 1}, BySymbol: c.sticky == "symbol"}}
		s.Routes.ByDestination = []Destination{{"XSIM", LinesBit}, {"SLOW", 1}}
	}
	if c.validated {
		v := c.versionOf("ACME")
		shelf, err := dict.Standard(v.begin, v.appl)
		must(w.t, err)
		s.Links[acme].Content, err = dict.NewValidator(shelf, dict.DefaultSwitches())
		must(w.t, err)
	}
	if c.authors != "" {
		w.setupAuthors(s)
	}
	if c.noRoute {
		s.Routes.Default = NoIndex
	}
	s.Links[xsim].ResetOnLogon, s.Links[xsim].ResetOnDisconnect = c.reset == "logon", c.reset == "disconnect"
	for l := range s.Links {
		s.Links[l].Schedule, s.Links[l].CancelOnDisconnect = c.hours[l], c.cod[l]
		s.Links[l].Dialect = c.versionOf(linkNames[l]).dialect
		s.Links[l].Tests, s.Links[l].PartyActions = c.linkTests[l], c.party[l]
	}
	for i, name := range accountNames {
		s.Accounts = append(s.Accounts, AccountSetup{Name: name, Client: accountOwner[i]})
	}
	s.Accounts[1].AtVenue = []string{"AC-TWO"}
	for i, name := range c.venueSymbols {
		s.Instruments[i].AtVenue = []string{name}
	}
	return s
}

// event gives the core an event and the Ticks that it asks for then.
func (w *world) event(ev *Event) {
	w.t.Helper()
	w.sent, w.alerts, w.over, w.replies, w.resends = nil, nil, nil, nil, nil
	w.tickOver(ev)
}

func (w *world) tickOver(ev *Event) {
	w.t.Helper()
	w.step(ev)
	if w.d.Withdraw { // as the engine does it: at once
		for _, r := range w.unsent {
			w.step(&Event{Kind: Withdrawn, Link: xsim, Seq: w.core.requests[r].Seq, Request: r})
		}
		w.unsent = nil
	}
	for n := 0; w.core.DueNs() <= w.now().MonoNs; n++ {
		if n == 20_000 {
			w.t.Fatal("ticks without end")
		}
		w.step(&Event{Kind: Tick, Link: NoIndex})
	}
}

// restart ends the process and begins another: no connection outlives it, and no timer runs between.
func (w *world) restart() {
	w.t.Helper()
	w.sent, w.alerts, w.over, w.replies, w.resends = nil, nil, nil, nil, nil
	for l := range w.core.links {
		if s := &w.core.links[l]; s.Phase != link.Down || s.Conn != 0 {
			w.step(&Event{Kind: Closed, Link: uint32(l), Conn: s.Conn, Code: uint8(ProcessEnded)})
		}
	}
	w.tickOver(&Event{Kind: Started, Seq: w.core.Epoch() + 1, Link: NoIndex})
}

func (w *world) now() link.Now {
	return link.Now{UTCNs: w.nowNs + w.setNs, MonoNs: w.nowNs - startNs + 1e9}
}

// step runs one event through Decide, its record, and Apply on both cores.
func (w *world) step(ev *Event) {
	w.t.Helper()
	w.nowNs += 1000
	ev.Now = w.now()
	w.core.Decide(ev, w.d)
	size := w.core.RecordSize(ev, w.d)
	if size > len(w.buf) {
		w.buf = make([]byte, size)
	}
	n := w.core.EncodeRecord(w.buf, ev, w.d)
	if w.keeps {
		w.records = append(w.records, keptRecord{bytes.Clone(w.buf[:n]), ev.Now, ev.Link})
	}
	var rev Event
	if err := DecodeRecord(w.buf[:n], &rev, w.rd); err != nil {
		w.t.Fatal(err)
	}
	rev.Now, rev.Link = ev.Now, ev.Link
	keys := false
	OutKeys(w.buf[:n], func(uint64) { keys = true })
	if keys != (w.d.HeaderFlags()&NoReports == 0) {
		w.t.Fatalf("a record with the flags %d has keys: %v", w.d.HeaderFlags(), keys)
	}
	w.replay(&rev, w.buf[:n])
	if w.d.EffectLen == EffectsMax || w.d.Out.Count == link.OutsMax {
		w.t.Fatalf("%d effects, %d messages of one event", w.d.EffectLen, w.d.Out.Count)
	}
	w.collect()
	if w.refusals != nil && w.d.Reason > risk.Accepted {
		w.refusals[string(w.d.MsgType)+" "+w.d.Reason.String()] = true
	}
	if w.audit != nil {
		w.audit.before(w)
	}
	w.core.Apply(ev, w.d)
	w.shadow.Apply(&rev, w.rd)
	w.numbered()
	live, replayed := w.core.Regions(), w.shadow.Regions()
	for i := range live {
		if !bytes.Equal(live[i], replayed[i]) {
			w.t.Fatalf("table %d: the recorded decision does not lead to the same state", i)
		}
	}
	if w.audit != nil {
		w.audit.after(w)
	}
}

// numbered holds the messages of one decision to their numbers: on each link one after the other, none used
// twice, and the next one comes behind the last.
func (w *world) numbered() {
	w.t.Helper()
	last := map[uint32]uint64{}
	for i, out := range w.d.Out.Outs[:w.d.Out.Count] {
		text := string(w.d.Out.Bytes(i))
		if strings.Contains(text, "\x0143=Y\x01") {
			continue // in the place of an old number
		}
		if n := last[out.Link]; n != 0 && out.Seq != n+1 {
			w.t.Fatalf("%s has number %d behind %d: %q", linkNames[out.Link], out.Seq, n, text)
		}
		last[out.Link] = out.Seq
	}
	for l, n := range last {
		if next := w.core.links[l].NextOut; next != n+1 {
			w.t.Fatalf("the next number of %s is %d behind %d", linkNames[l], next, n)
		}
	}
}

// replay judges the recorded event again in the second core, from the record alone: the decision must
// be the same, byte for byte.
func (w *world) replay(rev *Event, record []byte) {
	w.t.Helper()
	again := *rev
	if again.Kind == Tick {
		again.Link = NoIndex
	}
	w.shadow.Decide(&again, w.judged)
	if size := w.shadow.RecordSize(&again, w.judged); size > len(w.twice) {
		w.twice = make([]byte, size)
	}
	if n := w.shadow.EncodeRecord(w.twice, &again, w.judged); !bytes.Equal(w.twice[:n], record) {
		w.t.Fatalf("replayed, the decision is another:\n%q\n%q", record, w.twice[:n])
	}
}

// collect keeps what a decision sends and says.
func (w *world) collect() {
	w.t.Helper()
	d := w.d
	for i := 0; i < d.Out.Count; i++ {
		text := strings.ReplaceAll(string(d.Out.Bytes(i)), "\x01", "|")
		if _, f := fix.Frame(d.Out.Bytes(i), 1<<16); f != fix.Whole {
			w.t.Fatalf("sent %s: %v", text, f)
		}
		if v := w.conf.versionOf(linkNames[d.Out.Outs[i].Link]); w.conf.held {
			if fault := v.invalid(d.Out.Bytes(i)); fault != "" {
				w.t.Fatalf("sent in %s: %s: %s", v.name, fault, text)
			}
			if w.conf.judge != nil {
				if err := w.conf.judge(d.Out.Outs[i].Link, d.Out.Bytes(i)); err != nil {
					w.t.Fatalf("sent in %s: %v: %s", v.name, err, text)
				}
			}
		}
		if l := d.Out.Outs[i].Link; w.core.Phase(l) == link.Down && !d.Out.Outs[i].Hold && !d.SessionStep {
			w.t.Fatalf("sent on a link that is down: %s", text)
		}
		w.sent = append(w.sent, sentMessage{d.Out.Outs[i].Link, d.Out.Outs[i], text})
	}
	for _, e := range d.Effects[:d.EffectLen] {
		switch e.Kind {
		case Alerted:
			name := alertNames[e.Alert]
			if e.Alert == DropCopyBreak {
				name += ":" + strings.ReplaceAll(Break(e.Status).String(), " ", "-")
			}
			if e.Alert == LimitNear {
				name = fmt.Sprintf("LimitNear:%s=%d", risk.Reason(e.Seq), e.Value)
			}
			w.alerts = append(w.alerts, name)
		case Overshot:
			w.over = append(w.over, e)
		}
	}
	if d.Reply.ID != 0 {
		w.replies = append(w.replies, d.Reply)
	}
	if d.Resend.From != 0 {
		w.resends = append(w.resends, d.Resend)
	}
}

var alertNames = map[Alert]string{FillOnClosedOrder: "FillOnClosedOrder", OverFill: "OverFill",
	UnknownOrderReport: "UnknownOrderReport", CumQtyDiffers: "CumQtyDiffers", UnknownExecution: "UnknownExecution",
	ReportUnreadable: "ReportUnreadable", Unanswered: "Unanswered", CancelRefused: "CancelRefused",
	SnapshotDamaged: "SnapshotDamaged", StateDiffers: "StateDiffers", CertificateTrouble: "CertificateTrouble", FilesDiffer: "FilesDiffer", ChangeWaits: "ChangeWaits", SeqNumbersReset: "SeqNumbersReset", ReportsCutOff: "ReportsCutOff", BookInexact: "BookInexact", ExecutionsFull: "ExecutionsFull",
	EgressStopped: "EgressStopped", RequestNotArrived: "RequestNotArrived", UnmatchedReject: "UnmatchedReject",
	DayOrderOpen: "DayOrderOpen", OrderInDoubt: "OrderInDoubt", RequestsUnsettled: "RequestsUnsettled",
	UnknownOrderFinal: "UnknownOrderFinal", ReportPartlyRead: "ReportPartlyRead", OrderUnknown: "OrderUnknown",
	CancelUnsent: "CancelUnsent", VenueGarbled: "VenueGarbled", ExecutionOfAnother: "ExecutionOfAnother",
	MassCancelUnanswered: "MassCancelUnanswered", MassCancelRefused: "MassCancelRefused",
	ExecutionResolved: "ExecutionResolved", LinkOrphaned: "LinkOrphaned", StatusUnmapped: "StatusUnmapped", KillIncomplete: "KillIncomplete",
	DropCopyBreak: "DropCopyBreak", DropCopyDown: "DropCopyDown", DailyLossHit: "DailyLossHit", LossUnstopped: "LossUnstopped", ExpiredOrderOpen: "ExpiredOrderOpen", JournalBegun: "JournalBegun", OnePerson: "OnePerson", ExecutionsNearFull: "ExecutionsNearFull", LossAtMarks: "LossAtMarks", KillWidened: "KillWidened", TradeDateAhead: "TradeDateAhead", SplitUnsettled: "SplitUnsettled", SplitUneven: "SplitUneven", CertificateRevoked: "CertificateRevoked", SplitsDue: "SplitsDue", FillThroughLimit: "FillThroughLimit", DiskLow: "DiskLow", ClockStepped: "ClockStepped", RateStale: "RateStale", SelfTestFailed: "SelfTestFailed", MarksDamaged: "MarksDamaged"}

func (w *world) command(m Command) {
	w.t.Helper()
	w.event(&Event{Kind: CommandGiven, Link: NoIndex, Data: m.Append(nil)})
}

// from gives the core a message of a peer; body starts with 35=.
func (w *world) from(l uint32, body string) {
	w.t.Helper()
	w.event(&Event{Kind: Message, Link: l, Conn: w.core.links[l].Conn, Data: w.message(l, body)})
}

func (w *world) message(l uint32, body string) []byte {
	if v := w.conf.versionOf(linkNames[l]); v.name != "FIX.4.4" {
		body = v.worded(body)
	}
	msgType, rest, _ := strings.Cut(body, "|")
	var stamp fix.Stamper
	text := fmt.Sprintf("%s|34=%d|49=%s|52=%s|56=GATE|%s", msgType, w.seqOut[l], linkNames[l],
		stamp.Append(nil, w.nowNs+w.setNs, fix.Micros), rest)
	w.seqOut[l]++
	return framed(w.core.set.Links[l].BeginString, strings.NewReplacer("|", "\x01", "^", "\x01").Replace(text))
}

// framed puts head and trailer around a body that ends with SOH.
func framed(begin, body string) []byte {
	head := fmt.Sprintf("8=%s\x019=%d\x01", begin, len(body))
	return fmt.Appendf(nil, "%s%s10=%03d\x01", head, body, fix.CheckSum([]byte(head+body)))
}

// connect brings a link up. A venue's line is settled by the answer to its TestRequest.
func (w *world) connect(l uint32) {
	w.t.Helper()
	reset := ""
	w.conns++
	w.event(&Event{Kind: Admitted, Link: l, Conn: w.conns})
	for _, s := range w.sent {
		switch {
		case field(s.text, "141") == "Y":
			w.seqOut[l] = 1
			reset = "141=Y|"
		case field(s.text, "8") == "FIX.4.0" && field(s.text, "34") == "1": // which has no such flag
			w.seqOut[l] = 1
		}
	}
	w.from(l, "35=A|98=0|108=30|"+reset)
	if l == xsim {
		w.settle()
	}
}

// logon brings every link up.
func (w *world) logon() *world {
	w.t.Helper()
	for _, l := range []uint32{acme, beta, acme2, xsim} {
		w.connect(l)
		if phase := w.core.Phase(l); phase != link.Up {
			w.t.Fatalf("link %s is %v", linkNames[l], phase)
		}
	}
	return w
}

// settle answers the TestRequest that the venue's line got last.
func (w *world) settle() {
	w.t.Helper()
	for _, s := range w.sent {
		if id := field(s.text, "112"); s.link == xsim && field(s.text, "35") == "1" {
			kept := w.sent
			w.from(xsim, "35=0|112="+id+"|")
			w.sent = append(kept, w.sent...)
			return
		}
	}
	w.t.Fatal("no TestRequest to answer: ", w.sent)
}

// drop ends a link's connection.
func (w *world) drop(l uint32) {
	w.t.Helper()
	w.event(&Event{Kind: Closed, Link: l, Conn: w.core.links[l].Conn, Code: uint8(PeerClosed)})
}

// field returns the value of a tag in a message written with '|'.
func field(text, tag string) string {
	v, _ := lookup(text, tag)
	return v
}

func lookup(text, tag string) (string, bool) {
	for _, f := range strings.Split(text, "|") {
		if v, ok := strings.CutPrefix(f, tag+"="); ok {
			return v, true
		}
	}
	return "", false
}

// to returns the one message that the last event sent on a link, of the given type.
func (w *world) to(l uint32, msgType string) string {
	w.t.Helper()
	found := ""
	for _, s := range w.sent {
		if s.link == l && field(s.text, "35") == msgType {
			if found != "" {
				w.t.Fatalf("two %s on link %s", msgType, linkNames[l])
			}
			found = s.text
		}
	}
	if found == "" {
		w.t.Fatalf("no %s on link %s, but %v", msgType, linkNames[l], w.sent)
	}
	return found
}

// order sends a D for ACME and returns what the venue gets.
func (w *world) order(id, body string) string {
	w.t.Helper()
	w.from(acme, "35=D|11="+id+"|21=1|"+body+"|60=20261122-13:30:00.000|")
	return w.to(xsim, "D")
}
