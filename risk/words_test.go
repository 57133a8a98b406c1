package risk_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"portcullis/risk"
)

// settings are what a desk starts with; everything not set is unlimited.
type settings struct {
	capacity       risk.Capacity
	firm, client   risk.Limits
	aside          map[risk.Scope]risk.Limits // of groups, desks, traders, algorithms, links and venues
	account        risk.Account
	instrument     risk.Instrument
	throttles      map[risk.Scope][]risk.Throttle // of the first of each kind
	quote          risk.Quote
	linkBarred     risk.CapacitySet
	linkTests      risk.TestRule
	tooLate        risk.Reason
	orders         []orderRule // of single orders, of any scope
	accountUnknown bool
	symbolUnknown  bool
	lists          risk.Lists
	phases         phases
	noVolume       bool // whatever adv says
	noTouch        bool // whatever near and far say
	notEntitled    bool
	slices         []slice
	reduceOnly     bool // a kill of account 0 lets only closing orders pass
}

// hourOld: no reference price of a test is too old unless it says so.
var hourOld = risk.SourceAges{QuoteNs: int64(time.Hour), LastNs: int64(time.Hour), CloseNs: int64(time.Hour), StaticNs: int64(time.Hour)}

func open() settings {
	free := risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}
	return settings{
		capacity: risk.Capacity{Accounts: 1, Clients: 1, Instruments: 1, Links: 1, Throttles: risk.Room{Windows: 16, Meters: 32, Stamps: 8192},
			Positions: 8, Entitlements: 8, RepeatEntries: 64, Kills: 4, Listings: 4, Rules: 4},
		firm: free, client: free, aside: map[risk.Scope]risk.Limits{},
		account: risk.Account{Limits: free, OrderLimits: risk.NoOrderLimits,
			LongMax: risk.Unlimited, ShortMax: risk.Unlimited, OpenOrdersMax: risk.Unlimited,
			RepeatCountMax: risk.Unlimited, Sides: risk.AllSides, OrdTypes: risk.AllOrdTypes,
			TimesInForce: risk.AllTimesInForce, Fields: risk.GrantedFields, ExecInsts: risk.GrantedExecInsts},
		instrument: risk.Instrument{K: risk.PriceScale, Lot: 1, Ticks: [risk.TickBandsMax]risk.TickBand{{Tick: 1}},
			QtyMax: risk.Unlimited, BandBps: 1000, CollarBps: risk.Unlimited, Ages: hourOld,
			OrdTypes: risk.AllOrdTypes, TimesInForce: risk.AllTimesInForce, Fields: risk.GrantedFields},
		throttles: map[risk.Scope][]risk.Throttle{},
		quote:     risk.Quote{Last: 50 * risk.PriceScale, Has: risk.HasLast},
	}
}

