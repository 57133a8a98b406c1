package rehearsal

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	exact "github.com/shopspring/decimal"

	"portcullis/fix"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// ErrNotRefused is of a self-test in which a breach passed.
var ErrNotRefused = errors.New("a control that is armed lets its breach pass")

// SelfTest gives each account of each link one order that breaches each of its controls, and prints what refused it. A
// breach that another control refuses first is told as such: that is a fact of the limits, not a fault. Nothing is
// journaled and no byte leaves.
func SelfTest(w io.Writer, cfg *config.Config, nowNs int64) error {
	alone := *cfg
	alone.Breaches = nil // a kill for the first breach would refuse all others
	s, err := newStage(&alone)
	if err != nil {
		return err
	}
	t := selfTest{stage: s, cfg: cfg, out: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	s.at(nowNs)
	for i := range cfg.Links {
		for _, account := range cfg.Links[i].Accounts {
			if err := t.account(&cfg.Links[i], account); err != nil {
				return err
			}
		}
	}
	if err := t.out.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "%d breaches tried: %d refused by their control, %d by another first, %d passed\n", t.tried, t.right, t.tried-t.right-t.passed, t.passed)
	if t.passed > 0 {
		return ErrNotRefused
	}
	return nil
}

type selfTest struct {
	stage                *stage
	cfg                  *config.Config
	out                  *tabwriter.Writer
	ids                  int
	tried, right, passed int
}

// terms are an order's, as its fields say them; more are fields beside those.
type terms struct{ account, symbol, side, qty, ordType, price, tif, more string }

func (t *terms) body(id, stamp string) string {
	text := fmt.Sprintf("11=%s|1=%s|55=%s|54=%s|38=%s|40=%s|59=%s|60=%s|", id, t.account, t.symbol, t.side, t.qty, t.ordType, t.tif, stamp)
	if t.price != "" {
		text += "44=" + t.price + "|"
	}
	text += t.more
	return strings.ReplaceAll(text, "|", "\x01")
}

func decimal(v int64) string { return string(fix.AppendDecimal(nil, v)) }

// account tries the controls of one account over one of its links.
func (t *selfTest) account(l *config.Link, account int) error {
	a := &t.cfg.Accounts[account]
	in := t.instrument(func(in *config.Instrument) bool {
		return !in.Restricted && !in.Halted && in.Test == (a.Tests == config.OnlyTests || l.Tests == config.OnlyTests) &&
			in.CloseDate != 0 && in.RiskPriceBuy == 0 && t.standing(l, a, in.Symbol) == tradable
	})
	number := t.stage.linkOf([]byte(l.Session.TargetCompID))
	if in == nil || number == core.NoIndex || a.Sides == "" || a.OrdTypes == "" || a.TimeInForces == "" {
		return nil // it cannot trade at all
	}
	if err := t.stage.logOn(number); err != nil {
		return err
	}
	sound := terms{account: a.Name, symbol: in.Symbol, side: a.Sides[:1], qty: decimal(in.Lot), ordType: "2", price: decimal(in.Close), tif: a.TimeInForces[:1], more: capacities(l, a)}
	for _, b := range t.breaches(l, a, in, sound) {
		t.try(number, l, a, b)
	}
	return nil
}

// breach is an order that a control must refuse, the last of so many alike.
type breach struct {
	control risk.Reason
	terms   terms
	times   int64
	phase   risk.Phase // in which every venue is
	before  []terms    // orders that come before it, and pass
	filled  bool       // and are filled
	held    bool       // one lot of it is held at the start of the day
	located string     // how much of it is located; "": nothing
	cutOff  string     // the venue that takes no orders at the close any more; "": all do
	tested  bool       // the price test of short sales is in force
	bid     bool       // and a best bid is known, the price of the order
}

