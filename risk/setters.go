package risk

import "math/bits"

// account is the row of one account: limits as set, and its path through the scopes.
type account struct {
	orders           orderLimits
	longMax          Qty
	shortMax         Qty
	openOrdersMax    int64
	repeatCountMax   int64
	repeatWindowNs   int64
	repeatFrom       uint64            // equal orders up to this one count no more: a human has looked
	path             [ownersMax]uint32 // scopes from the account outward
	depth            uint32            // how many of them; 0 = the account is not configured
	client           uint32
	stops            stops // active kills of this account
	ordTypes         OrdTypeSet
	timesInForce     TimeInForceSet
	execInsts        ExecInstSet
	fields           FieldSet
	capacitiesBarred CapacitySet
	tests            TestRule
	sides            SideSet
	sellLong         bool
	repeatDisables   bool
	short            ShortRules
	startOfDay       bool // shut until dayOpen
	closed           bool
	dayOpen          bool // its start-of-day positions of this trade date are complete
	dated            bool // they are, or are being said: in the units of this trade date
	phaseRules       uint8
	matchAction      MatchAction
	matchGroup       uint32 // of self-match, plus one; 0 = none
}

// client, trader, link and venue are what the paths of orders ask of them. Groups and desks are numbers
// plus one; 0 = none.
type (
	client struct {
		group    uint32
		accounts uint32 // how many accounts it has
		stops    stops  // active kills of this client
		limited  bool   // it has a row in clientOrders that restricts
	}
	trader struct{ desk uint32 }
	link   struct {
		stops  stops // active kills of this link
		credit bool  // it is a scope with limits
		_      [3]byte
	}
	venue struct {
		credit bool // it is a scope with limits
		halted bool // by an operator
	}
)

// instrument is the row of one symbol. The first cache lines hold what every order reads.
type instrument struct {
	k             Factor // 0 = the instrument is not configured
	lot           Qty
	qtyMax        Qty
	bandBps       int64
	collarBps     int64
	rate          Rate
	ageMaxNs      [refSources]int64 // of reference prices, by their source
	sources       Sources
	riskPrice     [2]Price // buy, sell; 0 = the order's own worst price
	ordTypes      OrdTypeSet
	timesInForce  TimeInForceSet
	fields        FieldSet
	restricted    bool
	halted        bool
	phaseRules    uint8
	test          bool
	mayBeNegative bool
	collared      bool // collars bound the distance from the reference
	touched       bool // they bound that from a touch
	subPenny      bool // prices keep Rule 612
	limited       bool // it has a row in instrumentOrders that restricts
	wasSplit      bool // units says which reference prices are in others
	class         Class
	bands         uint32
	lists         ListSet // that it is always on
	listings      uint32  // its chain of those for a time
	adv           Qty
	static        Static
	units         unitsOf
	collars       Collars
	ticks         [TickBandsMax]TickBand
}

// entitlement says that a link may trade for an account. A revoked pair keeps its slot.
type entitlement struct {
	key     uint64 // pair(link, account); 0 = free
	granted uint64
}

const (
	bpsMax      = 1_000_000
	repeatMax   = 1024 // bounds how far one check may walk
	windowMaxNs = 31 * 24 * 3600 * 1_000_000_000
)

func limitOK(v int64) bool { return v >= 0 && (v <= MagnitudeMax || v == Unlimited) }

// SetLimits puts the limits of a scope in place, at start or by a reload command: of the firm, a
// group, a desk, an algorithm; of a link or venue, which from then on bears credit: with something booked already it is
// backfilled.
func (b *Book) SetLimits(kind Scope, i uint32, l Limits) error {
	n, ok := b.number(kind, i)
	if !ok {
		return errIndex
	}
	if err := b.setScope(n, l); err != nil {
		return err
	}
	if !b.bearsCredit(n) {
		b.begins(n, lacksSums)
	}
	switch kind {
	case ScopeLink:
		b.links[i].credit = true
	case ScopeVenue:
		b.venues[i].credit = true
	}
	return nil
}

