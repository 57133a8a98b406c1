package config

import (
	"fmt"
	"slices"
	"strings"
)

// readFirm reads the firm's limits, some of which name instruments, and its lists.
func (l *loader) readFirm(firm *mapping) {
	l.config.Firm, l.config.FirmOrders = limits(firm), l.orderRules(firm)
	l.useLists(firm, 0, "")
	l.config.FirmThrottles = firm.throttles()
	l.warnNoCredit(firm.at, "the firm", l.config.Firm)
	firm.close()
}

// readTables reads instruments with their collars, and previous closes.
func (l *loader) readTables(top *mapping) {
	data := top.sub("data")
	rules := l.collarRules(top.sub("collars"))
	ticks := l.readTicks(data.text("ticks", ""))
	complete := l.readTable(data.need("instruments"), []string{"symbol", "currency", "tick", "lot"},
		[]string{"tick_table", "type", "multiplier", "price_factor", "order_qty_max", "adv", "restricted", "halted",
			"risk_price_buy", "risk_price_sell", "negative_prices", "ord_types", "tifs", "order_fields", "test", "phase_rules", "underlying"},
		func(t *table) { l.instrument(t, rules, ticks) })
	l.instruments.partial = !complete
	l.symbolCollars(rules)
	if prices := data.text("prices", ""); prices.text != "" {
		l.readPrices(prices)
	}
	if volumes := data.text("volumes", ""); volumes.text != "" {
		l.readVolumes(volumes)
	}
	l.config.PricesFile = data.text("prices", "").text
	l.readMarks(data.text("marks", ""))
	l.readSplits(data.text("splits", ""))
	data.text("positions", "") // read last, by readPositions: it needs the accounts; likewise
	l.borrow = borrowFiles{data.text("locates", ""), data.text("easy_to_borrow", ""), data.text("short_sale_triggers", "")}
	l.config.LocatesFile, l.config.EasyFile, l.config.TriggersFile = l.borrow.locates.text, l.borrow.easy.text, l.borrow.triggers.text
	data.close()
	l.warnUnpriced(data.placeOf("prices"))
}

// instrumentTypes are the words of the type column.
var instrumentTypes = []string{"stock", "etf", "bond", "option", "future"}

// instrument reads one row of the instruments file.
func (l *loader) instrument(t *table, rules *collarRules, ticks *tickTables) {
	symbol := t.need("symbol")
	i := Instrument{
		Symbol:      l.fixName(symbol),
		Type:        t.text("type", "stock").text,
		Currency:    t.need("currency").text,
		Underlying:  l.fixName(t.text("underlying", "")),
		Multiplier:  t.positive("multiplier", "1"),
		PriceFactor: t.positive("price_factor", "1"),
		Ticks:       ticks.of(l, t),
		Lot:         t.positive("lot", ""),
		OrderQtyMax: Unlimited,
		Restricted:  t.flag("restricted"),
		Halted:      t.flag("halted"),
		PhaseRules:  None,
		Test:        t.flag("test"),

		OrdTypes: t.codes("ord_types", ordTypeCodes), TimeInForces: t.codes("tifs", timeInForceCodes),
		OrderFields: t.codes("order_fields", orderFieldCodes),
	}
	if !slices.Contains(instrumentTypes, i.Type) {
		l.add(t.at, "type: "+show(i.Type)+" is not known", "write "+strings.Join(instrumentTypes, " or "))
	}
	if t.text("order_qty_max", "").text != "" {
		i.OrderQtyMax = t.positive("order_qty_max", "")
	}
	if rules := t.text("phase_rules", ""); rules.text != "" {
		i.PhaseRules = l.phaseRules.find(l, rules)
	}
	if t.text("adv", "").text != "" {
		i.Adv = t.positive("adv", "")
	}
	l.riskPrices(t, &i)
	rate, known := l.rates[i.Currency]
	if !known && i.Currency != "" {
		l.add(t.at, "currency "+show(i.Currency)+" has no rate into "+l.config.Currency, "add it to money.fx in gate.yaml")
	}
	i.FXAsOfNs, i.FXAgeMaxNs = rate.asOfNs, rate.ageMaxNs
	var wrong string
	if i.Factor, wrong = multiply(i.Multiplier, i.PriceFactor, rate.amount); wrong != "" {
		l.add(t.at, "multiplier × price_factor × fx "+wrong, "use a shorter fx rate or multiplier")
	}
	collar(rules.of(i.Type), &i)
	l.instruments.define(l, symbol)
	l.config.Instruments = append(l.config.Instruments, i)
}

