package sim

import (
	"errors"
	"sync"

	"portcullis/fix"
	"portcullis/fix/dict"
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/risk"
)

// The world's names. Numbers are indexes.
const (
	acme, beta, acme2, xsim, ysim = 0, 1, 2, 3, 4 // links
	clearer                       = 5             // the drop copy of xsim
	suspenseX, suspenseY          = 3, 4          // accounts
)

var (
	linkNames    = []string{"ACME", "BETA", "ACME2", "XSIM", "YSIM", "CLEARER"}
	symbolNames  = []string{"IBM", "MSFT"} // IBM trades at XSIM, MSFT at YSIM
	accountNames = []string{"ACME-1", "ACME-2", "BETA-1", "SUSPENSE-X", "SUSPENSE-Y", "ACME-3"}
	clientNames  = []string{"ACME", "BETA", "NOBODY"}
	accountOwner = []uint32{0, 0, 1, 2, 2, 0}
)

// profile is what runs differ in.
type profile struct {
	begin, appl        string
	version            risk.FIXVersion
	sync               bool
	smallRooms         bool
	reset              [2]string // of each venue's line: "", logon, disconnect
	status, mass       [2]bool   // the venue answers 35=H, 35=q
	cancelByClient     bool
	matchAction        risk.MatchAction
	cod                [2]core.VenueCOD // what each venue cancels when its line is lost
	cancelOnDisconnect bool             // of BETA
	cancelOpen         []risk.Reason
	variant            uint64 // limits in force
	rateMax            int
	throttles          []scopeThrottles // beside rateMax
	orders             int              // slots
	third              bool             // the configuration names the third account
	rate               bool             // IBM is counted at another rate of exchange
	ratedNs            int64            // UTC time that it is of
	partly             bool             // it limits scopes in parts of their instruments, and more that reloads begin: see parts
}

// limits are what a variant says; every restart may bring another.
type limits struct {
	gross, net, clientNet, firmGross risk.Money
	firmOpen                         risk.Money
	dailyLoss                        risk.Money // of a client; of the firm twice as much
	clientLong, allShort             risk.Qty   // of a client in one symbol; of an account in all
}

var variants = []limits{
	{200_000, 120_000, 150_000, 900_000, 500_000, 3_000, 1500, 400},
	{80_000, 50_000, 60_000, 400_000, 90_000, 500, 900, 200},
	{25_000, 15_000, 20_000, 30_000, 28_000, 2_000, 300, 100},
	{1_000_000, 400_000, 500_000, 2_000_000, 1_000_000, 50_000, 3000, 500},
}

// limited is a limit beside gross and net.
func limited(m risk.Measure, limit int64) *risk.Measures {
	all := risk.Unmeasured()
	all[m] = limit
	return all
}

func (w *World) drawProfile() profile {
	r := w.r
	p := profile{variant: uint64(r.IntN(len(variants))), sync: r.IntN(3) == 0, smallRooms: r.IntN(4) == 0,
		cancelByClient: r.IntN(2) == 0, rateMax: 3 + r.IntN(60), orders: 400}
	p.matchAction = risk.MatchAction(p.rateMax % 3)
	p.cod = [2]core.VenueCOD{core.VenueCOD(p.rateMax / 3 % 3), core.VenueCOD(p.rateMax / 9 % 3)}
	switch r.IntN(3) {
	case 0:
		p.begin, p.version = "FIX.4.2", risk.FIX42
	case 1:
		p.begin, p.version = "FIX.4.4", risk.FIX44
	case 2:
		p.begin, p.appl, p.version = "FIXT.1.1", "9", risk.FIXVersions-1
	}
	for i := range 2 {
		p.reset[i] = []string{"", "", "", "logon", "disconnect"}[r.IntN(5)]
		p.status[i], p.mass[i] = r.IntN(3) > 0, r.IntN(2) == 0
	}
	p.cancelOnDisconnect = r.IntN(2) == 0
	if p.variant%2 == 0 {
		p.cancelOpen = []risk.Reason{risk.InstrumentRestricted, risk.SymbolHalted, risk.VenueHalted}
	}
	p.throttles = throttleSets[r.IntN(len(throttleSets))]
	return p
}

// settings are those of a link as the gate has them; turned, as its peer has them.
func (p *profile) settings(l uint32) link.Settings {
	venue := l >= xsim
	return link.Settings{Name: p.begin + ":GATE->" + linkNames[l], BeginString: p.begin, SenderCompID: "GATE",
		TargetCompID: linkNames[l], ApplVerID: p.appl, Initiator: venue, Settle: venue, DeliverFaulty: venue, HeartBtNs: 30e9,
		LogonTimeoutNs: 10e9, LogoutTimeoutNs: 2e9, Precision: fix.Micros}.Ready()
}

func (p *profile) turned(l uint32) link.Settings {
	s := p.settings(l)
	s.SenderCompID, s.TargetCompID = s.TargetCompID, s.SenderCompID
	s.Initiator, s.Settle, s.DeliverFaulty = !s.Initiator, false, false
	return s.Ready()
}

