package audit

import (
	"fmt"
	"strings"

	"portcullis/fix/link"
	"portcullis/gate/config"
	"portcullis/gate/core"
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
		core.CmdReload: "reload", core.CmdPass: "pass", core.CmdStateDiffers: "state differs", core.CmdDrain: "drain", core.CmdCertificates: "certificates", core.CmdRevoked: "certificate revoked", core.CmdDiskLow: "disk nearly full", core.CmdRateStale: "rate of exchange stale", core.CmdSelfTest: "self-test", core.CmdSelfTestOverdue: "self-test overdue",
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
		core.NotHalted:     "no operator halts it", core.NotTested: "short sales of it are not held above the bid",
		core.NotHeld: "nobody holds the link down", core.NotDrained: "it takes new orders", core.NotOffered: "no such configuration waits for approval", core.OwnOffer: "another person must approve it", core.NotShadow: "only the gate's own user says what came of a self-test", core.NotRestricted: "no operator restricts it there",
		core.ListsTooLong: "lists take more rows than there are", core.StartsOnly: "a setting that only a start takes up", core.PositionsUnknown: "nobody knows the positions that a new limit is of", core.LeavesKill: "what gets another owner would leave what a kill stops", core.LinkOfAnother: "a link would get another client than its open orders are of", core.RenamedOpen: "a venue knows open orders by other names", core.BudgetTooLong: "a budget counts more messages than there is room for", core.DayUnknown: "not all that was booked today can be told apart for a new limit", core.GoesOverAll: "all accounts are being gone over just now", core.StillUsed: "what is to go has open orders or positions", core.NoToken: "no such token is good", core.LinkNotDown: "the link has a connection",
		core.NumberUsed:    "the outgoing number has been used",
		core.SameDate:      "at that trade date already",
		core.ListChanged:   "another number of orders is in doubt",
		core.ExecBooked:    "an execution of that ExecID is booked",
		core.NotStaged:     "no such configuration is staged",
		core.LinkHasOrders: "a link that is to go has open orders", core.LinkInUse: "a link that is to go may be in use",
		core.AskedInstead: "noted in the place of what waited longest: a second person is needed", core.AskedBeside: "noted, beside another's: a second person is needed",
		core.SecondPerson: "noted: a second person is needed",
		core.NotBroken:    "no break of that ExecID stands",
		core.SplitKnown:   "that split is known",
		core.SplitApplied: "a split of that ex-date, or a later one, is applied",
		core.SplitPending: "a split with another ex-date is not applied yet",
		core.SplitBefore:  "its ex-date is before the first trade date",
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