// riskPrices reads what counts in place of the price. A price that may be negative or zero says nothing
// about risk, so both must be there then.
func (l *loader) riskPrices(t *table, i *Instrument) {
	for _, side := range []struct {
		column string
		into   *int64
	}{{"risk_price_buy", &i.RiskPriceBuy}, {"risk_price_sell", &i.RiskPriceSell}} {
		if t.text(side.column, "").text != "" {
			*side.into = t.positive(side.column, "")
		}
	}
	i.NegativePrices = t.flag("negative_prices")
	if i.NegativePrices && (t.text("risk_price_buy", "").text == "" || t.text("risk_price_sell", "").text == "") {
		l.add(t.at, "negative_prices: Y without risk_price_buy and risk_price_sell",
			"write what one unit of the instrument may cost on each side")
	}
}

// readPrices reads previous closes.
func (l *loader) readPrices(name scalar) {
	l.readBySymbol(name, []string{"symbol", "close", "as_of"}, "closes", func(t *table, i *Instrument) {
		date, read := l.date(t.need("as_of")), t.positive
		if i.NegativePrices {
			read = t.amount
		}
		i.Close, i.CloseDate = read("close", ""), date
	})
}

// readVolumes reads average daily volumes, which go before those of the instruments file.
func (l *loader) readVolumes(name scalar) {
	l.readBySymbol(name, []string{"symbol", "adv"}, "volumes", func(t *table, i *Instrument) { i.Adv = t.positive("adv", "") })
}

// readBySymbol reads a file with one row for an instrument. Vendors' files hold more symbols than are traded, so
// unknown ones are counted, not refused.
func (l *loader) readBySymbol(name scalar, columns []string, what string, read func(*table, *Instrument)) {
	unknown, seen := 0, map[int]int{}
	l.readTable(name, columns, nil, func(t *table) {
		i, known := l.instruments.index[t.need("symbol").text]
		if !known {
			read(t, &Instrument{NegativePrices: true})
			unknown++
			return
		}
		if first, twice := seen[i]; twice {
			l.add(t.at, fmt.Sprintf("symbol %s already has a row on line %d", show(t.text("symbol", "").text), first),
				"keep one of the two")
		}
		seen[i] = t.at.line
		read(t, &l.config.Instruments[i])
	})
	if unknown > 0 && !l.instruments.partial {
		l.warn(place{file: name.text}, "%d symbols are not in the instruments file; their %s are not used", unknown, what)
	}
}

// warnNoVolume counts the symbols that no order can pass for where a limit asks for their volume.
func (l *loader) warnNoVolume() {
	var missing []string
	for _, i := range l.config.Instruments {
		if i.Adv == 0 {
			missing = append(missing, i.Symbol)
		}
	}
	if l.sharesAt != (place{}) && len(missing) > 0 {
		l.warn(l.sharesAt, "%d of %d symbols have no average daily volume: where adv_bps_max holds, their orders are refused (%s)",
			len(missing), len(l.config.Instruments), few(missing))
	}
}

// warnUnpriced counts the symbols that no order can pass for, for want of a reference price (behaviour 11):
// ever, or until the price socket brings one.
func (l *loader) warnUnpriced(at place) {
	var missing []string
	for _, i := range l.config.Instruments {
		if i.CloseDate == 0 && i.StaticDate == 0 {
			missing = append(missing, i.Symbol)
		}
	}
	if len(missing) > 0 {
		refused := "; until the price socket brings a price their orders are refused"
		if l.config.Gate.PriceSocket == "" {
			refused = " and there is no price socket: their orders are refused"
		}
		l.warn(at, "%d of %d symbols have no previous close%s (%s)",
			len(missing), len(l.config.Instruments), refused, few(missing))
	}
}

