package audit

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// OrderFilter chooses open orders by name; "" takes all.
type OrderFilter struct {
	Client, Account, Link, Venue string

	Doubtful bool // only those in doubt: unknown or suspect
}

// chosen is the filter in numbers.
type chosen struct {
	client, account, link, venue uint32
	doubtful                     bool
}

func (j *Journal) choose(f OrderFilter) (c chosen, err error) {
	c = chosen{core.NoIndex, core.NoIndex, core.NoIndex, core.NoIndex, f.Doubtful}
	for _, row := range []struct {
		kind config.Kind
		name string
		to   *uint32
	}{
		{config.ClientNumber, f.Client, &c.client}, {config.AccountNumber, f.Account, &c.account},
		{config.LinkNumber, f.Link, &c.link}, {config.VenueNumber, f.Venue, &c.venue},
	} {
		if row.name == "" {
			continue
		}
		if *row.to, err = j.numberOf(row.kind, row.name); err != nil {
			return c, err
		}
	}
	return c, nil
}

// eachOpen calls f with every open order that the filter takes, in the order of their slots.
func (s *State) eachOpen(c chosen, f func(slot uint32, o *core.Order)) {
	s.core.EachLive(func(slot uint32, o *core.Order) bool {
		if (c.account == core.NoIndex || o.Account == c.account) && (c.link == core.NoIndex || o.Owner == c.link) &&
			(c.client == core.NoIndex || s.clientOf(o.Account) == c.client) && (c.venue == core.NoIndex || o.Venue == c.venue) &&
			(!c.doubtful || o.Flags&(core.FlagUnknown|core.FlagSuspect) != 0) {
			f(slot, o)
		}
		return true
	})
}

// sheetTitles are the columns of the open-order sheet: what a venue's desk needs to find an order.
var sheetTitles = []string{"venue", "our_id", "venue_order_id", "client_clordid", "link", "account", "symbol",
	"side", "qty", "cum", "leaves", "price", "tif", "entered", "status", "flags"}

// sheetRow is one open order in those columns. our_id is the id that the venue knows the newest
// request it may have by; leaves is the largest quantity that may still trade.
func (s *State) sheetRow(o *core.Order) []string {
	last := o.Current
	for r := o.First; r != core.NoIndex; r = s.core.RequestAt(r).Next {
		if q := s.core.RequestAt(r); q.Kind != core.CancelRequest && q.State == core.Pending {
			last = r
		}
	}
	j := s.journal
	return []string{j.venue(o.Venue), s.core.VenueID(last), orDash(readable(o.VenueOrderID())),
		readable(s.core.ClOrdID(last)), j.link(o.Owner), j.account(o.Account), j.instrument(o.Instrument), sideWord(o.Side),
		decimal8(o.Qty), decimal8(o.Cum), decimal8(o.Open), orderPrice(o), tifWord(o.TimeInForce), utc(o.AtNs),
		statusWord(o.Status), orDash(strings.Join(s.conditions(o), " + "))}
}

// conditions are an order's flags, and the replaces that the venue has not answered.
func (s *State) conditions(o *core.Order) []string {
	words := flagWords(o.Flags)
	if n := len(s.pendingReplaces(o)); n > 0 {
		words = append(words, fmt.Sprintf("%d replace pending", n))
	}
	var found [risk.StandingMax]risk.Reason
	for _, r := range s.core.Standing(o, s.last.UTCNs, &found) {
		words = append(words, "refused now: "+r.String())
	}
	return words
}

func (s *State) pendingReplaces(o *core.Order) (list []*core.Request) {
	for r := o.First; r != core.NoIndex; r = s.core.RequestAt(r).Next {
		if q := s.core.RequestAt(r); q.Kind == core.ReplaceRequest && q.State == core.Pending {
			list = append(list, q)
		}
	}
	return list
}

// orderPrice is the limit, or the type of an order that has none.
func orderPrice(o *core.Order) string {
	if o.Price == 0 {
		return ordTypeWord(o.OrdType)
	}
	return decimal8(o.Price)
}

func orDash(s string) string {
	if s == "" {
		return dash
	}
	return s
}

// OpenOrders prints the open orders as a table, or as CSV for a venue's desk.
func (s *State) OpenOrders(w io.Writer, f OrderFilter, asCSV bool) error {
	c, err := s.journal.choose(f)
	if err != nil {
		return err
	}
	if asCSV {
		return s.sheet(w, c)
	}
	t := newTable("venue", "our id", "venue OrderID", "ClOrdID", "link", "account", "symbol", "side",
		">qty", ">cum", ">leaves", ">price", "tif", "entered", "status", "flags")
	s.eachOpen(c, func(_ uint32, o *core.Order) { t.add(s.sheetRow(o)...) })
	t.write(w, "")
	fmt.Fprintf(w, "%d open orders at record %d, %s\n", len(t.rows), s.last.Seq, utc(s.last.UTCNs))
	return nil
}

func (s *State) sheet(w io.Writer, c chosen) error {
	out := csv.NewWriter(w)
	err := out.Write(sheetTitles)
	s.eachOpen(c, func(_ uint32, o *core.Order) {
		if err == nil {
			err = out.Write(s.sheetRow(o))
		}
	})
	out.Flush()
	if err != nil {
		return err
	}
	return out.Error()
}