// SetClient sets the limits of a client and the group it belongs to, before those of its accounts. It takes along what counts
// as an account does.
func (b *Book) SetClient(i uint32, in Client) error {
	n, ok := b.number(ScopeClient, i)
	if !ok || in.Group != NoIndex && in.Group >= b.scopesOf[ScopeGroup] {
		return errIndex
	}
	group := in.Group + 1
	if c := &b.clients[i]; c.group != group {
		m := b.ownerMove(n, ScopeGroup, c.group, group)
		b.moved(&m)
		c.group = group
		for a := range b.accounts {
			if row := &b.accounts[a]; c.accounts > 0 && row.depth != 0 && row.client == i {
				row.path, row.depth = b.owners(uint32(a), i)
			}
		}
	}
	b.foldClient(i)
	return b.setScope(n, in.Limits)
}

// SetTrader sets the limits of a trader and the desk he belongs to. He takes along what counts as an account does.
func (b *Book) SetTrader(i uint32, in Trader) error {
	n, ok := b.number(ScopeTrader, i)
	if !ok || in.Desk != NoIndex && in.Desk >= b.scopesOf[ScopeDesk] {
		return errIndex
	}
	if t, desk := &b.traders[i], in.Desk+1; t.desk != desk {
		m := b.ownerMove(n, ScopeDesk, t.desk, desk)
		b.moved(&m)
		t.desk = desk
	}
	return b.setScope(n, in.Limits)
}

// check tells whether they are limits.
func (l *Limits) check() error {
	switch {
	case !limitOK(int64(l.Gross)) || !limitOK(int64(l.Net)):
		return errLimit
	case l.DailyLoss < 0 || l.DailyLoss > MagnitudeMax:
		return errLimit
	case l.ClosingReserveBps < 0 || l.ClosingReserveBps > bpsOne:
		return errReserve
	}
	if err := l.Measures.check(); err != nil {
		return err
	}
	return l.Warn.check()
}

func (b *Book) setScope(n uint32, l Limits) error {
	if err := l.check(); err != nil {
		return err
	}
	if err := b.setMeasures(n, &l); err != nil {
		return err
	}
	s := &b.scopes[n]
	s.gross, s.net, s.grossClosing = l.Gross, l.Net, l.Gross
	if l.Gross != Unlimited {
		hi, lo := bits.Mul64(uint64(l.Gross), uint64(l.ClosingReserveBps))
		reserve, _ := bits.Div64(hi, lo, bpsOne) // at most Gross, as the share is at most one
		s.grossClosing += Money(reserve)
	}
	return nil
}

// checkAccountSet tells whether an account may be set so, and packs its limits of single orders.
func (b *Book) checkAccountSet(i uint32, in *Account) (orders orderLimits, err error) {
	if i >= uint32(len(b.accounts)) || in.Client >= uint32(b.capacity.Clients) {
		return orders, errIndex
	}
	for _, v := range [...]int64{int64(in.LongMax), int64(in.ShortMax), in.OpenOrdersMax, in.RepeatCountMax} {
		if !limitOK(v) {
			return orders, errLimit
		}
	}
	switch {
	case in.RepeatCountMax > repeatMax && in.RepeatCountMax != Unlimited:
		return orders, errRepeat
	case in.RepeatWindowNs < 0 || in.RepeatWindowNs > windowMaxNs:
		return orders, errWindow
	case in.PhaseRules < 0 || in.PhaseRules > PhaseRulesMax:
		return orders, errPhaseRules
	case in.SelfMatch != 0 && len(b.resting) == 0:
		return orders, errMatch
	}
	return in.OrderLimits.pack()
}