func (t *selfTest) breaches(l *config.Link, a *config.Account, in *config.Instrument, sound terms) (list []breach) {
	add := func(armed bool, control risk.Reason, times int64, change func(*terms)) {
		if armed {
			b := breach{control: control, terms: sound, times: times, phase: risk.Continuous}
			change(&b.terms)
			list = append(list, b)
		}
	}
	if m := a.Limits.Measures; m != nil && m[risk.MeasureInventory] != config.Unlimited && !t.stage.marked(in.Symbol) {
		add(true, risk.MarkMissing, 1, func(*terms) {}) // first: a mark that is known is never forgotten
	}
	add(true, risk.SymbolUnknown, 1, func(o *terms) { o.symbol = "NO-SUCH-SYMBOL" })
	for i := range t.cfg.Accounts {
		if other := &t.cfg.Accounts[i]; other.Client != a.Client {
			add(true, risk.AccountNotEntitled, 1, func(o *terms) { o.account = other.Name })
			break
		}
	}
	barred := t.instrument(func(in *config.Instrument) bool { return in.Restricted })
	add(barred != nil, risk.SymbolRestricted, 1, func(o *terms) { o.symbol = barred.Symbol })
	halted := t.instrument(func(in *config.Instrument) bool { return in.Halted && !in.Restricted })
	add(halted != nil, risk.SymbolHalted, 1, func(o *terms) { o.symbol = halted.Symbol })
	for _, row := range []struct {
		is      standing
		control risk.Reason
	}{{restricted, risk.InstrumentRestricted}, {notPermitted, risk.InstrumentNotPermitted}} {
		on := t.instrument(func(in *config.Instrument) bool { return !in.Restricted && t.standing(l, a, in.Symbol) == row.is })
		add(on != nil, row.control, 1, func(o *terms) { o.symbol = on.Symbol })
	}
	for _, row := range []struct {
		permitted, all string
		control        risk.Reason
		set            func(o *terms, code string)
	}{
		{a.Sides, "125", risk.SideForbidden, func(o *terms, code string) { o.side = code }},
		{a.OrdTypes, "1", risk.OrdTypeForbidden, func(o *terms, code string) { o.ordType, o.price = code, "" }},
		{a.TimeInForces, "0134", risk.TimeInForceForbidden, func(o *terms, code string) { o.tif = code }},
	} {
		if i := strings.IndexFunc(row.all, func(code rune) bool { return !strings.ContainsRune(row.permitted, code) }); i >= 0 {
			add(true, row.control, 1, func(o *terms) { row.set(o, row.all[i:i+1]) })
		}
	}
	t.forms(l, a, in, add)
	add(in.Lot > 1, risk.OffLot, 1, func(o *terms) { o.qty = decimal(in.Lot + in.Lot/2) })
	tick := in.Ticks.At(in.Close)
	add(tick > 1, risk.OffTick, 1, func(o *terms) { o.price = decimal(in.Close - in.Close%tick + tick/2) })
	lowest := t.lowest(l, a, in)
	add(lowest.OrderQtyMax != config.Unlimited, risk.OrderQtyTooLarge, 1, func(o *terms) { o.qty = decimal((lowest.OrderQtyMax/in.Lot + 1) * in.Lot) })
	add(lowest.OrderQtyMin > in.Lot, risk.OrderQtyTooSmall, 1, func(*terms) {})
	costly := above(lowest.NotionalMax, in)
	add(costly <= lowest.OrderQtyMax, risk.NotionalTooLarge, 1, func(o *terms) { o.qty = decimal(costly) })
	if most, asked := share(lowest.AdvBpsMax, in); asked && most < min(lowest.OrderQtyMax, costly) {
		add(true, risk.VolumeShareExceeded, 1, func(o *terms) { o.qty = decimal(most) })
	}
	if in.WholeCents && tenthOfCent%tick == 0 && in.Close >= 100*cent {
		add(true, risk.SubPennyPrice, 1, func(o *terms) { o.price = decimal(in.Close - in.Close%cent + tenthOfCent) })
	}
	for _, c := range collars(in) {
		far := in.Close + c.width
		far += 2 * in.Ticks.At(far)
		add(true, c.control, 1, func(o *terms) { o.price = decimal(far - far%in.Ticks.At(far)) })
	}
	add(a.Repeat.CountMax != config.Unlimited, risk.RepeatedOrder, a.Repeat.CountMax+1, func(*terms) {})
	short := func(o *terms) { o.side = "5" }
	add(a.Locate == config.LocateRequired && strings.Contains(a.Sides, "5"), risk.LocateMissing, 1, short)
	add(a.Locate == config.LocateDeclared && strings.Contains(a.Sides, "5"), risk.LocateNotDeclared, 1, short)
	if strings.Contains(a.Sides, "5") {
		b := breach{control: risk.ShortSaleBidMissing, terms: sound, times: 1, tested: true}
		b.terms.side = "5"
		list = append(list, b)
		b.control, b.bid = risk.ShortSaleNotAboveBid, true
		list = append(list, b)
	}
	if a.ShortChecked && strings.Contains(a.Sides, "5") {
		b := breach{control: risk.ShortMarkWrong, terms: sound, times: 1, phase: risk.Continuous, held: true}
		b.terms.side = "5"
		list = append(list, b)
	}
	list = append(list, t.outOfPhase(a, sound)...)
	add(l.OrderRate.CountMax != config.Unlimited, risk.OrderRateExceeded, l.OrderRate.CountMax+1, func(o *terms) { o.symbol = "NO-SUCH-SYMBOL" })
	if a.Limits.Measures != nil {
		for m, limit := range a.Limits.Measures {
			side, qty := overMeasure(risk.Measure(m), limit, in)
			armed := limit != config.Unlimited && qty != "" && strings.Contains(a.Sides, side)
			add(armed, risk.Measure(m).Reason(), 1, func(o *terms) { o.side, o.qty = side, qty })
		}
	}
	t.inSlices(l, a, in, add)
	list = append(list, t.afterwards(a, in, sound)...)
	for _, w := range append(slices.Clone(l.Throttles), a.Throttles...) {
		t.throttle(add, w, in)
		if w.Of == risk.Executions && w.Max <= filledMax {
			list = append(list, breach{control: w.Of.Control(), terms: sound, times: 1, phase: risk.Continuous,
				before: slices.Repeat([]terms{sound}, int(w.Max)), filled: true})
		}
	}
	return list
}

