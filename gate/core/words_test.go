package core

import (
	"fmt"
	"strings"
	"time"

	"portcullis/risk"
)

// steps are the script's words for what happens beside messages.
var steps map[string]func(s *script, words []string)

// checks are its words for what must have come of it.
var checks map[string]func(s *script, words []string)

func init() {
	steps = map[string]func(s *script, words []string){
		"kill":  func(s *script, w []string) { s.kill(CmdKill, w) },
		"drill": func(s *script, w []string) { s.kill(CmdDrill, w) },

		"revive": func(s *script, w []string) {
			m := Command{ID: 7, Kind: CmdRevive, Target: uint64(s.number(w[0]))}
			if len(w) > 1 {
				m.UID = uint32(s.number(strings.TrimPrefix(w[1], "user=")))
			}
			s.w.command(m)
		},
		"enable": func(s *script, w []string) { // CONTROL SCOPE [user=N]
			m := Command{ID: 7, Kind: CmdEnable}
			for r := risk.Reason(0); r < 1024; r++ {
				if r.String() == w[0] && r != risk.Unjudged {
					m.Target = uint64(r)
				}
			}
			m.Scope, m.Index = s.scopeOf(w[1])
			if len(w) > 2 {
				m.UID = uint32(s.number(strings.TrimPrefix(w[2], "user=")))
			}
			s.w.command(m)
		},
		"roll": func(s *script, w []string) {
			s.w.command(Command{ID: 7, Kind: CmdRoll, Target: uint64(s.number(w[0]))})
		},
		"halt":      func(s *script, w []string) { s.halt(CmdHalt, w[0]) },
		"resume":    func(s *script, w []string) { s.halt(CmdResume, w[0], w[1:]...) },
		"say-phase": (*script).sayPhase,
		"pass": func(s *script, w []string) { // "pass 1 user=7"
			s.w.command(Command{ID: 7, Kind: CmdPass, Target: uint64(s.number(w[0])), UID: uint32(s.number(strings.TrimPrefix(w[1], "user=")))})
		},
		"stop": func(s *script, w []string) { // "stop cancel"
			s.w.command(Command{ID: 7, Kind: CmdStop, Flag: len(w) > 0})
		},
		"lists":      (*script).lists,
		"restrict":   func(s *script, w []string) { s.restrict(CmdRestrict, w) },
		"unrestrict": func(s *script, w []string) { s.restrict(CmdUnrestrict, w) },
		"accept":     func(s *script, w []string) { s.w.command(Command{ID: 7, Kind: CmdAccept}) },
		"cancel-stray": func(s *script, w []string) {
			s.w.command(Command{ID: 7, Kind: CmdCancelStray, Name: w[0], Index: index(symbolNames, w[1]), Side: risk.Buy,
				Qty: risk.Qty(s.fixed(w[2], 8)), UID: uint32(s.number(strings.TrimPrefix(w[3], "user=")))})
		},
		"assign": func(s *script, w []string) {
			s.w.command(Command{ID: 7, Kind: CmdAssign, Name: w[0], Index: index(accountNames, w[1]),
				UID: uint32(s.number(strings.TrimPrefix(w[2], "user=")))})
		},
		"configured": func(s *script, w []string) {
			s.w.event(&Event{Kind: Configured, Link: NoIndex, Data: []byte(strings.Repeat(w[0], 8))})
		},
		"adjust": func(s *script, w []string) { // "adjust ACME-1 IBM buy 100 @ 50 user=7"
			side := map[string]risk.Side{"buy": risk.Buy, "sell": risk.Sell, "short": risk.SellShort, "none": 0}[w[2]]
			m := Command{ID: 7, Kind: CmdAdjust, Index: index(accountNames, w[0]), Target: uint64(index(symbolNames, w[1])), Side: side,
				Qty: risk.Qty(s.fixed(w[3], 8)), UID: uint32(s.number(strings.TrimPrefix(w[len(w)-1], "user=")))}
			if w[4] == "@" {
				m.Price = risk.Price(s.fixed(w[5], 8))
			}
			s.w.command(m)
		},
		"split": func(s *script, w []string) { // "split IBM 4:1 20261123 user=7", without a user by two
			from, to, _ := strings.Cut(w[1], ":")
			m := Command{ID: 7, Kind: CmdSplit, Index: index(symbolNames, w[0]), Target: uint64(s.number(w[2])),
				Qty: SplitQty(risk.Ratio{New: uint32(s.number(from)), Old: uint32(s.number(to))}), UID: 1}
			if len(w) > 3 {
				m.UID = uint32(s.number(strings.TrimPrefix(w[3], "user=")))
			} else if s.w.command(m); len(s.w.replies) == 1 && s.w.replies[0].Code == SecondPerson {
				m.UID, s.w.replies = 2, nil
			} else {
				return
			}
			s.w.command(m)
		},
		"settle": func(s *script, w []string) { // "settle ACME-1 IBM user=7"
			s.w.command(Command{ID: 7, Kind: CmdAdjust, Flag: true, Index: index(accountNames, w[0]), Target: uint64(index(symbolNames, w[1])),
				UID: uint32(s.number(strings.TrimPrefix(w[2], "user=")))})
		},
		"mark": func(s *script, w []string) { // "mark IBM 50 user=7", "mark IBM 50 close=20261122", "marks-end"
			m := Command{ID: 7, Kind: CmdMark, Index: index(symbolNames, w[0]), Price: risk.Price(s.fixed(w[1], 8))}
			if date, closes := strings.CutPrefix(w[2], "close="); closes {
				m.Kind, m.Target = CmdClose, uint64(s.number(date))
				if len(w) > 3 { // "of=20261121", the day of the price
					m.Target = DatedClose(uint32(m.Target), uint32(s.number(strings.TrimPrefix(w[3], "of="))))
				}
			} else {
				m.UID = uint32(s.number(strings.TrimPrefix(w[2], "user=")))
			}
			s.w.command(m)
		},
		"loss": func(s *script, w []string) { // "loss client ACME 150": the follower's word
			m := Command{ID: 7, Kind: CmdLoss, Scope: risk.ScopeFirm, Qty: risk.Qty(s.fixed(w[len(w)-1], 4))}
			if w[0] != "firm" {
				m.Scope, m.Index = s.creditScope(w[0], w[1])
			}
			s.w.command(m)
		},
		"loss-prices": func(s *script, w []string) { // "loss-prices marks": some count at their marks
			s.w.command(Command{ID: 7, Kind: CmdLossPrices, Flag: len(w) > 0, Reason: "IBM bid 48 2026-11-22T14:30:00Z"})
		},
		"marks-end": func(s *script, w []string) { s.w.command(Command{ID: 7, Kind: CmdMarksEnd}) },
		"close-break": func(s *script, w []string) { // "close-break E1 user=7"
			s.w.command(Command{ID: 7, Kind: CmdCloseBreak, Name: w[0], UID: uint32(s.number(strings.TrimPrefix(w[1], "user=")))})
		},
		"link-down":  func(s *script, w []string) { s.linkCommand(CmdLinkDown, w) },
		"link-up":    func(s *script, w []string) { s.linkCommand(CmdLinkUp, w) },
		"link-seq":   func(s *script, w []string) { s.linkCommand(CmdLinkSeq, w) },
		"link-reset": func(s *script, w []string) { s.linkCommand(CmdLinkReset, w) },
		"resolve":    (*script).resolve,
		"resolve-venue": func(s *script, w []string) { // "resolve-venue 3 as cancelled user=7"
			s.w.command(Command{ID: 7, Kind: CmdResolveVenue, Index: uint32(s.number(w[0])), Outcome: outcomes[w[2]],
				UID: uint32(s.number(strings.TrimPrefix(w[3], "user=")))})
		},
		"sod": (*script).startOfDay,
		"locate": func(s *script, w []string) { // "locate ACME-1 IBM 100 20261122"
			s.w.command(Command{ID: 7, Kind: CmdLocate, Index: index(accountNames, w[0]), Qty: risk.Qty(s.fixed(w[2], 8)),
				Target: DatedInstrument(uint32(s.number(w[3])), index(symbolNames, w[1]))})
		},
		"shortsale": func(s *script, w []string) { // "shortsale IBM on", off, or triggered=20261121; "user=7" behind it
			m := Command{ID: 7, Kind: CmdShortSale, Index: index(symbolNames, w[0]), Flag: w[1] == "off", UID: s.user(w[2:]...)}
			if date, ok := strings.CutPrefix(w[1], "triggered="); ok {
				m.Target = uint64(s.number(date))
			}
			s.w.command(m)
		},
		"easy": func(s *script, w []string) { // "easy IBM 20261122", and with "no" behind it not any more
			s.w.command(Command{ID: 7, Kind: CmdEasyToBorrow, Index: index(symbolNames, w[0]), Target: uint64(s.number(w[1])), Flag: len(w) > 2})
		},
		"sod-end": func(s *script, w []string) {
			s.w.command(Command{ID: 7, Kind: CmdSODEnd, Index: index(accountNames, w[0]), Target: uint64(s.number(w[1]))})
		},
		"sod-begin": func(s *script, w []string) {
			s.w.command(Command{ID: 7, Kind: CmdSODBegin, Index: index(accountNames, w[0]), Target: uint64(s.number(w[1]))})
		},
		"nonsense": func(s *script, w []string) { s.w.command(Command{ID: 7, Kind: 99}) },
		"drop":     func(s *script, w []string) { s.w.drop(index(linkNames, w[0])) },
		"connect":  func(s *script, w []string) { s.w.connect(index(linkNames, w[0])) },
		"block":    func(s *script, w []string) { s.w.event(&Event{Kind: Blocked, Link: index(linkNames, w[0])}) },
		"writable": func(s *script, w []string) { s.w.event(&Event{Kind: Writable, Link: index(linkNames, w[0])}) },
		"pause": func(s *script, w []string) { // nobody looks meanwhile
			d, err := time.ParseDuration(w[0])
			must(s.t, err)
			s.w.nowNs += int64(d)
		},
		"tail-lost": func(s *script, w []string) { s.w.event(&Event{Kind: TailLost, Link: NoIndex}) },
		"offer":     (*script).offered,
		"approve":   (*script).approve,
		"waits":     (*script).waits,
		"drain":     func(s *script, w []string) { s.drain(w[0], false) },
		"undrain":   func(s *script, w []string) { s.drain(w[0], true) },
		"differs":   func(s *script, w []string) { s.w.command(Command{ID: 7, Kind: CmdStateDiffers, Target: 5}) },
		"disk-low": func(s *script, w []string) {
			s.w.command(Command{ID: 7, Kind: CmdDiskLow, Reason: "2 MB are left"})
		},
		"rate-stale": func(s *script, w []string) {
			s.w.command(Command{ID: 7, Kind: CmdRateStale, Reason: "GBP"})
		},
		"self-test": func(s *script, w []string) { // "self-test a tried=159 failed=1", and "stranger" behind it; "self-test overdue"
			m := Command{ID: 7, Kind: CmdSelfTest, Name: strings.Repeat(w[0], 64), Qty: 2e9, Reason: "COLLAR of AAPL"}
			for _, word := range w {
				switch key, v, _ := strings.Cut(word, "="); key {
				case "tried":
					m.Index = uint32(s.number(v))
				case "failed":
					m.Target = uint64(s.number(v))
				case "stranger":
					m.Flag = true
				case "short":
					m.Name = m.Name[:16]
				case "overdue":
					m = Command{ID: 7, Kind: CmdSelfTestOverdue, Reason: "the last one was 27 h ago"}
				}
			}
			s.w.command(m)
		},
		"certificates": func(s *script, w []string) { // fine, or trouble
			s.w.command(Command{ID: 7, Kind: CmdCertificates, Flag: w[0] == "trouble", Reason: "gate.pem"})
		},
		"revoked": func(s *script, w []string) { // LINK [this|before]: on the connection that it has, or had before
			m := Command{ID: 7, Kind: CmdRevoked, Index: index(linkNames, w[0]), Reason: "the peer's certificate is revoked"}
			switch {
			case len(w) == 1:
			case w[1] == "this":
				m.Target = uint64(s.w.core.Conn(m.Index))
			default:
				m.Target = uint64(s.w.core.Conn(m.Index)) - 1
			}
			s.w.command(m)
		},
		"noticed": func(s *script, w []string) {
			code := SnapshotDamaged
			if len(w) > 0 && w[0] == "clock-stepped" {
				code = ClockStepped
			}
			s.w.event(&Event{Kind: Noticed, Link: NoIndex, Code: uint8(code)})
		},
		"restart": func(s *script, w []string) { s.w.restart() },
		"execution-days": func(s *script, w []string) { // as a start with another configuration
			s.w.core.set.ExecutionDays, s.w.shadow.set.ExecutionDays = s.number(w[0]), s.number(w[0])
		},
		"unsent": func(s *script, w []string) {
			for _, id := range w {
				s.w.unsent = append(s.w.unsent, s.request(id))
			}
		},
		"missed-and-down": (*script).missedAndDown,
		"reset":           func(s *script, w []string) { s.w.seqOut[index(linkNames, w[0])] = 1 },
		"repeat":          func(s *script, w []string) { s.w.seqOut[index(linkNames, w[0])]-- }, // the last number
		"admit":           func(s *script, w []string) { s.admit(index(linkNames, w[0])) },
		"withdraw":        (*script).withdraw,
		"again":           (*script).again,
		"egress": func(s *script, w []string) {
			s.w.event(&Event{Kind: EgressDifference, Link: xsim, Seq: 1, Code: 38, Data: EgressRecords{7, 5}.Append(nil)})
		},
		"journal": func(s *script, w []string) {
			s.w.event(&Event{Kind: JournalSpace, Link: NoIndex, Code: map[string]uint8{"full": 1, "lost": 3}[w[0]]})
		},
		"clock": func(s *script, w []string) {
			s.w.event(&Event{Kind: ClockChanged, Link: NoIndex, Code: bit(w[0] == "bad")})
		},
		"set-clock": func(s *script, w []string) {
			by, err := time.ParseDuration(w[0])
			if err != nil {
				s.fatal("%v", err)
			}
			s.w.setNs += int64(by)
		},
		"quote":   (*script).quoted,
		"account": (*script).accountWords,
		"limit":   (*script).limit,
		"orders":  (*script).orders,
		"reload":  (*script).reload,
		"agrees":  (*script).agrees,
		"symbol":  (*script).symbolWords,
	}
	checks = map[string]func(s *script, words []string){
		"alert": (*script).alert, "overshoot": (*script).overshoot, "reply": (*script).reply,
		"scope": (*script).scope, "position": (*script).position, "measure": (*script).measure, "order": (*script).orderIs,
		"next": func(s *script, w []string) {
			st := s.w.core.LinkState(index(linkNames, w[0]))
			if got := fmt.Sprintf("in=%d out=%d", st.NextIn, st.NextOut); got != strings.Join(w[1:], " ") {
				s.fatal("%s is at %s", w[0], got)
			}
		},
		"self-tested": func(s *script, w []string) { // "self-tested a tried=159 failed=1", or never
			got := "never"
			if x := s.w.core.SelfTest(); x.AtNs != 0 {
				got = fmt.Sprintf("%.1s tried=%d failed=%d", x.Of(), x.Tried, x.Failed)
			}
			if got != strings.Join(w, " ") {
				s.fatal("the newest self-test is %s", got)
			}
		},
		"trading":    (*script).trading,
		"copy":       (*script).copyIs,
		"still-open": (*script).stillOpen,
		"phase": func(s *script, w []string) {
			if got := s.w.core.Phase(index(linkNames, w[0])).String(); got != strings.Join(w[1:], " ") {
				s.fatal("%s is %s", w[0], got)
			}
		},
	}
}

