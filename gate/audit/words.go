package audit

import (
	"fmt"
	"strings"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/egress"
	"portcullis/risk"
)

// name is the name of a number, or the number itself where the registry has none.
func (j *Journal) name(kind config.Kind, number uint32) string {
	if number == core.NoIndex {
		return dash
	}
	if text := j.numbers.Name(kind, number); text != "" {
		return text
	}
	return fmt.Sprintf("%s %d", kind, number)
}

func (j *Journal) account(n uint32) string    { return j.name(config.AccountNumber, n) }
func (j *Journal) client(n uint32) string     { return j.name(config.ClientNumber, n) }
func (j *Journal) instrument(n uint32) string { return j.name(config.InstrumentNumber, n) }
func (j *Journal) link(n uint32) string       { return j.name(config.LinkNumber, n) }
func (j *Journal) venue(n uint32) string      { return j.name(config.VenueNumber, n) }

// numberOf finds the number of a name; the error lists what there is.
func (j *Journal) numberOf(kind config.Kind, name string) (uint32, error) {
	if number, ok := j.numbers.Of(kind, name); ok {
		return number, nil
	}
	var known []string
	for n := range min(j.numbers.Count(kind), 20) {
		known = append(known, j.numbers.Name(kind, uint32(n)))
	}
	return 0, fmt.Errorf("the journal knows no %s %q; it knows %s", kind, name, strings.Join(known, ", "))
}

// word looks a text up in a list; a number beyond it is shown as such.
func word[T ~uint8](list []string, v T, what string) string {
	if int(v) < len(list) && list[v] != "" {
		return list[v]
	}
	return fmt.Sprintf("%s %d", what, v)
}