// lowest are the limits that hold a single order of an account over a link, the venue's left out.
func (t *selfTest) lowest(l *config.Link, a *config.Account, in *config.Instrument) config.OrderLimits {
	o, cfg, client := a.OrderLimits, t.cfg, &t.cfg.Clients[a.Client]
	o.OrderQtyMax = min(o.OrderQtyMax, in.OrderQtyMax)
	lists := [][]config.OrderRule{a.Orders, client.Orders, cfg.FirmOrders, l.Orders}
	if client.Group != config.None {
		lists = append(lists, cfg.Groups[client.Group].Orders)
	}
	if l.Algo != config.None {
		lists = append(lists, cfg.Algos[l.Algo].Orders)
	}
	if l.Trader != config.None {
		trader := &cfg.Traders[l.Trader]
		if lists = append(lists, trader.Orders); trader.Desk != config.None {
			lists = append(lists, cfg.Desks[trader.Desk].Orders)
		}
	}
	for _, rules := range lists {
		o.Lower(rules, in)
	}
	return o
}

// above is the smallest quantity that costs more than a limit, at the close; Unlimited where none does.
func above(notionalMax int64, in *config.Instrument) int64 {
	lot, ok := risk.Notional(risk.Price(in.Close), risk.Qty(in.Lot), risk.Factor(in.Factor))
	if notionalMax == config.Unlimited || !ok || lot == 0 || notionalMax/int64(lot) >= config.Unlimited/in.Lot {
		return config.Unlimited
	}
	for lots := notionalMax/int64(lot) + 1; ; lots++ { // the money of one lot is rounded up
		if m, ok := risk.Notional(risk.Price(in.Close), risk.Qty(lots*in.Lot), risk.Factor(in.Factor)); !ok || int64(m) > notionalMax {
			return lots * in.Lot
		}
	}
}

// overMeasure is the smallest order that takes a measure of an empty account above its limit; "": no order does.
func overMeasure(m risk.Measure, limit int64, in *config.Instrument) (side, qty string) {
	side = "1"
	switch m {
	case risk.MeasureExecuted:
		return "", ""

	case risk.MeasureNetShort, risk.MeasureShort, risk.MeasureShortAll:
		side = "5"
	}
	at := func(v int64, decimals int32) exact.Decimal { return exact.New(v, -decimals) }
	lot, most := at(in.Lot, config.QtyDecimals), at(limit, config.QtyDecimals)
	each := lot // what one lot takes of the limit
	if m.Reason().Row().Limit == risk.UnitMoney {
		each, most = lot.Mul(at(in.Close, config.QtyDecimals)).Mul(at(in.Factor, config.QtyDecimals)), at(limit, config.MoneyDecimals)
	}
	return side, lot.Mul(most.Div(each).Floor().Add(exact.NewFromInt(1))).String()
}

// throttle tries one order more than a window takes; one order may not reach a sum.
func (t *selfTest) throttle(add func(bool, risk.Reason, int64, func(*terms)), w risk.Throttle, in *config.Instrument) {
	control, counts := w.Of.Control(), w.Max != config.Unlimited && w.Max <= breachOrdersMax
	switch w.Of {
	case risk.Messages, risk.Orders:
		add(counts, control, w.Max+1, func(o *terms) { o.symbol = "NO-SUCH-SYMBOL" })
	case risk.EqualOrders:
		add(counts, control, w.Max+1, func(*terms) {})
	case risk.Rejects:
		add(counts, control, w.Max+1, func(o *terms) { o.symbol = "NO-SUCH-SYMBOL" })
	case risk.SymbolOrders:
		add(counts, control, w.Max+1, func(*terms) {})
	case risk.SymbolQty, risk.DayQty, risk.SymbolDayQty:
		add(w.Max != config.Unlimited, control, 1, func(o *terms) { o.qty = decimal((w.Max/in.Lot + 1) * in.Lot) })
	case risk.OrderTrades, risk.SymbolOrderTrades, risk.SymbolQtyTrades: // nothing executes
		add(w.Max != config.Unlimited && w.Least <= breachOrdersMax, control, max(1, w.Least), func(*terms) {})
	case risk.NotionalSum:
		qty := above(w.Max, in)
		add(qty != config.Unlimited, control, 1, func(o *terms) { o.qty = decimal(qty) })
	}
}

