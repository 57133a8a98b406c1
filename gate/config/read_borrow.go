package config

import (
	"slices"
	"strings"

	"portcullis/risk"
)

// Borrow is what short sales of a trade date may rest on.
type Borrow struct {
	Locates []Locate
	Easy    []Dated // their short sales need no locate on that trade date

	// Triggers of the price test of Rule 201: it is in force for the rest of that trade date, and the next.
	Triggers []Dated
}

// Locate is a quantity that somebody lends for an account's short sales of one trade date.
type Locate struct {
	Account    int
	Instrument int
	Date       int    // yyyymmdd
	Qty        int64  // at 1e-8
	Source     string // who lends it, and the name of the locate there; "" = the file does not say
}

// Dated is an instrument of a list, and the date (yyyymmdd) that the list gives it.
type Dated struct{ Instrument, Date int }

// borrowFiles are the names of the three files.
type borrowFiles struct{ locates, easy, triggers scalar }

// readBorrow reads the three files, once accounts are known.
func (l *loader) readBorrow(files borrowFiles) {
	if name := files.locates; name.text != "" {
		l.readTable(name, []string{"account", "symbol", "qty", "as_of"}, []string{"broker", "id"}, l.locate(map[[3]int]int{}))
	}
	l.config.Borrow.Easy = l.dated(files.easy, "as_of")
	l.config.Borrow.Triggers = l.dated(files.triggers, "triggered")
}

// dated reads a list of symbols with a date each. Vendors' lists hold more symbols than are traded: those are counted, not
// refused.
func (l *loader) dated(name scalar, column string) (list []Dated) {
	if name.text == "" {
		return nil
	}
	unknown := 0
	l.readTable(name, []string{"symbol", column}, nil, func(t *table) {
		date := l.date(t.need(column))
		if i, known := l.instruments.index[t.need("symbol").text]; known {
			list = append(list, Dated{i, date})
			return
		}
		unknown++
	})
	if unknown > 0 && !l.instruments.partial {
		l.warn(place{file: name.text}, "%d symbols are not in the instruments file; they are not used", unknown)
	}
	return list
}

// locate reads a row. Several of one account, symbol and date add up; seen is where they do.
func (l *loader) locate(seen map[[3]int]int) func(*table) {
	return func(t *table) {
		qty, date := t.positive("qty", ""), l.date(t.need("as_of"))
		a, i := l.accounts.find(l, t.need("account")), l.instruments.find(l, t.need("symbol"))
		if a == None || i == None {
			return
		}
		source := strings.TrimSpace(t.text("broker", "").text + " " + t.text("id", "").text)
		key, list := [3]int{a, i, date}, &l.config.Borrow.Locates
		n, more := seen[key]
		if !more {
			n = len(*list)
			seen[key] = n
			*list = append(*list, Locate{Account: a, Instrument: i, Date: date})
		}
		x := &(*list)[n]
		if qty > risk.MagnitudeMax-x.Qty {
			l.add(t.at, "the sum of qty is too large", "check the quantities")
			return
		}
		x.Qty += qty
		x.Source = strings.Trim(x.Source+", "+source, ", ")
	}
}

// ReadBorrow reads the files as they are now.
func (c *Config) ReadBorrow() (Borrow, error) {
	l := c.reader()
	l.readBorrow(borrowFiles{fileNamed(c.LocatesFile), fileNamed(c.EasyFile), fileNamed(c.TriggersFile)})
	return l.config.Borrow, l.problems.Err()
}

// warnBorrow names accounts that no short sale can pass for.
func (l *loader) warnBorrow(at place, name string, a *Account) {
	if a.Locate == LocateRequired && strings.ContainsAny(a.Sides, "56") && l.config.LocatesFile == "" && l.config.EasyFile == "" {
		l.warn(at, "account %s cannot sell short: locate: required, and data names neither locates nor easy_to_borrow", name)
	}
}

// Of is what holds on a trade date. Whether a trigger of before is over depends on the last trade date.
func (b Borrow) Of(date int) (of Borrow) {
	of.Triggers = slices.DeleteFunc(slices.Clone(b.Triggers), func(x Dated) bool { return x.Date > date })
	for _, x := range b.Locates {
		if x.Date == date {
			of.Locates = append(of.Locates, x)
		}
	}
	for _, x := range b.Easy {
		if x.Date == date {
			of.Easy = append(of.Easy, x)
		}
	}
	return of
}