// SetAccount sets everything that is judged per account, and its path. With another client than before it takes along what
// counts: see move.go.
func (b *Book) SetAccount(i uint32, in Account) error {
	orders, err := b.checkAccountSet(i, &in)
	if err != nil {
		return err
	}
	a, scope := &b.accounts[i], b.accountScope(i)
	if err := b.setScope(scope, in.Limits); err != nil {
		return err
	}
	if a.depth != 0 {
		b.clients[a.client].accounts--
	}
	b.clients[in.Client].accounts++
	if a.depth != 0 && a.client != in.Client {
		m := b.accountMove(i, in.Client)
		b.moved(&m)
	}
	path, depth := b.owners(i, in.Client)
	*a = account{
		orders: orders, longMax: in.LongMax, shortMax: in.ShortMax,
		openOrdersMax: in.OpenOrdersMax, repeatCountMax: in.RepeatCountMax, repeatWindowNs: in.RepeatWindowNs, repeatDisables: in.RepeatDisables,
		repeatFrom: a.repeatFrom, path: path, depth: depth, client: in.Client, stops: a.stops,
		ordTypes: in.OrdTypes & AllOrdTypes, timesInForce: in.TimesInForce & AllTimesInForce, fields: in.Fields & GrantedFields,
		execInsts: in.ExecInsts & GrantedExecInsts, capacitiesBarred: in.CapacitiesBarred, tests: in.Tests,
		sides:    in.Sides & AllSides,
		sellLong: in.SellLongChecked, matchGroup: in.SelfMatch, matchAction: in.SelfMatchAction, short: in.Short, startOfDay: in.StartOfDay, closed: in.Closed, dayOpen: a.dayOpen, dated: a.dated,
		phaseRules: uint8(in.PhaseRules),
	}
	return nil
}

// OpenDay says that an account's start-of-day positions of this trade date are complete. Roll ends it.
func (b *Book) OpenDay(i uint32) {
	b.accounts[i].dayOpen = true
	b.date(i)
}

// date says that start-of-day positions of this trade date are an account's: they are in its units, whatever was split, and
// have what a split has left.
func (b *Book) date(i uint32) {
	b.accounts[i].dated = true
	if b.totals[0].unsettled == 0 {
		return
	}
	for at := range b.positions {
		if n, _ := b.positions[at].at(); b.positions[at].key != 0 && n == b.accountScope(i) {
			b.settleRow(uint64(at))
		}
	}
}

// BeginDay takes an account's start-of-day positions back: those of the trade date follow, and it is closed until
// OpenDay.
func (b *Book) BeginDay(i uint32) {
	b.accounts[i].dayOpen = false
	b.date(i)
	for at := range b.positions {
		if n, ins := b.positions[at].at(); b.positions[at].key != 0 && n == b.accountScope(i) {
			b.start(i, ins, 0)
		}
	}
}

// DayOpen reports whether they are.
func (b *Book) DayOpen(i uint32) bool { return b.accounts[i].dayOpen }

// SetInstrument sets the static data of one symbol.
func (b *Book) SetInstrument(i uint32, in Instrument) error {
	if i >= uint32(len(b.instruments)) {
		return errIndex
	}
	bands, err := in.validate()
	if err != nil {
		return err
	}
	if in.Sources == (Sources{}) {
		in.Sources = UsualSources
	}
	row := &b.instruments[i]
	*row = instrument{
		k: in.K, lot: in.Lot, qtyMax: in.QtyMax, adv: in.Adv, bandBps: in.BandBps, collarBps: in.CollarBps, rate: in.Rate,
		ageMaxNs: in.Ages.bySource(), sources: in.Sources, static: in.Static,
		subPenny: in.WholeCents, collars: in.Collars, collared: in.Collars.Amount|Price(in.Collars.Ticks) != 0, touched: in.Collars.NearBps|in.Collars.FarBps != 0,
		riskPrice: [2]Price{in.RiskPriceBuy, in.RiskPriceSell},
		ordTypes:  in.OrdTypes & AllOrdTypes, timesInForce: in.TimesInForce & AllTimesInForce, fields: in.Fields & GrantedFields,
		restricted: in.Restricted, halted: in.Halted || row.halted, test: in.Test, phaseRules: uint8(in.PhaseRules), mayBeNegative: in.MayBeNegative, class: in.Class,
		bands: bands, ticks: in.Ticks, lists: row.lists, listings: row.listings, wasSplit: row.wasSplit, units: row.units,
	}
	b.foldInstrument(i)
	return nil
}

