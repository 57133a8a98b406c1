package audit

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// Scope names what an exposure is about.
type Scope struct {
	text       string
	kind       risk.Scope
	number     uint32 // of the client, account, trader …
	instrument uint32 // NoIndex unless a position is meant
}

// asideScopes are the scopes that bear credit beside firm, client and account, by their words.
var asideScopes = map[string]risk.Scope{"group": risk.ScopeGroup, "desk": risk.ScopeDesk, "trader": risk.ScopeTrader,
	"algo": risk.ScopeAlgo, "link": risk.ScopeLink, "venue": risk.ScopeVenue}

// ParseScope reads "firm", "client:NAME", "trader:NAME" …, "account:NAME" or "account:NAME/SYMBOL".
func (s *State) ParseScope(text string) (sc Scope, err error) {
	sc = Scope{text: text, instrument: core.NoIndex}
	kind, name, _ := strings.Cut(text, ":")
	switch kind {
	case "firm":
		sc.kind = risk.ScopeFirm
		if name != "" {
			err = fmt.Errorf("there is one firm: write firm, not %q", text)
		}
	case "client":
		sc.kind = risk.ScopeClient
		sc.number, err = s.journal.numberOf(config.ClientNumber, name)
	case "account":
		sc.kind = risk.ScopeAccount
		account, symbol, position := strings.Cut(name, "/")
		if sc.number, err = s.journal.numberOf(config.AccountNumber, account); err == nil && position {
			sc.instrument, err = s.journal.numberOf(config.InstrumentNumber, symbol)
		}
	default:
		var known bool
		if sc.kind, known = asideScopes[kind]; known {
			if sc.number, err = s.journal.numberOf(scopeKinds[sc.kind], name); err == nil && !s.counted(sc) {
				err = fmt.Errorf("%s has no limits in the configuration, so nothing is counted for it", text)
			}
			break
		}
		err = fmt.Errorf("scope %q: write firm, group:NAME, client:NAME, desk:NAME, trader:NAME, algo:NAME, link:NAME, venue:NAME, "+
			"account:NAME or account:NAME/SYMBOL", text)
	}
	return sc, err
}

// has tells whether what is booked at a place counts in the scope.
func (s *State) has(sc Scope, at risk.Place) bool {
	switch sc.kind {
	case risk.ScopeAccount:
		return at.Account == sc.number && (sc.instrument == core.NoIndex || at.Instrument == sc.instrument)
	case risk.ScopeClient:
		return s.clientOf(at.Account) == sc.number
	case risk.ScopeGroup:
		group, grouped := s.groupOf[s.clientOf(at.Account)]
		return grouped && group == sc.number
	case risk.ScopeDesk:
		desk, seated := s.deskOf[uint32(at.Trader)-1]
		return at.Trader != 0 && seated && desk == sc.number
	case risk.ScopeTrader:
		return uint32(at.Trader) == sc.number+1
	case risk.ScopeAlgo:
		return uint32(at.Algo) == sc.number+1
	case risk.ScopeLink:
		return at.Owner == sc.number
	case risk.ScopeVenue:
		return at.Venue == sc.number
	}
	return true
}

// learnOwners reads who belongs to which group and desk.
func (s *State) learnOwners() {
	s.groupOf, s.deskOf = map[uint32]uint32{}, map[uint32]uint32{}
	number := func(kind config.Kind, name string) uint32 {
		n, _ := s.journal.numbers.Of(kind, name)
		return n
	}
	for i := range s.config.Clients {
		if c := &s.config.Clients[i]; c.Group != config.None {
			s.groupOf[number(config.ClientNumber, c.Name)] = number(config.GroupNumber, s.config.Groups[c.Group].Name)
		}
	}
	for i := range s.config.Traders {
		if t := &s.config.Traders[i]; t.Desk != config.None {
			s.deskOf[number(config.TraderNumber, t.Name)] = number(config.DeskNumber, s.config.Desks[t.Desk].Name)
		}
	}
}