func (p *profile) setup(prices core.Prices) *core.Setup {
	s := &core.Setup{
		Capacity:   core.Capacity{Orders: p.orders, Requests: 4 * p.orders, ClOrdIDs: 2048, Executions: 2048, Jobs: 8},
		CancelOpen: p.cancelOpen, Soft: softRules,
		Links: []core.LinkSetup{
			{Venue: core.NoIndex, Client: 0, DefaultAccount: 0, MaxOrderAgeNs: 60e9, ResendCut: true},
			{Venue: core.NoIndex, Client: 1, DefaultAccount: core.NoIndex, MaxOrderAgeNs: 5e9, ResendCut: true,
				CancelOnDisconnect: core.CancelOnDisconnect{On: p.cancelOnDisconnect, GraceNs: 2e9, GTC: true}},
			{Venue: core.NoIndex, Client: 0, DefaultAccount: 0, CancelByClient: p.cancelByClient, ResendCut: true},
			{Venue: 0, Client: core.NoIndex, DefaultAccount: core.NoIndex},
			{Venue: 1, Client: core.NoIndex, DefaultAccount: core.NoIndex},
			{Venue: 0, Client: core.NoIndex, DefaultAccount: core.NoIndex, DropCopy: true, TradeAcks: p.version >= risk.FIX44},
		},
		Clients:     clientNames,
		Instruments: []core.InstrumentSetup{{Symbol: "IBM", Class: risk.Stock, Currency: "USD"}, {Symbol: "MSFT", Class: risk.ETF, Currency: "USD"}},
		Routes: core.Routes{BySymbol: []uint32{0, 1}, ByAccount: []uint32{core.NoIndex, core.NoIndex, core.NoIndex, core.NoIndex, core.NoIndex, core.NoIndex},
			Default: core.NoIndex},
		Prices: prices,
		SeenNs: 50_000_000, ExecutionDays: 1, BreakNs: 3e9,
		Alloc: func(n int) []byte { return make([]byte, n) },
	}
	setAside(s)
	for l := range s.Links {
		s.Links[l].Settings, s.Links[l].PartyActions = p.settings(uint32(l)), p.partyActions(uint32(l))
	}
	v := p.spoken()
	for l := range s.Links {
		s.Links[l].Dialect = v.dialect
	}
	for n := range uint32(2) {
		at := &s.Links[xsim+n]
		at.ResetOnLogon, at.ResetOnDisconnect = p.reset[n] == "logon", p.reset[n] == "disconnect"
		venue := core.VenueSetup{Name: linkNames[xsim+n], Link: xsim + n, IDPrefix: string("PQ"[n]), IDBytesMax: 20, ExecPrefix: string("XY"[n]) + "-",
			StatusRequest: p.status[n], MassCancel: p.mass[n], Suspense: suspenseX + n, UnansweredNs: 5e9, COD: p.cod[n]}
		venue.Tags[p.version] = v.tags
		s.Venues = append(s.Venues, venue)
	}
	for i, name := range accountNames {
		s.Accounts = append(s.Accounts, core.AccountSetup{Name: name, Client: accountOwner[i]})
	}
	if !p.third {
		s.Accounts[third].Client = core.NoIndex
	}
	return s
}

// spoken is a version of FIX, compiled once: its dialect, and what of it passes between participants and venues.
type spoken struct {
	dialect *core.Dialect
	tags    *core.Tags
}

var compiled sync.Map // by version

func (p *profile) spoken() *spoken {
	if v, ok := compiled.Load(p.version); ok {
		return v.(*spoken)
	}
	d, err := dict.For(p.begin, p.appl)
	if err != nil {
		panic(err)
	}
	v := &spoken{dialect: core.NewDialect(p.version, d)}
	same := func(msgType string) func(int) bool { return dict.Carried(d, d, []byte(msgType)) }
	v.tags = core.NewTags(v.dialect, v.dialect, same, same, core.PolicyOptions{})
	compiled.Store(p.version, v)
	return v
}

func (p *profile) book() (*risk.Book, error) {
	book := risk.NewBook(risk.Capacity{RestingOrders: p.orders, Accounts: len(accountNames), Instruments: 2, Clients: 3, Links: len(linkNames), Positions: 128, Measured: 32, Slices: 8,
		Venues: 2, Groups: 1, Desks: 1, Traders: 2, Algos: 2, Listings: 6, RepeatEntries: 256, Kills: 8, Entitlements: 8, OrderLimits: 8, Throttles: risk.Room{Windows: 32, Meters: 48, Stamps: 1 << 13, Trips: 4}}, func(n int) []byte { return make([]byte, n) })
	return book, p.limit(book)
}