func bit(set bool) uint8 {
	if set {
		return 1
	}
	return 0
}

// admit begins a connection; the script writes the logon itself.
func (s *script) admit(l uint32) {
	s.w.conns++
	s.w.event(&Event{Kind: Admitted, Link: l, Conn: s.w.conns})
}

var scopeWords = map[string]risk.Scope{"firm": risk.ScopeFirm, "group": risk.ScopeGroup, "client": risk.ScopeClient, "account": risk.ScopeAccount,
	"desk": risk.ScopeDesk, "trader": risk.ScopeTrader, "algo": risk.ScopeAlgo, "link": risk.ScopeLink, "venue": risk.ScopeVenue,
	"instrument": risk.ScopeInstrument}

// reasonOf is the control of a code.
func reasonOf(code string) risk.Reason {
	for _, c := range risk.Controls() {
		if c.Reason.String() == code {
			return c.Reason
		}
	}
	return risk.Unjudged
}

var killModes = map[string]risk.KillMode{"block": risk.KillBlock, "cancel": risk.KillBlockAndCancel, "disconnect": risk.KillDisconnect,
	"reduce-only": risk.KillReduceOnly, "mode9": 9}

func (s *script) kill(kind CommandKind, words []string) {
	m := Command{ID: 7, Kind: kind}
	for _, word := range words[1:] {
		m.Flag = m.Flag || word == "keep-gtc"
		if mode, ok := killModes[word]; ok {
			m.Mode = mode
		}
	}
	switch words[0] {
	case "firm":
		m.Scope = risk.ScopeFirm
	case "client":
		m.Scope, m.Index = risk.ScopeClient, index(clientNames, words[1])
	case "account":
		m.Scope, m.Index = risk.ScopeAccount, index(accountNames, words[1])
	case "link":
		m.Scope, m.Index = risk.ScopeLink, index(linkNames, words[1])
	default: // "trader:ANN", or several: "trader:ANN symbol:IBM"
		s.killParts(&m, words)
	}
	s.w.command(m)
}

