package demo

import "portcullis/risk"

// notShown are the Reasons that no order of a demo meets, each with why.
var notShown = map[risk.Reason]string{
	risk.DataHoldsSOH:        "participants of the demo write no data fields",
	risk.ScopeUnsupported:    "is about mass requests, not orders",
	risk.GateStopping:        "links are logged out in the same instant",
	risk.JournalUnavailable:  "needs a full disk",
	risk.ClockForbidden:      "needs a clock state that the configuration forbids",
	risk.TableFull:           "needs a full table",
	risk.Draining:            "is an operator's preparation for an end",
	risk.VenueDraining:       "is an operator's preparation for an end",
	risk.LinkHeld:            "links are logged out in the same instant",
	risk.ArithmeticOverflow:  "where a limit is set, the limit refuses first",
	risk.GroupGrossExceeded:  "needs a group of clients",
	risk.GroupNetExceeded:    "needs a group of clients",
	risk.DeskGrossExceeded:   "needs desks",
	risk.DeskNetExceeded:     "needs desks",
	risk.TraderGrossExceeded: "needs traders",
	risk.TraderNetExceeded:   "needs traders",
	risk.AlgoGrossExceeded:   "needs algorithms",
	risk.AlgoNetExceeded:     "needs algorithms",
	risk.LinkGrossExceeded:   "needs a session with limits of its own",
	risk.LinkNetExceeded:     "needs a session with limits of its own",
	risk.VenueGrossExceeded:  "needs a venue with limits of its own",
	risk.VenueNetExceeded:    "needs a venue with limits of its own",
	risk.TraderUnknown:       "needs traders",
	risk.AlgoUnknown:         "needs algorithms",
	risk.PartyMismatch:       "needs traders",
	risk.AttributionMissing:  "needs traders",
	risk.VenueRecovering:     "needs a venue line that lost orders",
	risk.EgressBlocked:       "needs bytes that are not what was judged",
	risk.NotSent:             "needs a venue line that lost orders",
	risk.WithdrawnByKill:     "needs a kill while bytes wait in a send buffer",
}