// Exposure prints the credit of a scope, or one position. explain adds what it is made of, and holds
// it against a recomputation from the journal's bookings: ErrDiffers where they are not equal.
func (s *State) Exposure(w io.Writer, sc Scope, explain bool) error {
	fmt.Fprintf(w, "%s at record %d, %s, trade date %d, limits in %s\n", sc.text, s.last.Seq, utc(s.last.UTCNs),
		s.core.TradeDate(), s.config.Currency)
	if sc.instrument == core.NoIndex {
		s.credit(w, sc)
		s.measures(w, sc)
		s.days(w, sc)
	} else {
		s.position(w, sc)
	}
	if !explain {
		return nil
	}
	s.contributions(w, sc)
	s.executions(w, sc)
	return s.compare(w, sc)
}

func (s *State) view(sc Scope) risk.ScopeView {
	return s.core.Book().Credit(sc.kind, sc.number)
}

func (s *State) credit(w io.Writer, sc Scope) {
	v, known := s.view(sc), s.configured(sc)
	limited := func(measure string, value, limit risk.Money) []string {
		if !known {
			return []string{measure, amount(value), dash, dash}
		}
		return []string{measure, amount(value), amount(limit), headroom(limit, value)}
	}
	if !known {
		fmt.Fprintf(w, "  %s is not in the configuration any more: it has no limit, and takes no orders\n", sc.text)
	}
	t := newTable("", ">buy", ">sell")
	t.add("executed (EB, ES)", amount(v.EB), amount(v.ES))
	t.add("reserved (RB, RS)", amount(v.RB), amount(v.RS))
	t.write(w, "  ")
	t = newTable("measure", ">value", ">limit", ">headroom")
	t.add(limited("gross", v.Gross(), v.GrossMax)...)
	t.add(limited("net", v.Net(), v.NetMax)...)
	t.add("net long", amount(v.EB+v.RB-v.ES), "", "")
	t.add("net short", amount(v.ES+v.RS-v.EB), "", "")
	t.add("open orders", strconv.FormatInt(v.OpenOrders, 10), "", "")
	t.write(w, "  ")
}

// configured reports whether the configuration names a scope; the journal may know it from before.
func (s *State) configured(sc Scope) bool {
	if sc.kind == risk.ScopeFirm {
		return true
	}
	kind := scopeKinds[sc.kind]
	return slices.Contains(s.config.Names()[kind], s.journal.numbers.Name(kind, sc.number))
}

// measures prints what else of a scope is limited; positions in one instrument have a limit each, and are of none here.
func (s *State) measures(w io.Writer, sc Scope) {
	if loss, limited := s.core.Book().LossOf(sc.kind, sc.number); limited {
		t := newTable("daily loss", ">value", ">limit", ">headroom")
		t.add("realised and at marks", amount(loss.Value), amount(loss.Limit), amount(loss.Limit-loss.Value))
		t.write(w, "  ")
	}
	t := newTable("also limited", "in", ">value", ">limit", ">headroom")
	each := func(in risk.Part) {
		name, symbol := dash, uint32(core.NoIndex)
		switch in.Class {
		case risk.AnyClass:
		case risk.OneInstrument:
			name, symbol = s.journal.instrument(in.Instrument), in.Instrument
		default:
			name = word(classWords, in.Class, "type")
		}
		s.core.Book().EachMeasure(sc.kind, sc.number, in, symbol, func(m risk.Measure, value, limit int64) {
			row := m.Reason().Row()
			shown, left := inUnit(row.Value, m.Reason(), value), inUnit(row.Value, m.Reason(), limit-value)
			if value == risk.Unmarked {
				shown, left = "no mark", dash
			}
			if symbol == core.NoIndex && (m == risk.MeasureLong || m == risk.MeasureShort) {
				shown, left = dash, dash
			}
			t.add(row.Text, name, shown, inUnit(row.Limit, m.Reason(), limit), left)
		})
	}
	each(risk.Part{})
	s.core.Book().EachSlice(sc.kind, sc.number, each)
	if len(t.rows) > 0 {
		t.write(w, "  ")
	}
}