// linkCommand is about a link: "link-seq ACME in=5 out=9".
func (s *script) linkCommand(kind CommandKind, w []string) {
	m := Command{ID: 7, Kind: kind, Index: index(linkNames, w[0])}
	for _, word := range w[1:] {
		switch key, v, _ := strings.Cut(word, "="); key {
		case "in":
			m.NextIn = uint64(s.number(v))
		case "out":
			m.NextOut = uint64(s.number(v))
		}
	}
	s.w.command(m)
}

var outcomes = map[string]Outcome{"open": StaysOpen, "filled": WasFilled, "cancelled": WasCancelled, "rejected": WasRejected}

// resolve is a human's word: "resolve A-1 as filled qty=40 price=50 link=ACME".
func (s *script) resolve(w []string) {
	m := Command{ID: 7, Kind: CmdResolve, Name: s.value(w[0]), Index: NoIndex}
	m.Outcome = outcomes[w[2]]
	for _, word := range w[3:] {
		switch key, v, _ := strings.Cut(word, "="); key {
		case "qty":
			m.Qty = risk.Qty(s.fixed(v, 8))
		case "price":
			m.Price = risk.Price(s.fixed(v, 8))
		case "exec":
			m.ExecID = v
		case "user":
			m.UID = uint32(s.number(v))
		case "link":
			m.Index = index(linkNames, v)
		}
	}
	s.w.command(m)
}

