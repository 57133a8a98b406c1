package config

import (
	"fmt"
	"slices"
)

// Mark is what an instrument is worth.
type Mark struct {
	Instrument int
	Price      int64 // at 1e-8
	Date       int   // yyyymmdd for which it is said
}

// readMarks reads marks by hand.
func (l *loader) readMarks(name scalar) {
	if l.config.MarksFile = name.text; name.text == "" {
		return
	}
	l.readTable(name, []string{"symbol", "price", "as_of"}, nil, func(t *table) {
		date := l.date(t.need("as_of"))
		i := l.instruments.find(l, t.need("symbol"))
		if i == None {
			return
		}
		read := t.positive
		if l.config.Instruments[i].NegativePrices {
			read = t.amount
		}
		m := Mark{i, read("price", ""), date}
		if slices.ContainsFunc(l.config.Marks, func(x Mark) bool { return x.Instrument == i }) {
			l.add(t.at, "symbol already has a row", "keep one of the two")
		}
		l.config.Marks = append(l.config.Marks, m)
	})
}

// close reads what a position's instrument is worth, as its row says: the same in every row.
func (p *positionReader) close(t *table, i int) {
	in := &p.l.config.Instruments[i]
	if currency := t.text("currency", in.Currency); currency.text != in.Currency {
		p.l.add(t.at, fmt.Sprintf("currency %s, the instruments file says %s", show(currency.text), show(in.Currency)), "ask for the file again, or correct the instrument")
	}
	if t.text("close", "").text == "" {
		return
	}
	read := t.positive
	if in.NegativePrices {
		read = t.amount
	}
	price := read("close", "")
	if before, said := p.closes[i]; said && before != price {
		p.l.add(t.at, fmt.Sprintf("close %s, another row of the symbol says %s", units(price), units(before)), "one symbol has one close: ask for the file again")
	} else if !said {
		p.closes[i] = price
		p.l.config.Closes = append(p.l.config.Closes, Mark{i, price, p.date})
	}
}

// ReadMarks reads the marks by hand as they are now.
func (c *Config) ReadMarks() ([]Mark, error) {
	l := c.reader()
	l.readMarks(fileNamed(c.MarksFile))
	return l.config.Marks, l.problems.Err()
}

// ReadCloses reads the file of previous closes as it is now, and gives those that count on a trade date: said for it or for
// a day before, and not older than the collars of their instrument let a reference price be.
func (c *Config) ReadCloses(date int) (closes []Mark, err error) {
	l := c.reader()
	if c.PricesFile != "" {
		l.readPrices(fileNamed(c.PricesFile))
	}
	return closesOf(l.config.Instruments, date), l.problems.Err()
}

// ClosesOf gives those that count of what was read with the configuration.
func (c *Config) ClosesOf(date int) []Mark { return closesOf(c.Instruments, date) }

func closesOf(instruments []Instrument, date int) (closes []Mark) {
	const dayNs = 24 * 3600 * 1_000_000_000
	for i := range instruments {
		in := &instruments[i]
		if in.CloseDate == 0 || in.CloseDate > date || (DayNs(date)-DayNs(in.CloseDate))/dayNs > int64(in.CloseAgeMaxDays) {
			continue
		}
		closes = append(closes, Mark{i, in.Close, in.CloseDate})
	}
	return closes
}