// breachOrdersMax bounds the orders that one breach takes, filledMax those that the venue has to fill for it.
const (
	breachOrdersMax = 10_000
	filledMax       = 1_000
)

// Increments of prices, at 1e-8.
const (
	cent        = risk.PriceScale / 100
	tenthOfCent = cent / 10
)

// collar is how far a price may be from the close by one control.
type collar struct {
	control risk.Reason
	width   int64
}

// collars are those of an instrument that a price can leave by itself. A stage has no quote to be away from.
func collars(in *config.Instrument) (list []collar) {
	if in.CollarBps == 0 {
		return nil // no price passes
	}
	tick, nearest := in.Ticks.At(in.Close), int64(config.Unlimited/2)
	if in.CollarBps != config.Unlimited {
		nearest = in.Close / 10_000 * int64(in.CollarBps)
		list = append(list, collar{risk.PriceOutsideCollar, nearest})
	}
	if in.CollarAmount != 0 && in.CollarAmount < nearest-3*tick {
		nearest = in.CollarAmount
		list = append(list, collar{risk.CollarAmountExceeded, nearest})
	}
	if width := int64(in.CollarTicks) * tick; width != 0 && width < nearest-3*tick {
		list = append(list, collar{risk.CollarTicksExceeded, width})
	}
	return list
}

// share is the smallest quantity above a share of the average daily volume; false: none is asked for, or none is known.
func share(bps int, in *config.Instrument) (int64, bool) {
	lots := exact.NewFromInt(in.Adv).Mul(exact.New(int64(bps), -4)).Div(exact.NewFromInt(in.Lot)).Floor().Add(exact.NewFromInt(1))
	qty := lots.Mul(exact.NewFromInt(in.Lot)).BigInt()
	return qty.Int64(), bps != 0 && in.Adv != 0 && qty.IsInt64()
}

func (t *selfTest) instrument(fits func(*config.Instrument) bool) *config.Instrument {
	for i := range t.cfg.Instruments {
		if fits(&t.cfg.Instruments[i]) {
			return &t.cfg.Instruments[i]
		}
	}
	return nil
}

// apartNs is more than any window that one breach fills for the next.
const apartNs = 3600 * 1_000_000_000

// send is one order of a participant.
func (t *selfTest) send(l uint32, o *terms) {
	t.ids++
	stamp := string(t.stage.stamper.Append(nil, t.stage.nowNs, fix.Millis))
	t.stage.message(l, "D", o.body(fmt.Sprintf("SELFTEST-%d", t.ids), stamp))
}

func (t *selfTest) try(l uint32, in *config.Link, a *config.Account, b breach) {
	t.stage.nowNs += apartNs
	t.stage.core.Book().RollThrottles() // and no day for two
	t.stage.phase(b.phase)
	t.stage.bid = b.bid
	if b.control != risk.MarkMissing {
		t.stage.mark(b.terms.symbol, b.terms.price)
	}
	if b.tested {
		t.stage.priceTest(b.terms.symbol, true)
		defer t.stage.priceTest(b.terms.symbol, false)
	}
	if b.held {
		t.stage.hold(b.terms.account, b.terms.symbol, b.terms.qty)
		defer t.stage.hold(b.terms.account, b.terms.symbol, "0")
	}
	if b.located != "" {
		t.stage.locate(b.terms.account, b.terms.symbol, b.located)
		defer t.stage.locate(b.terms.account, b.terms.symbol, "0")
	}
	if b.cutOff != "" {
		t.stage.passCutOff(b.cutOff, b.terms.symbol)
	}
	got := t.prepare(l, &b)
	for range b.times {
		t.send(l, &b.terms)
	}
	if got == risk.Accepted {
		got = t.stage.d.Reason
	}
	t.stage.enable()
	t.tried++
	how := "refused"
	switch got {
	case b.control:
		t.right++
	case risk.Accepted:
		how = "PASSED"
		t.passed++
	default:
		how = got.String() + " refuses first"
	}
	fmt.Fprintf(t.out, "%s\t%s\t%s\t%s\n", in.Session.Name, a.Name, b.control, how)
}