func (s *script) startOfDay(w []string) {
	s.w.command(Command{ID: 7, Kind: CmdSOD, Index: index(accountNames, w[0]),
		Target: uint64(index(symbolNames, w[1])), Qty: risk.Qty(s.fixed(w[2], 8))})
}

// withdraw takes an order's bytes back: "withdraw A-1", by the participant's ClOrdID.
func (s *script) withdraw(w []string) {
	r := s.request(w[0])
	s.w.event(&Event{Kind: Withdrawn, Link: xsim, Seq: s.w.core.requests[r].Seq, Request: r})
}

// missedAndDown: the venue asks again from a number on, and its line ends before that is worked on.
func (s *script) missedAndDown(w []string) {
	s.w.sent, s.w.alerts = nil, nil
	s.w.step(&Event{Kind: Message, Link: xsim, Conn: s.w.core.links[xsim].Conn,
		Data: s.w.message(xsim, "35=2|7="+s.value(w[0])+"|16=0|")})
	s.w.step(&Event{Kind: Closed, Link: xsim, Conn: s.w.core.links[xsim].Conn})
	for s.w.core.DueNs() == 0 {
		s.w.step(&Event{Kind: Tick, Link: NoIndex})
	}
}

// again gives back a message that a participant asked for: "again ACME 2 <the message it was>".
func (s *script) again(w []string) {
	l := index(linkNames, w[0])
	ev := &Event{Kind: Stored, Link: l, Seq: uint64(s.number(w[1])), Seq2: uint64(s.number(w[1]))}
	if len(w) > 2 {
		body := strings.Join(w[2:], "\x01") + "\x01"
		msgType, rest, _ := strings.Cut(body, "\x01")
		ev.Data = framed(s.w.conf.versionOf(w[0]).begin, msgType+"\x0134="+w[1]+"\x0149=GATE\x0152=20261122-13:30:00.000000\x0156="+w[0]+"\x01"+rest)
	}
	s.w.event(ev)
}