// Words of enumerations, by their numbers.
var (
	sideWords = []string{risk.Buy: "buy", risk.Sell: "sell", risk.SellShort: "short",
		risk.SellShortExempt: "short_exempt"}
	ordTypeWords = []string{risk.Market: "market", risk.Limit: "limit", risk.Stop: "stop",
		risk.StopLimit: "stop_limit", risk.MarketOnClose: "moc", risk.LimitOrBetter: "limit_or_better",
		risk.LimitOnClose: "loc", risk.MarketWithLeftoverAsLimit: "market_to_limit", risk.Pegged: "pegged"}
	tifWords = []string{risk.Day: "day", risk.GoodTillCancel: "gtc", risk.AtTheOpening: "opg",
		risk.ImmediateOrCancel: "ioc", risk.FillOrKill: "fok", risk.GoodTillCrossing: "gtx",
		risk.GoodTillDate: "gtd", risk.AtTheClose: "atc"}
	scopeWords = []string{risk.ScopeFirm: "firm", risk.ScopeClient: "client", risk.ScopeAccount: "account",
		risk.ScopeLink: "link", risk.ScopeGroup: "group", risk.ScopeDesk: "desk", risk.ScopeTrader: "trader",
		risk.ScopeAlgo: "algo", risk.ScopeVenue: "venue", risk.ScopeInstrument: "instrument", risk.ScopeSeveral: "several"}
	scopeKinds = map[risk.Scope]config.Kind{risk.ScopeClient: config.ClientNumber, risk.ScopeAccount: config.AccountNumber,
		risk.ScopeLink: config.LinkNumber, risk.ScopeGroup: config.GroupNumber, risk.ScopeDesk: config.DeskNumber,
		risk.ScopeTrader: config.TraderNumber, risk.ScopeAlgo: config.AlgoNumber, risk.ScopeVenue: config.VenueNumber,
		risk.ScopeInstrument: config.InstrumentNumber}
	sourceWords = []string{risk.RefNone: "none", risk.RefMid: "middle of bid and ask", risk.RefTouch: "near touch",
		risk.RefLast: "last trade", risk.RefClose: "previous close", risk.RefStatic: "static price"}
	classWords   = []string{risk.Stock: "stock", risk.ETF: "etf", risk.Bond: "bond", risk.Option: "option", risk.Future: "future"}
	requestWords = []string{core.NewRequest: "new", core.ReplaceRequest: "replace", core.CancelRequest: "cancel"}
	spaceWords   = []string{"has room", "has room for cancels and reports only", "is full", "cannot write"}
	causeWords   = []string{core.PeerClosed: "the peer closed it", core.ReadFailed: "it failed",
		core.CutByLink: "cut by the session layer", core.SlowConsumer: "cut: the peer reads too slowly",
		core.MessageSize: "cut: a message too long", core.Replaced: "closed by the operator or a shutdown",
		core.ProcessEnded:  "the gate's process ended",
		core.KilledHalfway: "cut: it held half of an order that a kill stops",
		core.TLSFailed:     "ended by TLS",
		core.ReserveUsed:   "cut: what was refused of it used up its part of the journal's reserve"}
	commandWords = []string{core.CmdKill: "kill", core.CmdDrill: "kill drill", core.CmdRevive: "revive", core.CmdRoll: "day roll",
		core.CmdStop: "stop", core.CmdHalt: "halt", core.CmdResume: "resume", core.CmdAccept: "accept venue",
		core.CmdResolve: "resolve", core.CmdResolveVenue: "resolve all in doubt", core.CmdAssign: "assign", core.CmdCancelStray: "cancel", core.CmdAdjust: "adjustment", core.CmdCloseBreak: "close break",
		core.CmdLinkDown: "link down", core.CmdLinkUp: "link up", core.CmdLinkSeq: "link seq", core.CmdLinkReset: "link reset",
		core.CmdPhase: "phase", core.CmdOffer: "offer", core.CmdApprove: "approve", core.CmdRestrict: "restrict", core.CmdUnrestrict: "unrestrict", core.CmdEnable: "enable",
		core.CmdReload: "reload", core.CmdPass: "pass", core.CmdStateDiffers: "state differs", core.CmdDrain: "drain", core.CmdCertificates: "certificates", core.CmdRevoked: "certificate revoked",
		core.CmdEasyToBorrow: "easy to borrow", core.CmdLocate: "locate", core.CmdShortSale: "price test of short sales",
		core.CmdMark: "mark", core.CmdClose: "close", core.CmdMarksEnd: "end of marks", core.CmdLoss: "loss", core.CmdLossPrices: "prices of a loss", core.CmdSplit: "split",
		core.CmdSOD: "start-of-day position", core.CmdSODBegin: "begin of start-of-day positions", core.CmdSODEnd: "end of start-of-day positions"}
	modeWords = []string{risk.KillBlock: "block", risk.KillBlockAndCancel: "cancel", risk.KillDisconnect: "disconnect",
		risk.KillReduceOnly: "reduce-only", risk.KillTripped: "tripped"}
	outcomeWords = []string{core.StaysOpen: "open", core.WasFilled: "filled", core.WasCancelled: "cancelled",
		core.WasRejected: "rejected"}
	replyWords = []string{core.Done: "done", core.UnknownTarget: "unknown target",
		core.TableFullCode: "no room in a table", core.Malformed: "malformed",
		core.NotInDoubt: "order is not in doubt", core.Ambiguous: "name of several orders",
		core.Impossible: "impossible end", core.NotStopped: "venue is not stopped",
		core.NotInSuspense: "no such fill in suspense", core.LineDown: "the line takes nothing",
		core.NotLinks:      "a link that is logged out would send what is not in scope",
		core.Contradiction: "no order can be in all of these scopes",
		core.NotHalted:     "no operator halts it",
		core.NotHeld:       "nobody holds the link down", core.NotDrained: "it takes new orders", core.NotOffered: "no such configuration waits for approval", core.OwnOffer: "another person must approve it", core.NotRestricted: "no operator restricts it there",
		core.ListsTooLong: "lists take more rows than there are", core.StartsOnly: "a setting that only a start takes up", core.PositionsUnknown: "nobody knows the positions that a new limit is of", core.LeavesKill: "what gets another owner would leave what a kill stops", core.LinkOfAnother: "a link would get another client than its open orders are of", core.RenamedOpen: "a venue knows open orders by other names", core.BudgetTooLong: "a budget counts more messages than there is room for", core.DayUnknown: "not all that was booked today can be told apart for a new limit", core.GoesOverAll: "all accounts are being gone over just now", core.StillUsed: "what is to go has open orders or positions", core.NoToken: "no such token is good", core.LinkNotDown: "the link has a connection",
		core.NumberUsed:    "the outgoing number has been used",
		core.SameDate:      "at that trade date already",
		core.ListChanged:   "another number of orders is in doubt",
		core.ExecBooked:    "an execution of that ExecID is booked",
		core.NotStaged:     "no such configuration is staged",
		core.LinkHasOrders: "a link that is to go has open orders", core.LinkInUse: "a link that is to go may be in use",
		core.AskedInstead: "noted in the place of another's: a second person is needed",
		core.SecondPerson: "noted: a second person is needed",
		core.NotBroken:    "no break of that ExecID stands",
		core.SplitKnown:   "that split is known",
		core.SplitApplied: "a split of that ex-date, or a later one, is applied",
		core.SplitPending: "a split with another ex-date is not applied yet",
		core.SplitTooLate: "its ex-date is of an earlier trade date",
		core.NoFraction:   "no split has left anything open there",
		core.KilledFirm:   "done, but as a kill of the firm: there was no row for another"}
	partyWords = []string{"suspend", "halt trading", "reinstate"}
	jobWords   = []string{1: "cancels of a kill", 2: "settling what did not arrive", 3: "asking about unknown orders",
		4: "cancels owed", 5: "logging links out", 6: "reserving anew after the roll",
		7: "asking a human about unknown orders", 8: "cancelling one by one what a mass cancel has not",
		9: "resolving the orders in doubt of a venue", 10: "counting what a kill would cancel", 12: "cancelling what a control refuses by now",
		11: "cancelling the orders of links that were lost", 13: "recording what is above the limits of another configuration",
		15: "asking a venue what it has cancelled by itself", 14: "counting the orders of kills that are not over",
		16: "telling what splits have left open"}
	ordStatusWords = map[byte]string{'0': "new", '1': "partially filled", '2': "filled", '3': "done for day",
		'4': "cancelled", '5': "replaced", '6': "pending cancel", '7': "stopped", '8': "rejected", '9': "suspended",
		'A': "pending new", 'B': "calculated", 'C': "expired", 'D': "restated", 'E': "pending replace"}
	msgTypeNames = map[string]string{"0": "Heartbeat", "1": "TestRequest", "2": "ResendRequest", "3": "Reject",
		"4": "SequenceReset", "5": "Logout", "8": "ExecutionReport", "AE": "TradeCaptureReport", "AR": "TradeCaptureReportAck", "9": "OrderCancelReject", "A": "Logon",
		"D": "NewOrderSingle", "DH": "PartyActionRequest", "DI": "PartyActionReport", "F": "OrderCancelRequest", "G": "OrderCancelReplaceRequest", "H": "OrderStatusRequest",
		"j": "BusinessMessageReject", "q": "OrderMassCancelRequest", "AF": "OrderMassStatusRequest"}
)

