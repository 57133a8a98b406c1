package rehearsal

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"portcullis/fix"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// ErrNotRefused is of a self-test in which a breach passed.
var ErrNotRefused = errors.New("a control that is armed lets its breach pass")

// SelfTest breaches what a configuration arms, by every message that a control judges, and prints for the record which
// control of whose refused which message at which value and limit, and how that was answered: rights and forms for each
// account of each link, increments and collars for the first of all instruments with the same, limits in each scope that
// has them. Where another limit is lower and so refuses first, all
// limits but the one are lifted and it is tried again. Behind that stands what is armed and was not breached, with why.
// The error is ErrNotRefused where a breach passed; that another control refuses first is a fact of the limits, not a
// fault. Nothing is journaled and no byte leaves.
func SelfTest(w io.Writer, cfg *config.Config, nowNs int64) (Tested, error) {
	alone := *cfg
	alone.Breaches = nil // a kill for the first breach would refuse all others
	s, err := newStage(&alone)
	if err != nil {
		return Tested{}, err
	}
	fmt.Fprintf(w, "self-test at %s\n", time.Unix(0, nowNs).UTC().Format(time.RFC3339))
	t := newSelfTest(w, s, &alone)
	err = t.run(w, nowNs)
	return t.told(), err
}

// Tested counts the controls of a self-test, each where it is set.
type Tested struct {
	Armed  int      `json:"armed"`
	Tried  int      `json:"tried"`  // of those, the ones that a breach came to; what holds the others back stands in the table
	Passed []string `json:"passed"` // of those, the ones that let it pass, such as "COLLAR of AAPL"
}

func newSelfTest(w io.Writer, s *stage, cfg *config.Config) *selfTest {
	bare, scopes := lifted(cfg)
	return &selfTest{stage: s, cfg: cfg, scopes: cfg.Scopes(), bare: bare, bareScopes: scopes, out: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0), results: map[armed]*result{}}
}

func (t *selfTest) run(w io.Writer, nowNs int64) error {
	t.stage.at(nowNs)
	fmt.Fprintln(t.out, "link\taccount\tmessage\tcontrol\tof\tvalue\tlimit\tverdict\tanswer\ttext")
	err := t.all()
	if err := errors.Join(err, t.failed); err != nil {
		return err
	}
	if err := t.out.Flush(); err != nil {
		return err
	}
	return t.sum(w)
}

type selfTest struct {
	stage *stage
	cfg   *config.Config
	out   *tabwriter.Writer
	ids   int
	open  []*order // of the breach that is tried

	scopes     []config.Scoped // of cfg
	bare       *config.Config  // the same without limits, and its scopes
	bareScopes []config.Scoped

	results map[armed]*result
	order   []armed // in which they were tried

	count, right, passed int
	failed               error // to lift limits, or to put them back
}

// all breaches rights and forms from every seat, then what instruments and scopes are limited in from the first seat whose
// orders that holds, then what is not of a seat.
func (t *selfTest) all() error {
	t.stage.openDay(t.cfg)
	var first *seat
	for i := range t.cfg.Links {
		for _, account := range t.cfg.Links[i].Accounts {
			s := t.seat(&t.cfg.Links[i], &t.cfg.Accounts[account], anyInstrument)
			if s == nil {
				continue
			}
			if err := t.stage.logOn(s.number); err != nil {
				return err
			}
			if first == nil {
				first = s
			}
			t.from(s)
		}
	}
	if first == nil {
		return errors.New("no account can trade anything over any link: there is nothing to try")
	}
	t.instruments()
	t.limits()
	return t.unapproved(first)
}

// from tries what holds every order of a seat.
func (t *selfTest) from(s *seat) {
	t.tryAll(s, t.unmarked(s)) // first: a mark that is known is never forgotten
	for _, list := range [][]breach{t.names(s), t.rights(s), t.forms(s), t.standings(s), t.phases(s),
		t.kills(s), t.shorts(s), t.hours(s), t.matches(s), t.requests(s)} {
		t.tryAll(s, list)
	}
}