func (s *script) quoted(w []string) {
	i := index(symbolNames, w[0])
	switch w[1] {
	case "none":
		s.w.quotes[i] = risk.Quote{}
	case "stale":
		q := s.w.quotes[i]
		q.LastAtNs -= 7200e9
		s.w.quotes[i] = q
	default:
		if strings.Contains(w[1], "=") {
			s.quoteOf(i, w[1:])
			return
		}
		s.w.quote(i, w[1])
	}
}

// quoteOf sets single prices, each as old as the script says: "quote IBM bid=49 ask=51 quote-age=3s close=48".
func (s *script) quoteOf(i uint32, words []string) {
	q := risk.Quote{AtNs: s.w.nowNs, LastAtNs: s.w.nowNs, CloseAtNs: s.w.nowNs}
	for _, word := range words {
		key, v, _ := strings.Cut(word, "=")
		if stamp := map[string]*int64{"quote-age": &q.AtNs, "last-age": &q.LastAtNs, "close-age": &q.CloseAtNs}[key]; stamp != nil {
			age, err := time.ParseDuration(v)
			must(s.t, err)
			*stamp -= int64(age)
			continue
		}
		to, bit := map[string]*risk.Price{"bid": &q.Bid, "ask": &q.Ask, "last": &q.Last, "close": &q.Close}[key],
			map[string]risk.Has{"bid": risk.HasBid, "ask": risk.HasAsk, "last": risk.HasLast, "close": risk.HasClose}[key]
		if to == nil {
			s.fatal("what is %q", word)
		}
		*to, q.Has = risk.Price(s.fixed(v, 8)), q.Has|bit
	}
	s.w.quotes[i] = q
}