func sideWord(s risk.Side) string       { return word(sideWords, s, "side") }
func ordTypeWord(t risk.OrdType) string { return word(ordTypeWords, t, "order type") }
func tifWord(t risk.TimeInForce) string { return word(tifWords, t, "time in force") }

// modeWord is the mode of a kill; records from when there was no other have none.
func modeWord(m risk.KillMode) string {
	return word(modeWords, m.OrCancel(), "mode")
}

func statusWord(c byte) string {
	if text, ok := ordStatusWords[c]; ok {
		return text
	}
	return fmt.Sprintf("status %q", c)
}

// flagWords lists an order's conditions.
func flagWords(f core.Flags) []string {
	var words []string
	for _, row := range []struct {
		flag core.Flags
		word string
	}{
		{core.FlagSuspect, "suspect"}, {core.FlagUnknown, "unknown"}, {core.FlagCancelPending, "cancel pending"},
		{core.FlagCancelOwed, "cancel owed"}, {core.FlagKillCancel, "wanted cancelled by a kill"}, {core.FlagOrphan, "wanted cancelled for its link was lost"}, {core.FlagResolved, "booked by hand without ExecID"},
	} {
		if f&row.flag != 0 {
			words = append(words, row.word)
		}
	}
	return words
}

// messageName names a FIX message by its MsgType(35).
func messageName(message []byte) string {
	msgType := valueOf(message, "35")
	if name, ok := msgTypeNames[msgType]; ok {
		return name
	}
	return "message 35=" + readable([]byte(msgType))
}