// set reads one word such as gross=500 or repeat=2/1s.
func (s *settings) set(t *testing.T, word string) {
	t.Helper()
	key, v, ok := strings.Cut(word, "=")
	if !ok {
		t.Fatalf("setting %q: want key=value", word)
	}
	if s.setMeasure(t, key, v) {
		return
	}
	switch key {
	case "gross", "net", "client-gross", "client-net", "firm-gross", "firm-net", "notional", "market-notional":
		*s.moneyLimit(key) = risk.Money(limit(t, v, 4))
	case "group-gross", "desk-gross", "trader-gross", "algo-gross", "link-gross", "venue-gross", "group-net", "desk-net",
		"trader-net", "algo-net", "link-net", "venue-net":
		s.setAside(t, key, risk.Money(limit(t, v, 4)))
	case "orders":
		s.setOrders(t, v)
	case "class":
		s.instrument.Class = partWords[v].Class
	case "long", "short", "qty", "min", "instrument-qty", "lot", "adv":
		*s.qtyLimit(key) = risk.Qty(limit(t, v, 8))
	case "reserve":
		s.account.ClosingReserveBps = fixed(t, v, 0)
		s.client.ClosingReserveBps, s.firm.ClosingReserveBps = fixed(t, v, 0), fixed(t, v, 0)
	case "adv-share":
		share, of, given := strings.Cut(v, ":")
		if s.account.AdvBpsMax = limit(t, share, 0); given {
			s.instrument.Adv = risk.Qty(fixed(t, of, 8))
		}
	case "open":
		s.account.OpenOrdersMax = limit(t, v, 0)
	case "band":
		s.instrument.BandBps = fixed(t, v, 0)
	case "collar":
		s.instrument.CollarBps = limit(t, v, 0)
	case "sub-penny":
		s.instrument.WholeCents = v == "refuse"
	case "collar-amount":
		s.instrument.Collars.Amount = risk.Price(fixed(t, v, 8))
	case "collar-ticks":
		s.instrument.Collars.Ticks = fixed(t, v, 0)
	case "near", "far": // of a quote around the last price
		s.quote.Bid, s.quote.Ask, s.quote.Has = 49*risk.PriceScale, 51*risk.PriceScale, s.quote.Has|risk.HasBid|risk.HasAsk
		if key == "near" {
			s.instrument.Collars.NearBps = fixed(t, v, 0)
		} else {
			s.instrument.Collars.FarBps = fixed(t, v, 0)
		}
	case "repeat":
		s.account.RepeatCountMax, s.account.RepeatWindowNs = window(t, v)
	case "rate":
		s.throttle(t, risk.ScopeLink, "orders", v)
	case "throttle": // of a kind of scope: throttle=account:orders:2/1s
		words := strings.SplitN(v, ":", 3)
		if len(words) != 3 {
			t.Fatalf("%q: want kind:measure:limit", v)
		}
		s.throttle(t, scopeKinds[words[0]], words[1], words[2])
	case "ref":
		if v == "none" {
			s.quote.Has = 0
			break
		}
		s.quote.Has, s.quote.Last = s.quote.Has|risk.HasLast, risk.Price(fixed(t, v, 8))
	case "bid":
		s.quote.Has |= risk.HasBid
		s.quote.Bid = risk.Price(fixed(t, v, 8))
	case "ask":
		s.quote.Has |= risk.HasAsk
		s.quote.Ask = risk.Price(fixed(t, v, 8))
	case "ref-age":
		s.instrument.Ages.QuoteNs, s.instrument.Ages.LastNs = duration(t, v), duration(t, v)
	case "fx-age":
		s.instrument.Rate = risk.Rate{AgeMaxNs: duration(t, v)}
	case "fx":
		s.instrument.Rate = map[string]risk.Rate{"stale": {AtNs: -2, AgeMaxNs: 1}, "ahead": {AtNs: 5_000_000_000, AgeMaxNs: 1_000_000_000}}[v]
	case "tick":
		s.instrument.Ticks = ticks(t, v)
	case "sides":
		s.account.Sides = 0
		for _, w := range strings.Split(v, ",") {
			s.account.Sides = s.account.Sides.With(parseSide(t, w))
		}
	case "types":
		s.account.OrdTypes = types(t, v)
	case "instrument-types":
		s.instrument.OrdTypes = types(t, v)
	case "tifs":
		s.account.TimesInForce = tifs(t, v)
	case "instrument-tifs":
		s.instrument.TimesInForce = tifs(t, v)
	case "mark":
		s.account.Short |= risk.ShortMarkChecked
	case "barred":
		s.account.CapacitiesBarred = capacities(t, v)
	case "link-barred":
		s.linkBarred = capacities(t, v)
	case "cutoff":
		s.tooLate = map[string]risk.Reason{"past": risk.CloseCutOff, "no-cancel": risk.NoCancelPeriod}[v]
	case "tests":
		s.account.Tests = testWords[v]
	case "link-tests":
		s.linkTests = testWords[v]
	case "insts":
		s.account.ExecInsts, _ = risk.ParseExecInsts([]byte(strings.ReplaceAll(v, "+", " ")))
	case "fields":
		s.account.Fields = fields(t, v)
	case "instrument-fields":
		s.instrument.Fields = fields(t, v)
	case "self-match":
		s.capacity.RestingOrders, s.account.SelfMatch = 8, 1
	case "locate":
		s.account.Short |= map[string]risk.ShortRules{"declared": risk.LocateDeclared, "required": risk.LocateRequired}[v]
	case "sell-long", "account", "symbol", "entitled", "closed", "restricted", "halted", "no-adv", "no-touch", "test":
		*s.flag(key) = v == "yes" || v == "checked" || v == "unknown" || v == "no" && key == "entitled"
	case "reduce-only":
		s.reduceOnly = v == "yes"
	case "phase", "symbol-phase", "rules-of", "venue-halted":
		s.setPhase(t, key, v)
	case "restrict", "permit":
		s.setList(t, key, v)
	case "positions":
		s.capacity.Positions = int(fixed(t, v, 0))
	case "repeats":
		s.capacity.RepeatEntries = int(fixed(t, v, 0))
	default:
		t.Fatalf("setting %q is not known", word)
	}
}