// accountWords changes an account's limits in both books.
func (s *script) accountWords(w []string) {
	i := index(accountNames, w[0])
	a := s.w.account(i)
	for _, word := range w[1:] {
		key, v, _ := strings.Cut(word, "=")
		switch key {
		case "gross":
			a.Gross = risk.Money(s.fixed(v, 4))
		case "net":
			a.Net = risk.Money(s.fixed(v, 4))
		case "qty":
			a.OrderQtyMax = risk.Qty(s.fixed(v, 8))
		case "notional":
			a.NotionalMax, a.MarketMax = risk.Money(s.fixed(v, 4)), risk.Money(s.fixed(v, 4))
		case "min":
			a.OrderQtyMin = risk.Qty(s.fixed(v, 8))
		case "market-notional":
			a.MarketMax = risk.Money(s.fixed(v, 4))
		case "long":
			a.LongMax = risk.Qty(s.fixed(v, 8))
		case "short":
			a.ShortMax = risk.Qty(s.fixed(v, 8))
		case "open-orders":
			a.OpenOrdersMax = int64(s.number(v))
		case "sides":
			a.Sides = risk.SideSet(0).With(risk.Side(s.number(v)))
		case "types":
			a.OrdTypes = risk.OrdTypeSet(0).With(risk.OrdType(s.number(v)))
		case "tif":
			a.TimesInForce = risk.TimeInForceSet(0).With(risk.TimeInForce(s.number(v) + 1))
		case "locate":
			a.Short |= map[string]risk.ShortRules{"declared": risk.LocateDeclared, "required": risk.LocateRequired}[v]
		case "mark":
			a.Short |= risk.ShortMarkChecked
		case "closed":
			a.Closed = v == "yes"
		case "phase-rules":
			a.PhaseRules = s.number(v)
		case "sod":
			a.StartOfDay = v == "file"
		case "client-gross", "client-net", "firm-gross", "firm-net":
			s.limits(key, a.Client, risk.Money(s.fixed(v, 4)))
		default:
			s.fatal("what is %q", word)
		}
	}
	s.put(&risk.AccountSetting{Index: i, Account: a})
}

func (s *script) limits(key string, client uint32, v risk.Money) {
	l := risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}
	if strings.HasSuffix(key, "gross") {
		l.Gross = v
	} else {
		l.Net = v
	}
	for _, c := range []*Core{s.w.core, s.w.shadow} {
		if strings.HasPrefix(key, "firm") {
			must(s.t, c.book.SetLimits(risk.ScopeFirm, 0, l))
		} else {
			must(s.t, c.book.SetClient(client, risk.Client{Group: s.w.groupOf(client), Limits: l}))
		}
	}
}

var refSources = map[string]risk.RefSource{"mid": risk.RefMid, "touch": risk.RefTouch, "last": risk.RefLast, "close": risk.RefClose,
	"static": risk.RefStatic}

func (s *script) symbolWords(w []string) {
	i := index(symbolNames, w[0])
	in := instrument(i)
	for _, word := range w[1:] {
		switch key, v, _ := strings.Cut(word, "="); key {
		case "phase-rules":
			in.PhaseRules = s.number(v)
		case "restricted":
			in.Restricted = v == "yes"
		case "halted":
			in.Halted = v == "yes"
		case "sources":
			in.Sources = risk.Sources{}
			for i, word := range strings.Split(v, ",") {
				in.Sources[i] = refSources[word]
			}
		case "tick":
			for i, band := range strings.Split(v, ",") {
				from, tick, banded := strings.Cut(band, ":")
				if !banded {
					from, tick = "0", band
				}
				in.Ticks[i] = risk.TickBand{From: risk.Price(s.fixed(from, 8)), Tick: risk.Price(s.fixed(tick, 8))}
			}
		case "sub-penny":
			in.WholeCents = v == "refuse"
		case "collar":
			in.CollarBps = int64(s.number(v))
		case "amount":
			in.Collars.Amount = risk.Price(s.fixed(v, 8))
		case "ticks":
			in.Collars.Ticks = int64(s.number(v))
		case "near":
			in.Collars.NearBps = int64(s.number(v))
		case "far":
			in.Collars.FarBps = int64(s.number(v))
		case "quote-age", "last-age", "close-age", "static-age":
			age, err := time.ParseDuration(v)
			must(s.t, err)
			*map[string]*int64{"quote-age": &in.Ages.QuoteNs, "last-age": &in.Ages.LastNs, "close-age": &in.Ages.CloseNs, "static-age": &in.Ages.StaticNs}[key] = int64(age)
		case "static":
			in.Static = risk.Static{Price: risk.Price(s.fixed(v, 8)), AtNs: s.w.nowNs}
		case "rate": // of now; so old it may be
			age, err := time.ParseDuration(v)
			must(s.t, err)
			in.Rate = risk.Rate{AtNs: s.w.nowNs, AgeMaxNs: int64(age)}
		case "k":
			in.K = risk.Factor(s.fixed(v, 8))
		case "risk-price": // BUY,SELL
			buy, sell, _ := strings.Cut(v, ",")
			in.RiskPriceBuy, in.RiskPriceSell = risk.Price(s.fixed(buy, 8)), risk.Price(s.fixed(sell, 8))
			s.w.margins = map[uint32][2]risk.Price{i: {in.RiskPriceBuy, in.RiskPriceSell}}
		case "adv":
			in.Adv = risk.Qty(s.fixed(v, 8))
		case "lot":
			in.Lot = risk.Qty(s.fixed(v, 8))
		default:
			s.fatal("what is %q", word)
		}
	}
	if s.reloading {
		s.put(&risk.InstrumentSetting{Index: i, Instrument: in})
		return
	}
	for _, c := range []*Core{s.w.core, s.w.shadow} {
		must(s.t, c.book.SetInstrument(i, in))
	}
}