// valueOf is the first value of a tag in a message, "" where it has none. Data fields may hide a
// tag inside them; what is shown is the whole message anyway.
func valueOf(message []byte, tag string) string {
	for _, field := range strings.Split(string(message), "\x01") {
		if v, ok := strings.CutPrefix(field, tag+"="); ok {
			return v
		}
	}
	return ""
}

// EventWords say what happened.
func (j *Journal) EventWords(ev *core.Event) string {
	switch ev.Kind {
	case core.Started:
		text := fmt.Sprintf("gate started, epoch %d", ev.Seq)
		if ev.Code == 1 {
			text += ", machine booted anew"
		}
		return text
	case core.Admitted:
		if len(ev.Data) == 0 {
			return fmt.Sprintf("connection %d admitted", ev.Conn)
		}
		return fmt.Sprintf("connection %d admitted: %s", ev.Conn, readable(ev.Data))
	case core.Message:
		if ev.Code == core.WasEarly {
			return messageName(ev.Data) + " taken in its turn: it had come above a gap"
		}
		return messageName(ev.Data) + " received"
	case core.Garbled:
		return fmt.Sprintf("%d bytes skipped: %v", ev.Seq, fix.Framing(ev.Code))
	case core.Closed:
		return fmt.Sprintf("connection %d ended: %s", ev.Conn, word(causeWords, ev.Code, "cause"))
	case core.Blocked:
		return "send buffer over its bound"
	case core.Writable:
		return "send buffer below its bound again"
	case core.Withdrawn:
		return fmt.Sprintf("message 34=%d withdrawn before it left", ev.Seq)
	case core.Stored:
		if len(ev.Data) == 0 {
			return fmt.Sprintf("34=%d to %d hold nothing to send again", ev.Seq, ev.Seq2)
		}
		return fmt.Sprintf("%s 34=%d read back to be sent again", messageName(ev.Data), ev.Seq)
	case core.CommandGiven:
		return j.commandWords(ev.Data)
	case core.Configured:
		return fmt.Sprintf("configuration %x is in force", ev.Data[:min(hashBytes, len(ev.Data))])
	case core.JournalSpace:
		return "journal " + word(spaceWords, ev.Code, "space state")
	case core.ClockChanged:
		if ev.Code == 1 {
			return "clock state changed: trading is forbidden in it"
		}
		return "clock state changed"
	case core.Tick:
		return "timer"
	case core.EgressDifference:
		return egressWords(ev)
	case core.TailLost:
		return "the journal's last records were lost: the venues may have orders of which nothing is known"
	case core.Noticed:
		return "noticed: " + string(ev.Data)
	case core.Numbered:
		return fmt.Sprintf("numbering goes on from 34=%d", ev.Seq)
	}
	return fmt.Sprintf("event %d", ev.Kind)
}

// egressWords name the difference that the egress check found, and the two records that differ.
func egressWords(ev *core.Event) string {
	r := core.ParseEgressRecords(ev.Data)
	s := fmt.Sprintf("egress check: 34=%d of record #%d is not what was judged: %s", ev.Seq, r.Sent, egress.Difference(ev.Code))
	if r.Accepted != 0 {
		s += fmt.Sprintf(", compared with record #%d", r.Accepted)
	}
	return s
}