func (in *Instrument) validate() (bands uint32, err error) {
	switch {
	case in.PhaseRules < 0 || in.PhaseRules > PhaseRulesMax:
		return 0, errPhaseRules
	case in.K <= 0:
		return 0, errFactor
	case in.Class >= classes:
		return 0, errClass
	case in.Lot <= 0:
		return 0, errLot
	case !limitOK(int64(in.QtyMax)):
		return 0, errLimit
	case in.Adv < 0 || in.Adv > MagnitudeMax:
		return 0, errVolume
	case in.BandBps <= 0 || in.BandBps > bpsMax:
		return 0, errBand
	case in.CollarBps < 0 || in.CollarBps > bpsMax && in.CollarBps != Unlimited:
		return 0, errCollar
	case !in.Collars.valid():
		return 0, errCollars
	case in.Rate.AgeMaxNs < 0:
		return 0, errRateAge
	case !in.Ages.valid():
		return 0, errWindow
	case !in.Sources.valid():
		return 0, errSources
	case in.Static.AtNs != 0 && in.Static.Price <= 0 && !in.MayBeNegative:
		return 0, errStatic
	case in.RiskPriceBuy < 0 || in.RiskPriceSell < 0,
		in.MayBeNegative && (in.RiskPriceBuy == 0 || in.RiskPriceSell == 0):
		return 0, errRiskPrice
	}
	for bands < TickBandsMax && in.Ticks[bands].Tick > 0 {
		if bands == 0 && in.Ticks[0].From != 0 || bands > 0 && in.Ticks[bands].From <= in.Ticks[bands-1].From {
			return 0, errTicks
		}
		bands++
	}
	if bands == 0 || bands < TickBandsMax && in.Ticks[bands] != (TickBand{}) {
		return 0, errTicks
	}
	return bands, nil
}

// onTick tells whether a price is a multiple of the tick of its band.
func (in *instrument) onTick(p Price) (tick Price, ok bool) {
	size := Price(magnitude(int64(p)))
	tick = in.ticks[0].Tick
	for i := uint32(1); i < in.bands && in.ticks[i].From <= size; i++ {
		tick = in.ticks[i].Tick
	}
	return tick, p%tick == 0
}

// Entitle lets a link trade for an account; Revoke ends it.
func (b *Book) Entitle(lnk, acc uint32) error {
	if lnk >= uint32(len(b.links)) || acc >= uint32(len(b.accounts)) {
		return errIndex
	}
	e := b.entitlement(pair(lnk, acc))
	if e.key == 0 {
		t := &b.totals[0]
		if t.entitled >= int64(b.capacity.Entitlements) {
			return errFull
		}
		t.entitled++
		e.key = pair(lnk, acc)
	}
	e.granted = 1
	return nil
}

// Entitled reports whether a link may trade for an account.
func (b *Book) Entitled(lnk, acc uint32) bool { return b.entitlement(pair(lnk, acc)).granted != 0 }

// Revoke ends an entitlement; one that never was is no error.
func (b *Book) Revoke(lnk, acc uint32) { b.entitlement(pair(lnk, acc)).granted = 0 }

// entitlement is the row of a pair, or the free row where it would go. Never full: see slot.
func (b *Book) entitlement(key uint64) *entitlement {
	last := uint64(len(b.entitled) - 1)
	i := mix(key) >> bits.LeadingZeros64(last)
	for b.entitled[i].key != key && b.entitled[i].key != 0 {
		i = (i + 1) & last
	}
	return &b.entitled[i]
}