func (t *selfTest) tryAll(s *seat, list []breach) {
	for i := range list {
		t.try(s, &list[i])
	}
}

// seat is from where orders come: an account over a link, with an instrument that it can trade and an order that passes.
type seat struct {
	link    *config.Link
	number  uint32 // of the link
	account *config.Account
	in      *config.Instrument
	venue   *config.Venue // where they go; nil: nowhere
	by      risk.Author
	trader  string // that its orders name; "": none
	algo    string
	sound   terms
}

func anyInstrument(*config.Instrument) bool { return true }

// seat is that of an account over a link, nil where it cannot trade an instrument that fits.
func (t *selfTest) seat(l *config.Link, a *config.Account, fits func(*config.Instrument) bool) *seat {
	in := t.instrument(func(in *config.Instrument) bool {
		return !in.Restricted && !in.Halted && in.Test == (a.Tests == config.OnlyTests || l.Tests == config.OnlyTests) &&
			in.CloseDate != 0 && in.RiskPriceBuy == 0 && t.standing(l, a, in.Symbol) == tradable && fits(in)
	})
	number := t.stage.linkOf([]byte(l.Session.TargetCompID))
	if in == nil || number == core.NoIndex || a.Sides == "" || !strings.Contains(a.OrdTypes, "2") || a.TimeInForces == "" {
		return nil
	}
	s := &seat{link: l, number: number, account: a, in: in, venue: t.venueOf(a, in), by: t.stage.core.Setup().Links[number].Author}
	lots := max(1, (t.lowest(l, a, in).OrderQtyMin+in.Lot-1)/in.Lot)
	s.sound = terms{account: a.Name, symbol: in.Symbol, side: a.Sides[:1], qty: decimal(lots * in.Lot), ordType: "2", price: decimal(in.Close),
		tif: a.TimeInForces[:1]}
	t.attribute(s)
	return s
}

// place is where its orders count.
func (t *selfTest) place(s *seat) risk.Place {
	at := risk.Place{Account: uint32(t.stage.accountOf(s.account.Name)), Instrument: uint32(t.stage.instrumentOf(s.in.Symbol)), Owner: s.number,
		Venue: core.NoIndex, Author: s.by}
	if s.venue != nil {
		at.Venue, _ = t.stage.numbers.Of(config.VenueNumber, s.venue.Name)
	}
	return at
}

// short reports whether its account may sell short.
func (s *seat) short() bool { return strings.Contains(s.account.Sides, "5") }

// terms are an order's, as its fields say them; more are fields beside those.
type terms struct{ account, symbol, side, qty, ordType, price, tif, more string }

func (o terms) with(change func(*terms)) terms {
	change(&o)
	return o
}

// body is a D or G; of another MsgType only what names the order.
func (o *terms) body(msgType, id, original, stamp string) string {
	text := "11=" + id + "|"
	if original != "" {
		text += "41=" + original + "|"
	}
	text += fmt.Sprintf("1=%s|55=%s|54=%s|60=%s|", o.account, o.symbol, o.side, stamp)
	if msgType == "D" || msgType == "G" {
		text += fmt.Sprintf("38=%s|40=%s|59=%s|", o.qty, o.ordType, o.tif)
		if o.price != "" {
			text += "44=" + o.price + "|"
		}
		text += o.more
	} else {
		text += "38=" + o.qty + "|"
	}
	return text
}

func decimal(v int64) string { return string(fix.AppendDecimal(nil, v)) }

func (t *selfTest) instrument(fits func(*config.Instrument) bool) *config.Instrument {
	for i := range t.cfg.Instruments {
		if fits(&t.cfg.Instruments[i]) {
			return &t.cfg.Instruments[i]
		}
	}
	return nil
}