// commandWords say what an operator asked for, who and why.
func (j *Journal) commandWords(data []byte) string {
	m, ok := core.ParseCommand(data)
	if !ok {
		return "command that cannot be read"
	}
	text := "command " + word(commandWords, m.Kind, "kind")
	switch m.Kind {
	case core.CmdStop:
		text += choice(m.Flag, ", open orders are cancelled first", "")
	case core.CmdKill, core.CmdDrill:
		text += " of " + j.commandTarget(&m)
		if m.Target != 0 {
			text += ", carried out by the watchdog"
		}
		if m.Mode != 0 {
			text += ", mode " + modeWord(m.Mode)
		}
		if m.Flag {
			text += ", GTC and GTD orders kept"
		}
	case core.CmdRevive:
		text += fmt.Sprintf(" of kill %d", m.Target)
	case core.CmdEnable:
		text += " of " + risk.Reason(m.Target).String() + " for " + j.scopeName(m.Scope, m.Index)
	case core.CmdRoll:
		text += fmt.Sprintf(" to %d", m.Target)
	case core.CmdHalt, core.CmdResume:
		text += " of " + j.haltedWord(&m)
	case core.CmdPhase:
		text += j.phaseCommandWords(&m)
	case core.CmdRestrict, core.CmdUnrestrict:
		text += " of " + j.instrument(uint32(m.Target)) + " for " + j.scopeName(m.Scope, m.Index)
		if m.Qty != 0 {
			text += untilWords(int64(m.Qty))
		}
	case core.CmdAccept:
		text += " " + j.venue(m.Index)
	case core.CmdLinkDown, core.CmdLinkUp, core.CmdLinkReset, core.CmdRevoked:
		text += " of " + j.link(m.Index)
	case core.CmdLinkSeq:
		text += " of " + j.link(m.Index)
		if m.NextIn != 0 {
			text += fmt.Sprintf(", next in %d", m.NextIn)
		}
		if m.NextOut != 0 {
			text += fmt.Sprintf(", next out %d", m.NextOut)
		}
	case core.CmdCancelStray:
		text += fmt.Sprintf(" of order %s of %s: %s %s %s", readable(core.CommandName(data)), j.venue(uint32(m.Target)),
			sideWord(m.Side), decimal8(m.Qty), j.instrument(m.Index))
	case core.CmdPass:
		text += fmt.Sprintf(" of token %d", m.Target)
	case core.CmdSplit:
		text += fmt.Sprintf(" of %s, %s on %d", j.instrument(m.Index), ratioWord(core.RatioOf(uint64(m.Qty))), m.Target)
	case core.CmdAdjust:
		if m.Flag {
			text += fmt.Sprintf(" of %s in %s: what a split has left is settled", j.account(m.Index), j.instrument(uint32(m.Target)))
			break
		}
		text += fmt.Sprintf(" of %s: %s %s %s", j.account(m.Index), sideWord(m.Side), decimal8(m.Qty), j.instrument(uint32(m.Target)))
		if m.Price != 0 {
			text += " @ " + decimal8(m.Price)
		}
	case core.CmdCloseBreak:
		text += fmt.Sprintf(" of execution %s of %s", readable(core.CommandName(data)), j.venue(uint32(m.Target)))
	case core.CmdAssign:
		text += fmt.Sprintf(" of execution %s of %s to %s", readable(core.CommandName(data)), j.venue(uint32(m.Target)),
			j.account(m.Index))
	case core.CmdResolveVenue:
		text += fmt.Sprintf(" of %s, %d orders, as %s", j.venue(uint32(m.Target)), m.Index, word(outcomeWords, m.Outcome, "outcome"))
	case core.CmdResolve:
		text += fmt.Sprintf(" order %s as %s", readable(core.CommandName(data)), word(outcomeWords, m.Outcome, "outcome"))
		if m.Index != core.NoIndex {
			text += " of " + j.link(m.Index)
		}
		if m.Qty != 0 {
			text += fmt.Sprintf(", executed %s @ %s", decimal8(m.Qty), decimal8(m.Price))
		}
		if id := core.CommandExecID(data); len(id) > 0 {
			text += " in execution " + readable(id)
		}
	case core.CmdOffer, core.CmdApprove:
		if name := readable(core.CommandName(data)); name != "" {
			text += " configuration " + name[:min(16, len(name))]
		}
	case core.CmdSOD:
		text += fmt.Sprintf(" of %s in %s: %s", j.account(m.Index), j.instrument(uint32(m.Target)), decimal8(m.Qty))
	case core.CmdLoss:
		text += fmt.Sprintf(" of %s: %s", j.scopeName(m.Scope, m.Index), amount(risk.Money(m.Qty)))
	case core.CmdMark:
		text += fmt.Sprintf(" of %s: %s", j.instrument(m.Index), decimal8(m.Price))
	case core.CmdClose:
		text += fmt.Sprintf(" of %s on %d: %s", j.instrument(m.Index), uint32(m.Target), decimal8(m.Price))
		if of := m.Target >> 32; of != 0 {
			text += fmt.Sprintf(", of %d", of)
		}
	case core.CmdEasyToBorrow:
		text = choice(m.Flag, "command end of easy to borrow", text) + fmt.Sprintf(" of %s on %d", j.instrument(m.Index), m.Target)
	case core.CmdShortSale:
		text = choice(m.Flag, "command end of the price test of short sales", text) + " of " + j.instrument(m.Index)
		if m.Target != 0 {
			text += fmt.Sprintf(", triggered on %d", m.Target)
		}
	case core.CmdLocate:
		text += fmt.Sprintf(" for %s in %s on %d: %s", j.account(m.Index), j.instrument(uint32(m.Target)), m.Target>>32, decimal8(m.Qty))
	case core.CmdDrain:
		text = choice(m.Flag, "command end of the drain", text) + " of " + choice(m.Index == core.NoIndex, "the gate", j.link(m.Index))
	case core.CmdStateDiffers:
		text += fmt.Sprintf(" at record #%d", m.Target)
	case core.CmdReload:
		text += fmt.Sprintf(" of configuration %x", versionHash(m.Target))
	case core.CmdSODBegin, core.CmdSODEnd:
		text += fmt.Sprintf(" of %s for %d", j.account(m.Index), m.Target)
	}
	return text + " by " + giver(data)
}