// headroom is what is left of a limit; below zero the scope is over it.
func headroom(limit, value risk.Money) string {
	if limit == risk.Unlimited {
		return "unlimited"
	}
	return amount(limit - value)
}

func (s *State) position(w io.Writer, sc Scope) {
	p := s.core.Book().Position(sc.number, sc.instrument)
	t := newTable("", ">quantity")
	t.add("position (P)", decimal8(p.P))
	t.add("start of day", decimal8(p.SOD))
	t.add("open buys (OB)", decimal8(p.OB))
	t.add("open sells (OS)", decimal8(p.OS))
	t.add("of them long sales", decimal8(p.OSLong))
	if p.ShortSold|p.Located != 0 {
		t.add("sold short today", decimal8(p.ShortSold))
		t.add("located for short sales", decimal8(p.Located))
	}
	if m := s.core.Book().Marked(sc.instrument); m.NowK != 0 {
		t.add("close × factor", orDash(valued(m.Close, m.CloseK)))
		t.add("mark × factor", valued(m.Now, m.NowK))
	}
	s.split(t, sc)
	t.write(w, "  ")
	var long, short risk.Qty
	if a := s.accountConfig(sc.number); a != nil {
		long, short = risk.Qty(a.LongMax), risk.Qty(a.ShortMax)
	}
	t = newTable("measure", ">value", ">limit", ">headroom")
	for _, row := range []struct {
		name         string
		value, limit risk.Qty
	}{{"worst long (P + OB)", p.P + p.OB, long}, {"worst short (OS - P)", p.OS - p.P, short}} {
		left := "unlimited"
		if row.limit != risk.Unlimited {
			left = decimal8(row.limit - row.value)
		}
		t.add(row.name, decimal8(row.value), decimal8(row.limit), left)
	}
	t.write(w, "  ")
}

// contributions prints each open order with its live versions (exposure 3).
func (s *State) contributions(w io.Writer, sc Scope) {
	t := newTable("our id", "ClOrdID", "account", "symbol", "side", ">executed",
		"live versions (quantity @ worst price)", ">open q", ">reserved r", "flags")
	s.core.EachLive(func(_ uint32, o *core.Order) bool {
		if !s.has(sc, o.Place) {
			return true
		}
		versions := []string{decimal8(o.Qty) + " @ " + decimal8(o.Worst)}
		for _, q := range s.pendingReplaces(o) {
			versions = append(versions, decimal8(q.Qty)+" @ "+decimal8(q.Worst))
		}
		t.add(s.core.VenueID(o.First), readable(s.core.ClOrdID(o.Current)), s.journal.account(o.Account),
			s.journal.instrument(o.Instrument), sideWord(o.Side), decimal8(o.Executed), strings.Join(versions, ", "),
			decimal8(o.Open), amount(o.Reserved), orDash(strings.Join(s.conditions(o), " + ")))
		return true
	})
	fmt.Fprintf(w, "open orders: %d\n", len(t.rows))
	t.write(w, "  ")
}

// executions prints what was executed since the roll.
func (s *State) executions(w io.Writer, sc Scope) {
	sums := map[place]*traded{}
	for at, x := range s.traded {
		if s.has(sc, at) {
			where := place{at.Account, at.Instrument}
			if sums[where] == nil {
				sums[where] = new(traded)
			}
			sums[where].add(x)
		}
	}
	places := slices.Collect(maps.Keys(sums))
	slices.SortFunc(places, func(a, b place) int {
		return strings.Compare(s.journal.account(a.account)+" "+s.journal.instrument(a.instrument),
			s.journal.account(b.account)+" "+s.journal.instrument(b.instrument))
	})
	t := newTable("account", "symbol", ">bought", ">money", ">sold", ">money", ">position")
	for _, at := range places {
		x := sums[at]
		t.add(s.journal.account(at.account), s.journal.instrument(at.instrument), x.bought.String(), cents(x.moneyBought),
			x.sold.String(), cents(x.moneySold), decimal8(s.core.Book().Position(at.account, at.instrument).P))
	}
	fmt.Fprintf(w, "executed since the roll: %d\n", len(t.rows))
	t.write(w, "  ")
}