// scopeKinds are those that may have throttles.
var scopeKinds = map[string]risk.Scope{"firm": risk.ScopeFirm, "group": risk.ScopeGroup, "client": risk.ScopeClient,
	"account": risk.ScopeAccount, "desk": risk.ScopeDesk, "trader": risk.ScopeTrader, "algo": risk.ScopeAlgo, "link": risk.ScopeLink}

// flows are the words of what a throttle is of, each with the decimals of its amounts.
var flows = map[string]struct {
	flow     risk.Flow
	decimals int32
}{"messages": {risk.Messages, 0}, "orders": {risk.Orders, 0}, "symbol_orders": {risk.SymbolOrders, 0}, "executions": {risk.Executions, 0}, "rejects": {risk.Rejects, 0},
	"notional": {risk.NotionalSum, 4}, "symbol_qty": {risk.SymbolQty, 8}, "order_trade_ratio": {risk.OrderTrades, 2}, "symbol_order_trade_ratio": {risk.SymbolOrderTrades, 2},
	"symbol_qty_trade_ratio": {risk.SymbolQtyTrades, 2}, "equal_orders": {risk.EqualOrders, 0}, "day_qty": {risk.DayQty, 8}, "symbol_day_qty": {risk.SymbolDayQty, 8}}

func (s *settings) throttle(t *testing.T, kind risk.Scope, flow, v string) {
	t.Helper()
	amount, span, ok := strings.Cut(v, "/")
	m, known := flows[flow]
	if ok == (m.flow.Daily() && !m.flow.Ratio()) || !known || kind == 0 {
		t.Fatalf("throttle %s of %q is not known", flow, v)
	}
	if _, aside := asideKinds[kind]; aside && kind != risk.ScopeLink {
		s.capacity.Groups, s.capacity.Desks, s.capacity.Traders, s.capacity.Algos = 1, 1, 1, 1
	}
	throttle := risk.Throttle{Of: m.flow, Max: limit(t, amount, m.decimals)}
	switch {
	case m.flow.Ratio(): // after so many messages
		throttle.Least = limit(t, span, 0)
	case !m.flow.Daily():
		throttle.WindowNs = duration(t, span)
	}
	s.throttles[kind] = append(s.throttles[kind], throttle)
}

func (s *settings) flag(key string) *bool {
	return map[string]*bool{"sell-long": &s.account.SellLongChecked, "account": &s.accountUnknown,
		"symbol": &s.symbolUnknown, "entitled": &s.notEntitled, "closed": &s.account.Closed,
		"restricted": &s.instrument.Restricted, "halted": &s.instrument.Halted, "no-adv": &s.noVolume, "no-touch": &s.noTouch, "test": &s.instrument.Test}[key]
}

func (s *settings) moneyLimit(key string) *risk.Money {
	return map[string]*risk.Money{"gross": &s.account.Gross, "net": &s.account.Net,
		"client-gross": &s.client.Gross, "client-net": &s.client.Net, "firm-gross": &s.firm.Gross,
		"firm-net": &s.firm.Net, "notional": &s.account.NotionalMax, "market-notional": &s.account.MarketMax}[key]
}

func (s *settings) qtyLimit(key string) *risk.Qty {
	return map[string]*risk.Qty{"long": &s.account.LongMax, "short": &s.account.ShortMax,
		"qty": &s.account.OrderQtyMax, "min": &s.account.OrderQtyMin, "instrument-qty": &s.instrument.QtyMax, "adv": &s.instrument.Adv, "lot": &s.instrument.Lot}[key]
}