// giver says who gave a command and why.
func giver(data []byte) string {
	m, ok := core.ParseCommand(data)
	if !ok {
		return "nobody known"
	}
	reason, actor, _ := core.CommandTexts(data)
	return giverWords(readable(actor), m.UID, m.PID, readable(reason))
}

// giverWords say who gave a command, and why.
func giverWords(actor string, uid, pid uint32, reason string) string {
	text := actor
	if pid != 0 {
		text += fmt.Sprintf(" (user %d, process %d)", uid, pid)
	}
	if reason != "" {
		text += ": " + reason
	}
	return text
}

// commandTarget names what a kill or a drill is about.
func (j *Journal) commandTarget(m *core.Command) string {
	if m.Scope == risk.ScopeSeveral {
		return j.targetName(&m.Of)
	}
	return j.scopeName(m.Scope, m.Index)
}

// targetName names every part of a target: "trader ANN in MSFT".
func (j *Journal) targetName(t *risk.Target) string {
	var parts []string
	t.EachPart(func(kind risk.Scope, i uint32) { parts = append(parts, j.scopeName(kind, i)) })
	if len(parts) == 0 {
		return "the firm"
	}
	return strings.Join(parts, " and ")
}

func (j *Journal) scopeName(s risk.Scope, index uint32) string {
	if s == risk.ScopeFirm {
		return "the firm"
	}
	if kind, named := scopeKinds[s]; named {
		return word(scopeWords, s, "scope") + " " + j.name(kind, index)
	}
	return word(scopeWords, s, "scope")
}

// authors are who made an order, as far as it says: "; trader ANN, algo TWAP".
func (j *Journal) authors(by risk.Author) string {
	var list []string
	if by.Trader != 0 {
		list = append(list, "trader "+j.name(config.TraderNumber, uint32(by.Trader)-1))
	}
	if by.Algo != 0 {
		list = append(list, "algo "+j.name(config.AlgoNumber, uint32(by.Algo)-1))
	}
	if len(list) == 0 {
		return ""
	}
	return "; by " + strings.Join(list, ", ")
}

func faultWord(code uint8) string { return link.Fault(code).String() }