// limit sets the limits of the variant in force.
func (p *profile) limit(book *risk.Book) error {
	v := variants[p.variant]
	if err := book.SetLimits(risk.ScopeFirm, 0, risk.Limits{Gross: v.firmGross * risk.MoneyScale, Net: risk.Unlimited, DailyLoss: 2 * v.dailyLoss * risk.MoneyScale,
		Measures: limited(risk.MeasureOpen, int64(v.firmOpen)*risk.MoneyScale), Warn: warnedLevels}); err != nil {
		return err
	}
	for n := range uint32(2) {
		limits := risk.Limits{Gross: risk.Unlimited, Net: v.clientNet * risk.MoneyScale, DailyLoss: v.dailyLoss * risk.MoneyScale, Measures: limited(risk.MeasureLong, int64(v.clientLong)*risk.PriceScale)}
		group := uint32(risk.NoIndex)
		if n == acme {
			group = 0
		}
		if err := book.SetClient(n, risk.Client{Group: group, Limits: limits}); err != nil {
			return err
		}
	}
	for a := range uint32(suspenseX) {
		if err := book.SetAccount(a, p.account(a)); err != nil {
			return err
		}
	}
	for a := uint32(suspenseX); a <= suspenseY; a++ {
		if err := book.SetAccount(a, risk.Account{Client: accountOwner[a], Closed: true}); err != nil {
			return err
		}
	}
	if err := p.thirdSetting().Put(book); err != nil {
		return err
	}
	for i := range uint32(2) {
		if err := book.SetInstrument(i, p.instrument(i)); err != nil {
			return err
		}
	}
	if err := v.limitAside(book); err != nil {
		return err
	}
	if p.partly {
		for _, s := range p.parts(true) {
			if err := s.Put(book); err != nil {
				return err
			}
		}
	}
	if err := limitOrders(book); err != nil {
		return err
	}
	for _, t := range p.allThrottles() {
		if err := book.SetThrottles(t.kind, t.index, t.list); err != nil {
			return err
		}
	}
	entitled := [][2]uint32{{acme, 0}, {acme, 1}, {acme2, 0}, {beta, 2}}
	if p.third {
		entitled = append(entitled, [2]uint32{acme, third}, [2]uint32{acme2, third})
	}
	for _, e := range entitled {
		if err := book.Entitle(e[0], e[1]); err != nil {
			return err
		}
	}
	return nil
}

func (p *profile) account(a uint32) risk.Account {
	v := variants[p.variant]
	var short risk.ShortRules
	if a == 2 {
		short = risk.ShortMarkChecked | risk.LocateRequired
	}
	match := uint32(0)
	if a < 2 && p.cancelByClient {
		match = 1
	}
	return risk.Account{SelfMatch: match, SelfMatchAction: p.matchAction, Client: accountOwner[a],
		Limits: risk.Limits{Gross: v.gross * risk.MoneyScale, Net: v.net * risk.MoneyScale, ClosingReserveBps: 1000,
			Measures: limited(risk.MeasureShortAll, int64(v.allShort)*risk.PriceScale)},
		OrderLimits: risk.OrderLimits{OrderQtyMax: orderQtyMax, NotionalMax: v.gross * risk.MoneyScale, MarketMax: v.gross * risk.MoneyScale},
		LongMax:     900 * risk.PriceScale,
		ShortMax:    300 * risk.PriceScale, OpenOrdersMax: 30, RepeatCountMax: 8, RepeatWindowNs: 1e9,
		Sides: risk.AllSides, OrdTypes: risk.AllOrdTypes, TimesInForce: risk.AllTimesInForce, Fields: risk.GrantedFields, ExecInsts: risk.GrantedExecInsts, SellLongChecked: a != 1, Short: short}
}

// limitOrders sets lower limits of single orders than those of accounts, of some scopes in one instrument.
func limitOrders(book *risk.Book) error {
	lower, msft := risk.NoOrderLimits, risk.Part{Class: risk.OneInstrument, Instrument: 1}
	lower.OrderQtyMax, lower.AdvBpsMax = 200*risk.PriceScale, 1500
	return errors.Join(book.SetOrderLimits(risk.ScopeClient, 1, msft, lower), book.SetOrderLimits(risk.ScopeLink, acme2, msft, lower))
}

func (p *profile) instrument(i uint32) risk.Instrument {
	in := risk.Instrument{Class: classes[i], K: risk.PriceScale, Lot: risk.PriceScale, QtyMax: risk.Unlimited, Adv: 1000 * risk.PriceScale, BandBps: 1000,
		CollarBps: 1500, Collars: risk.Collars{Amount: 290_000_000, Ticks: 285}, Ages: risk.SourceAges{QuoteNs: 3600e9, LastNs: 3600e9, CloseNs: 3600e9}, OrdTypes: risk.AllOrdTypes,
		TimesInForce: risk.AllTimesInForce, Fields: risk.GrantedFields}
	in.Ticks[0] = risk.TickBand{Tick: risk.PriceScale / 100}
	if p.rate && i == 0 {
		in.K, in.Rate = risk.PriceScale*5/4, risk.Rate{AtNs: p.ratedNs, AgeMaxNs: 20e9}
	}
	return in
}

// quotes are the reference prices, by instrument.
type quotes []risk.Quote

func (q quotes) Quote(i uint32, out *risk.Quote) { *out = q[i] }