// few prints the first of many names.
func few(names []string) string {
	if len(names) > 5 {
		return strings.Join(names[:5], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}

// readPositions reads start-of-day positions. The last row is "TOTAL,rows,sum of qty,as_of": a file
// that was cut short or edited by hand does not load.
func (l *loader) readPositions(top *mapping) {
	name := top.sub("data").text("positions", "")
	if l.config.PositionsFile = name.text; name.text != "" {
		l.positions(name)
	}
}

func (l *loader) positions(name scalar) {
	p := &positionReader{l: l, seen: map[[2]int]int{}, closes: map[int]int64{}}
	if !l.readTable(name, []string{"account", "symbol", "qty", "as_of"}, []string{"close", "currency"}, p.row) {
		return
	}
	if p.total == 0 {
		l.add(place{file: name.text}, "no TOTAL row at the end", "end the file with TOTAL,<rows>,<sum of qty>,<as_of>")
	}
	l.config.PositionsDate = p.date
}

// positionReader is the state between two rows.
type positionReader struct {
	l      *loader
	seen   map[[2]int]int // line of account and symbol
	rows   int
	sum    int64
	date   int           // as_of of the first row
	closes map[int]int64 // by instrument
	total  int           // line of the TOTAL row
}

func (p *positionReader) row(t *table) {
	account, symbol := t.need("account"), t.need("symbol")
	qty, date := t.amount("qty", ""), p.l.date(t.need("as_of"))
	switch {
	case p.total != 0:
		p.l.add(t.at, "row after the TOTAL row", "TOTAL is the last row")
		return
	case p.date != 0 && date != 0 && date != p.date:
		p.l.add(t.at, "as_of differs from the rows above", "one file holds the positions of one date")
	case p.date == 0:
		p.date = date
	}
	if account.text == "TOTAL" {
		p.closing(t, symbol.text, qty)
		return
	}
	p.rows++
	if sum := p.sum + qty; (qty > 0) == (sum > p.sum) || qty == 0 {
		p.sum = sum
	} else {
		p.l.add(t.at, "the sum of qty is too large", "check the quantities")
	}
	a, i := p.l.accounts.find(p.l, account), p.l.instruments.find(p.l, symbol)
	if a == None || i == None {
		return
	}
	if first, twice := p.seen[[2]int{a, i}]; twice {
		p.l.add(t.at, fmt.Sprintf("account and symbol already have a position on line %d", first), "keep one row")
	}
	p.seen[[2]int{a, i}] = t.at.line
	p.close(t, i)
	if !p.l.config.Accounts[a].StartOfDay && qty != 0 {
		p.l.add(t.at, fmt.Sprintf("account %s says sod: none", show(account.text)),
			"write sod: file for it, or remove its positions")
	}
	p.l.config.Positions = append(p.l.config.Positions, Position{a, i, qty})
}

// closing compares the TOTAL row with what was read.
func (p *positionReader) closing(t *table, rows string, qty int64) {
	p.total = t.at.line
	if rows != fmt.Sprint(p.rows) {
		p.l.add(t.at, fmt.Sprintf("TOTAL says %s rows, the file has %d", show(rows), p.rows), "ask for the file again")
	}
	if qty != p.sum {
		p.l.add(t.at, fmt.Sprintf("TOTAL says qty %s, the rows add up to %s", units(qty), units(p.sum)),
			"ask for the file again")
	}
}

// units prints a number at 1e-8 as decimal text.
func units(number int64) string {
	magnitude := uint64(number)
	sign := ""
	if number < 0 {
		magnitude, sign = uint64(-(number+1))+1, "-"
	}
	text := fmt.Sprintf("%s%d.%08d", sign, magnitude/one, magnitude%one)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