func (s *script) alert(w []string) {
	s.t.Helper()
	for i, a := range s.w.alerts {
		if a == w[0] {
			s.w.alerts = append(append([]string{}, s.w.alerts[:i]...), s.w.alerts[i+1:]...)
			return
		}
	}
	s.fatal("no alert %s among %v", w[0], s.w.alerts)
}

func (s *script) overshoot(w []string) {
	s.t.Helper()
	for i, got := range overshoots(s.w.over) {
		if got == w[0] {
			s.w.over = append(append([]Effect{}, s.w.over[:i]...), s.w.over[i+1:]...)
			return
		}
	}
	s.fatal("no overshoot %s among %v", w[0], overshoots(s.w.over))
}

var replyCodes = map[ReplyCode]string{Done: "done", UnknownTarget: "unknown", TableFullCode: "full", Malformed: "malformed",
	KilledFirm: "firm", NotBroken: "not-broken", SecondPerson: "second", SplitBefore: "split-before", AskedBeside: "beside",
	NotInDoubt: "not-in-doubt", Ambiguous: "ambiguous", Impossible: "impossible", NotStopped: "not-stopped", NotInSuspense: "not-in-suspense", LineDown: "line-down",
	NotHeld: "not-held", NotLinks: "not-links", Contradiction: "contradiction", NotHalted: "not-halted", AskedInstead: "instead", NotDrained: "not-drained", NotTested: "not-tested", NotRestricted: "not-restricted", NotOffered: "not-offered", OwnOffer: "own-offer", NotShadow: "not-shadow", ListsTooLong: "lists-too-long", StartsOnly: "starts-only", PositionsUnknown: "positions-unknown", DayUnknown: "day-unknown", LeavesKill: "leaves-kill", LinkOfAnother: "link-of-another", RenamedOpen: "renamed-open", BudgetTooLong: "budget-too-long", NoToken: "no-token", LinkNotDown: "not-down", NumberUsed: "used", SameDate: "same-date", ExecBooked: "booked", ListChanged: "changed", StillUsed: "still-used", GoesOverAll: "goes-over-all",
	SplitKnown: "split-known", SplitApplied: "split-applied", SplitPending: "split-pending", SplitTooLate: "split-too-late", NoFraction: "no-fraction"}

func (s *script) reply(w []string) {
	s.t.Helper()
	if len(s.w.replies) != 1 {
		s.fatal("%d replies", len(s.w.replies))
	}
	r := s.w.replies[0]
	got := fmt.Sprintf("%s kill=%d scope=%d withdrawn=%d cancels=%d owed=%d excluded=%d waiting=%d held=%d ", replyCodes[r.Code], r.KillID,
		r.InScope, r.Withdrawn, r.Cancels, r.Owed, r.Excluded, r.Waiting, r.Link)
	for _, word := range w {
		if !strings.Contains(got, word+" ") {
			s.fatal("the reply is %s", got)
		}
	}
	s.w.replies = nil
}

// scope holds the numbers of an account, a client or the firm against what the script says.
func (s *script) scope(w []string) {
	s.t.Helper()
	v := s.w.core.book.Credit(risk.ScopeFirm, 0)
	if i := index(accountNames, w[0]); i != NoIndex {
		v = s.w.core.book.Credit(risk.ScopeAccount, i)
	} else if i := index(clientNames, w[0]); i != NoIndex {
		v = s.w.core.book.Credit(risk.ScopeClient, i)
	} else if word, name, aside := strings.Cut(w[0], ":"); aside {
		v = s.w.core.book.Credit(s.aside(word, name))
	}
	for _, word := range w[1:] {
		key, want, _ := strings.Cut(word, "=")
		var got risk.Money
		switch key {
		case "EB":
			got = v.EB
		case "ES":
			got = v.ES
		case "RB":
			got = v.RB
		case "RS":
			got = v.RS
		case "gross":
			got = v.Gross()
		case "net":
			got = v.Net()
		case "open":
			got = risk.Money(v.OpenOrders * risk.MoneyScale)
		}
		if int64(got) != s.fixed(want, 4) {
			s.fatal("%s is %s", word, money(got))
		}
	}
}