// fixed reads a decimal as an integer with so many decimals, exactly.
func fixed(t *testing.T, s string, decimals int32) int64 {
	t.Helper()
	v, err := decimal.NewFromString(s)
	if err != nil || !v.Shift(decimals).IsInteger() || !v.Shift(decimals).BigInt().IsInt64() {
		t.Fatalf("number %q does not fit %d decimals: %v", s, decimals, err)
	}
	return v.Shift(decimals).IntPart()
}

func limit(t *testing.T, s string, decimals int32) int64 {
	t.Helper()
	if s == "unlimited" {
		return risk.Unlimited
	}
	return fixed(t, s, decimals)
}

func duration(t *testing.T, s string) int64 {
	t.Helper()
	v, err := time.ParseDuration(s)
	must(t, err)
	return int64(v)
}

func window(t *testing.T, s string) (count, windowNs int64) {
	t.Helper()
	n, w, _ := strings.Cut(s, "/")
	return fixed(t, n, 0), duration(t, w)
}

func ticks(t *testing.T, s string) (out [risk.TickBandsMax]risk.TickBand) {
	t.Helper()
	for i, band := range strings.Split(s, ",") {
		from, tick, ok := strings.Cut(band, ":")
		if !ok {
			from, tick = "0", from
		}
		out[i] = risk.TickBand{From: risk.Price(fixed(t, from, 8)), Tick: risk.Price(fixed(t, tick, 8))}
	}
	return out
}

var typeWords = map[string]byte{"market": '1', "limit": '2', "stop": '3', "stop-limit": '4', "moc": '5',
	"loc": 'B', "pegged": 'P', "or-better": '7', "to-limit": 'K'}

var tifWords = map[string]byte{"day": '0', "gtc": '1', "opg": '2', "ioc": '3', "fok": '4', "gtx": '5', "gtd": '6', "cls": '7'}

var fieldWords = map[string]risk.FieldSet{"show": risk.WithDisplay, "min": risk.WithMinQty, "discretion": risk.WithDiscretion,
	"peg": risk.WithPeg, "offset": risk.WithPegOffset, "inst": risk.WithExecInst, "expires": risk.WithExpiry,
	"capacity": risk.WithCapacity, "customer": risk.WithCustomer}

var testWords = map[string]risk.TestRule{"no": risk.NoTests, "also": risk.WithTests, "only": risk.OnlyTests}

// capacities reads letters of OrderCapacity(528) and digits of CustOrderCapacity(582); - and 0 are what is not told.
func capacities(t *testing.T, s string) (m risk.CapacitySet) {
	t.Helper()
	for _, c := range []byte(s) {
		switch {
		case c == '-':
			m |= risk.CapacityUnstated
		case c == '0':
			m |= risk.CustomerUnstated
		case c < 'A':
			m |= risk.ParseCustomerCapacity(c)
		default:
			m |= risk.ParseOrderCapacity(c)
		}
	}
	return m
}

func fields(t *testing.T, s string) (m risk.FieldSet) {
	for _, w := range strings.Split(s, ",") {
		if fieldWords[w] == 0 {
			t.Fatalf("field %q is not known", w)
		}
		m |= fieldWords[w]
	}
	return m
}

func types(t *testing.T, s string) (m risk.OrdTypeSet) {
	for _, w := range strings.Split(s, ",") {
		m = m.With(parseType(t, w))
	}
	return m
}

func tifs(t *testing.T, s string) (m risk.TimeInForceSet) {
	for _, w := range strings.Split(s, ",") {
		m = m.With(parseTIF(t, w))
	}
	return m
}

func parseType(t *testing.T, w string) risk.OrdType {
	t.Helper()
	v, ok := risk.ParseOrdType(typeWords[w])
	if !ok {
		t.Fatalf("order type %q is not known", w)
	}
	return v
}

func parseTIF(t *testing.T, w string) risk.TimeInForce {
	t.Helper()
	v, ok := risk.ParseTimeInForce(tifWords[w])
	if !ok {
		t.Fatalf("time in force %q is not known", w)
	}
	return v
}

