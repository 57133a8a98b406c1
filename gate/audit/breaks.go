package audit

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"portcullis/gate/config"
	"portcullis/gate/core"
)

// ReconFilter chooses what Recon lists.
type ReconFilter struct {
	Venue string // "": all
	All   bool   // every execution that is compared, not breaks alone
}

// Recon lists the breaks between drop copies and the gate, the oldest first, with what either side tells.
func (s *State) Recon(w io.Writer, f ReconFilter) error {
	venue := uint32(core.NoIndex)
	if f.Venue != "" {
		var err error
		if venue, err = s.journal.numberOf(config.VenueNumber, f.Venue); err != nil {
			return err
		}
	}
	var rows []*core.CopyView
	counts := map[string]int{}
	s.core.EachCopy(func(v *core.CopyView) {
		if venue != core.NoIndex && v.Venue != venue {
			return
		}
		counts[copyStanding(v)]++
		if f.All || v.Break != core.NoBreak {
			rows = append(rows, v)
		}
	})
	slices.SortStableFunc(rows, func(a, b *core.CopyView) int { return int(a.SinceNs - b.SinceNs) })
	t := newTable("since", "venue", "date", "ExecID", "stands", "symbol", "side", ">qty here", ">there", ">price here", ">there",
		"account here", "there", "booked", "order")
	for _, v := range rows {
		t.add(s.copyRow(v)...)
	}
	t.write(w, "")
	fmt.Fprintf(w, "%s at record %d, %s\n", countWords(counts), s.last.Seq, utc(s.last.UTCNs))
	for l := range s.core.Setup().Links {
		if set := &s.core.Setup().Links[l]; set.DropCopy && !s.core.Phase(uint32(l)).LoggedOn() {
			fmt.Fprintf(w, "the drop copy of %s, %s, is down: what it has not told may be on its way\n", s.journal.venue(set.Venue), s.journal.link(uint32(l)))
		}
	}
	return nil
}

// Standings of an execution between the two sides, in the order in which they are counted.
const (
	standsBroken  = "breaks"
	standsClosed  = "closed by hand"
	standsWaiting = "waiting for a side"
	standsForeign = "foreign"
	standsAgreed  = "agreed"
)

func copyStanding(v *core.CopyView) string {
	switch {
	case v.Break != core.NoBreak:
		return standsBroken
	case v.Settled != core.NoBreak:
		return standsClosed
	case v.Waits:
		return standsWaiting
	case v.Foreign:
		return standsForeign
	}
	return standsAgreed
}

func countWords(counts map[string]int) string {
	words := []string{fmt.Sprintf("%d breaks", counts[standsBroken])}
	for _, standing := range []string{standsWaiting, standsClosed, standsForeign, standsAgreed} {
		if n := counts[standing]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, standing))
		}
	}
	return strings.Join(words, ", ")
}

// copyRow is an execution as the two sides tell it.
func (s *State) copyRow(v *core.CopyView) []string {
	j, stands := s.journal, copyStanding(v)
	switch {
	case v.Break != core.NoBreak:
		stands = v.Break.String()
	case v.Settled != core.NoBreak:
		stands = "closed: " + v.Settled.String()
	}
	symbol, side := dash, dash
	qty, price, account := [2]string{dash, dash}, [2]string{dash, dash}, [2]string{dash, dash}
	for i, t := range []*core.ExecTerms{v.Here, v.There} {
		if t == nil {
			continue
		}
		symbol, side = j.instrument(t.Instrument), sideWord(t.Side)
		qty[i], price[i], account[i] = decimal8(t.Qty), decimal8(t.Price), j.toldAccount(t.Account)
	}
	booked := choice(v.OnWord, "on its word", choice(v.HereTold && !v.HereBusted, "yes", "no"))
	order := dash
	if v.Order != core.NoIndex {
		order = readable(s.core.ClOrdID(s.core.OrderAt(v.Order).First))
	}
	return []string{utc(v.SinceNs), j.venue(v.Venue), fmt.Sprint(v.TradeDate), readable([]byte(v.ExecID)), stands, symbol, side,
		qty[0], qty[1], price[0], price[1], account[0], account[1], booked, order}
}

// breaks says in the status how many stand, where there is a drop copy.
func (s *State) breaks(w io.Writer) {
	configured := slices.ContainsFunc(s.core.Setup().Links, func(l core.LinkSetup) bool { return l.DropCopy })
	if !configured {
		return
	}
	counts := map[string]int{}
	s.core.EachCopy(func(v *core.CopyView) { counts[copyStanding(v)]++ })
	fmt.Fprintf(w, "%-14s %s; see gate recon\n", "recon", countWords(counts))
}
