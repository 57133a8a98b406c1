package rehearsal

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// stage is a core with its links logged on.
type stage struct {
	core    *core.Core
	numbers *config.Numbers // closed; to read
	nowNs   int64
	d       core.Decision
	closes  []risk.Quote      // by instrument
	quoting func(*risk.Quote) // what the market is beside them; nil: nothing
	newDay  func()            // a trade date has begun; nil: nothing follows
	begun   bool              // the links are logged on
	reports int               // of venues
	stamper fix.Stamper
	body    []byte
}

func newStage(cfg *config.Config) (s *stage, err error) {
	n := config.DraftNumbers()
	defer func() { err = errors.Join(err, n.Close()) }()
	if err := assemble.Assign(cfg, n); err != nil {
		return nil, err
	}
	s = &stage{numbers: n, closes: make([]risk.Quote, n.Count(config.InstrumentNumber))}
	for i := range cfg.Instruments {
		in := &cfg.Instruments[i]
		if number, ok := n.Of(config.InstrumentNumber, in.Symbol); ok && in.CloseDate != 0 {
			s.closes[number] = risk.Quote{Close: risk.Price(in.Close), Has: risk.HasClose}
		}
	}
	if s.core, err = assemble.Core(cfg, n, s, assemble.Heap); err != nil {
		return nil, err
	}
	for i := range s.closes { // as closes, rates of exchange are of now
		s.core.Book().SetRate(uint32(i), risk.Rate{})
	}
	return s, nil
}

// Quote is the previous close, as of now, and what else the market is wanted to be.
func (s *stage) Quote(instrument uint32, q *risk.Quote) {
	*q = s.closes[instrument]
	q.CloseAtNs = s.nowNs
	if s.quoting != nil {
		s.quoting(q)
	}
}

// linkOf is the participant's link of a CompID, NoIndex where there is none.
func (s *stage) linkOf(compID []byte) uint32 {
	links := s.core.Setup().Links
	return uint32(slices.IndexFunc(links, func(l core.LinkSetup) bool {
		return l.Venue == core.NoIndex && l.BeginString != "" && l.TargetCompID == string(compID)
	}))
}

// at moves time on, which never goes back, and begins the trade date of its day.
func (s *stage) at(ns int64) {
	s.nowNs = max(s.nowNs+1, ns)
	if date := fix.TradeDate(s.nowNs); date > s.core.TradeDate() {
		s.command(core.Command{Kind: core.CmdRoll, Target: uint64(date), Reason: "a day of the log"})
		if s.newDay != nil {
			s.newDay()
		}
	}
}

// logOn brings up every link at the first message, and lets what a venue settles then be settled. No timer runs later:
// the log has no heartbeats to answer them. The error is about the one link that is used.
func (s *stage) logOn(l uint32) error {
	if !s.begun {
		s.begun = true
		s.event(core.Event{Kind: core.Started, Seq: 1, Link: core.NoIndex})
		for i := range s.core.Setup().Links {
			if s.core.Setup().Links[i].BeginString != "" {
				s.logOnOne(uint32(i))
			}
		}
		for n := 0; n < settleTicks && s.core.DueNs() <= s.nowNs; n++ {
			s.event(core.Event{Kind: core.Tick, Link: core.NoIndex})
		}
	}
	if phase := s.core.Phase(l); phase != link.Up {
		return fmt.Errorf("link %s cannot be brought up: it is %v; do its hours cover the log?", s.core.Setup().Links[l].Name, phase)
	}
	return nil
}

// settleTicks is more than the jobs of any configuration's venues take while nothing is open.
const settleTicks = 10_000

func (s *stage) logOnOne(l uint32) {
	s.event(core.Event{Kind: core.Admitted, Link: l, Conn: l + 1})
	logon := "98=0\x01108=30\x01"
	if id := s.core.Setup().Links[l].ApplVerID; id != "" {
		logon += "1137=" + id + "\x01"
	}
	s.message(l, "A", logon)
	if id := s.sent(l, "112"); id != "" {
		s.message(l, "0", "112="+id+"\x01")
	}
}

// sent is a field of the message that the last decision sent on a link; "": there is none.
func (s *stage) sent(l uint32, tag string) string {
	for i := range s.d.Out.Count {
		if s.d.Out.Outs[i].Link == l {
			_, v, _ := bytes.Cut(s.d.Out.Bytes(i), []byte("\x01"+tag+"="))
			v, _, _ = bytes.Cut(v, []byte{fix.SOH})
			return string(v)
		}
	}
	return ""
}

// message is one of a peer's: its body behind a header that the link expects now.
func (s *stage) message(l uint32, msgType, body string) { s.event(s.framed(l, msgType, body)) }

func (s *stage) framed(l uint32, msgType, body string) core.Event {
	set := &s.core.Setup().Links[l]
	s.body = fmt.Appendf(s.body[:0], "35=%s\x0134=%d\x0149=%s\x0152=%s\x0156=%s\x01%s", msgType, s.core.NextIn(l), set.TargetCompID,
		s.stamper.Append(nil, s.nowNs, fix.Millis), set.SenderCompID, body)
	data := fmt.Appendf(nil, "8=%s\x019=%d\x01%s", set.BeginString, len(s.body), s.body)
	data = fmt.Appendf(data, "10=%03d\x01", fix.CheckSum(data))
	return core.Event{Kind: core.Message, Link: l, Conn: l + 1, Data: data}
}

// openDay has every account as if its start-of-day positions were complete.
func (s *stage) openDay(cfg *config.Config) {
	for i := range cfg.Accounts {
		s.core.Book().OpenDay(uint32(s.accountOf(cfg.Accounts[i].Name)))
	}
}

// takePositions gives accounts the start-of-day positions of the file, whatever its date.
func (s *stage) takePositions(cfg *config.Config) {
	for _, p := range cfg.Positions {
		s.command(core.Command{Kind: core.CmdSOD, Index: uint32(s.accountOf(cfg.Accounts[p.Account].Name)),
			Target: uint64(s.instrumentOf(cfg.Instruments[p.Instrument].Symbol)), Qty: risk.Qty(p.Qty)})
	}
}

// command is an operator's.
func (s *stage) command(m core.Command) {
	m.ID, m.Actor = 1, "rehearsal"
	s.event(core.Event{Kind: core.CommandGiven, Link: core.NoIndex, Data: m.Append(nil)})
}

// mark says what a symbol closed at; of one that is not there, or for no price, nothing.
func (s *stage) mark(symbol, price string) {
	v, fault := fix.ParseDecimal([]byte(price))
	if i := s.instrumentOf(symbol); i >= 0 && fault == fix.NumberOK {
		s.command(core.Command{Kind: core.CmdClose, Index: uint32(i), Price: risk.Price(v), Target: uint64(s.core.TradeDate())})
		s.command(core.Command{Kind: core.CmdMarksEnd})
	}
}

func (s *stage) marked(symbol string) bool {
	i := s.instrumentOf(symbol)
	return i >= 0 && s.core.Book().Marked(uint32(i)).NowK != 0
}

func (s *stage) accountOf(name string) int {
	return slices.IndexFunc(s.core.Setup().Accounts, func(a core.AccountSetup) bool { return a.Name == name })
}

func (s *stage) instrumentOf(symbol string) int {
	return slices.IndexFunc(s.core.Setup().Instruments, func(in core.InstrumentSetup) bool { return in.Symbol == symbol })
}

func (s *stage) event(ev core.Event) {
	ev.Now = link.Now{UTCNs: s.nowNs, MonoNs: s.nowNs}
	s.core.Decide(&ev, &s.d)
	s.core.Apply(&ev, &s.d)
}