func lowerSide(s risk.Side) string {
	return map[risk.Side]string{risk.Buy: "buy", risk.Sell: "sell", risk.SellShort: "short",
		risk.SellShortExempt: "exempt"}[s]
}

func parseSide(t *testing.T, w string) risk.Side {
	t.Helper()
	v, ok := risk.ParseSide(map[string]byte{"buy": '1', "sell": '2', "short": '5', "exempt": '6'}[w])
	if !ok {
		t.Fatalf("side %q is not known", w)
	}
	return v
}

// parseTerms reads "buy 100 limit 50 tif ioc discretion 0.1", "sell 5 stop-limit 49 49.5". In a
// replace an empty side is that of the order.
func parseTerms(t *testing.T, w []string) risk.Terms {
	t.Helper()
	terms := risk.Terms{Side: parseSide(t, w[0]), Qty: risk.Qty(fixed(t, w[1], 8)), OrdType: parseType(t, w[2]),
		TimeInForce: risk.Day}
	var prices []risk.Price
	for w = w[3:]; len(w) > 0; w = w[1:] {
		switch w[0] {
		case "tif":
			terms.TimeInForce, w = parseTIF(t, w[1]), w[1:]
		case "discretion":
			terms.Discretion, w = risk.Price(fixed(t, w[1], 8)), w[1:]
		case "offset":
			terms.PegOffset, w = risk.Price(fixed(t, w[1], 8)), w[1:]
		case "show", "min", "peg", "inst", "expires", "capacity", "customer":
			w = w[1:]
		default:
			prices = append(prices, risk.Price(fixed(t, w[0], 8)))
		}
	}
	if terms.OrdType == risk.Stop || len(prices) == 2 {
		terms.HasStop, terms.StopPx = true, prices[len(prices)-1]
		prices = prices[:len(prices)-1]
	}
	if len(prices) == 1 {
		terms.HasPrice, terms.Price = true, prices[0]
	}
	return terms
}

// parseForm reads what an order says beside its terms: "min 5 show 10 discretion 0.1 peg 4 offset -0.01 inst
// G+6 expires past". nil = nothing.
func parseForm(t *testing.T, w []string) (f *risk.Form) {
	t.Helper()
	for i, word := range w[:max(len(w), 1)-1] {
		kind := fieldWords[word]
		if kind == 0 {
			continue
		}
		if f == nil {
			f = new(risk.Form)
		}
		switch kind {
		case risk.WithDisplay, risk.WithMinQty:
			f.SayPart(kind, 0, risk.Qty(fixed(t, w[i+1], 8)))
		case risk.WithPeg:
			f.SayPeg(0)
		case risk.WithExecInst:
			set, ok := risk.ParseExecInsts([]byte(strings.ReplaceAll(w[i+1], "+", " ")))
			if !ok {
				t.Fatalf("instructions %q are not known", w[i+1])
			}
			f.SayExecInsts(0, set)
		case risk.WithCapacity, risk.WithCustomer:
			f.SayCapacity(0, capacities(t, w[i+1]))
		case risk.WithExpiry:
			f.Expired = w[i+1] == "past"
			fallthrough
		default:
			f.Say(kind, 0)
		}
	}
	return f
}

// row is one line of a table in testdata/risk.
type row struct {
	line  int
	cells []string
}

// readTable reads the rows between bars, and the plain lines before them by their first word.
func readTable(t *testing.T, name string) (rows []row, plain map[string]string) {
	t.Helper()
	text, err := os.ReadFile("../testdata/risk/" + name)
	must(t, err)
	plain = map[string]string{}
	header := true
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "# ") && !strings.HasPrefix(line, "# |"):
		case strings.HasPrefix(line, "|---"):
			header = false
		case !strings.HasPrefix(line, "|"):
			key, rest, _ := strings.Cut(line, " ")
			plain[key] = rest
		case !header:
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for j := range cells {
				cells[j] = strings.TrimSpace(cells[j])
			}
			rows = append(rows, row{i + 1, cells})
		}
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no rows", name)
	}
	return rows, plain
}