func (s *script) position(w []string) {
	s.t.Helper()
	v := s.w.core.book.Position(index(accountNames, w[0]), index(symbolNames, w[1]))
	left, _ := s.w.core.book.Unsettled(index(accountNames, w[0]), index(symbolNames, w[1]))
	for _, word := range w[2:] {
		key, want, _ := strings.Cut(word, "=")
		got := map[string]risk.Qty{"P": v.P, "OB": v.OB, "OS": v.OS, "short-sold": v.ShortSold, "located": v.Located, "SOD": v.SOD, "left": left.Up()}[key]
		if int64(got) != s.fixed(want, 8) {
			s.fatal("%s is %s", word, qty(got))
		}
	}
}

// request finds a request by a participant's ClOrdID.
func (s *script) request(id string) uint32 {
	s.t.Helper()
	for _, l := range []uint32{acme, beta, acme2} {
		if slot := s.w.core.lookupID(l, []byte(id)); slot != NoIndex && s.w.core.ids[slot].request != NoIndex {
			return s.w.core.ids[slot].request
		}
	}
	s.fatal("no order %s", id)
	return NoIndex
}

// orderIs checks an order by a ClOrdID: live or final, suspect, unknown, executed=, cum=, worst=.
func (s *script) orderIs(w []string) {
	s.t.Helper()
	o := &s.w.core.orders[s.w.core.requests[s.request(w[0])].Order]
	flags := map[string]Flags{"suspect": FlagSuspect, "unknown": FlagUnknown, "cancel": FlagCancelPending, "owed": FlagCancelOwed}
	for _, word := range w[1:] {
		key, want, _ := strings.Cut(word, "=")
		clear := strings.TrimPrefix(word, "not-")
		switch {
		case word == "live" || word == "final":
			if (o.State == Live) != (word == "live") {
				s.fatal("%s: state %d", w[0], o.State)
			}
		case flags[clear] != 0:
			if (o.Flags&flags[clear] != 0) != (clear == word) {
				s.fatal("%s: flags %b", w[0], o.Flags)
			}
		case key == "status":
			if string(o.Status) != want {
				s.fatal("%s: status %c", w[0], o.Status)
			}
		default:
			got := map[string]int64{"executed": int64(o.Executed), "cum": int64(o.Cum), "worst": int64(o.Worst), "qty": int64(o.Qty)}[key]
			if got != s.fixed(want, 8) {
				s.fatal("%s: %s is %s", w[0], word, qty(risk.Qty(got)))
			}
		}
	}
}

// hashOf stands for the hash of a configuration: 64 times one digit.
func hashOf(digit string) string { return strings.Repeat(digit, configHashDigits) }

// offered: a digit that stands for the hash, or nothing; then the users behind it, who are 1 unless named.
func (s *script) offered(w []string) {
	m := Command{ID: 7, Kind: CmdOffer, UID: 1, Index: 1, Target: 1}
	if m.Flag = w[0] == "nothing"; !m.Flag {
		m.Name = hashOf(w[0])
	}
	switch w[len(w)-1] {
	case "on": // it has in it what waited before
		m.Qty, w = OffersOn, w[:len(w)-1]
	case "for": // by the gate itself, for those who stood behind that
		m.Qty, w = OffersFor, w[:len(w)-1]
	}
	if len(w) == 4 {
		m.UID, m.Index, m.Target = uint32(s.number(w[1])), uint32(s.number(w[2])), uint64(s.number(w[3]))
	}
	s.w.command(m)
}

func (s *script) approve(w []string) {
	s.w.command(Command{ID: 7, Kind: CmdApprove, Name: hashOf(w[0]), UID: uint32(s.number(w[1]))})
}

// waits: what the configuration in force says is not approved yet: all, an account, or nothing.
func (s *script) waits(w []string) {
	for _, c := range []*Core{s.w.core, s.w.shadow} {
		c.set.Waits, c.set.Unapproved = w[0] != "nothing", w[0] == "all"
		for i := range c.set.Accounts {
			c.set.Accounts[i].Unapproved = c.set.Accounts[i].Name == w[0]
		}
	}
}

func (s *script) drain(what string, lift bool) {
	m := Command{ID: 7, Kind: CmdDrain, Index: NoIndex, Flag: lift}
	if what != "all" {
		m.Index = index(linkNames, what)
	}
	s.w.command(m)
}
