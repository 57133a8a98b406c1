package core

// Alert says what a human must look at.
type Alert uint8

const (
	NoAlert              Alert = iota
	FillOnClosedOrder          // an execution for an order that was final: booked
	OverFill                   // executed more than the order's terms allow: booked
	UnknownOrderReport         // a report for no order of ours; a fill is booked in suspense
	CumQtyDiffers              // CumQty(14) is not the sum of the executions seen
	UnknownExecution           // a bust or correction names no execution we know: nothing booked
	ReportUnreadable           // a venue's report that cannot be read: nothing booked
	Unanswered                 // a request has no answer in time
	CancelRefused              // the venue refused a cancel that a kill had sent
	SeqNumbersReset            // the venue reset numbers while requests were unanswered
	BookInexact                // a total was clamped, or a position has no row (of a symbol that nobody knows, in suspense)
	ExecutionsFull             // no slot left to remember executions: booked, new orders refused
	EgressStopped              // the egress check cut a venue line
	RequestNotArrived          // the venue asked for a request again: it had not arrived
	UnmatchedReject            // a venue's 35=3 or 35=j names no request of ours
	DayOrderOpen               // a DAY order is still open after the day roll: it stays reserved
	OrderInDoubt               // what a venue says of an order contradicts what it said before
	RequestsUnsettled          // no job is free to settle requests that did not arrive: they stay reserved
	UnknownOrderFinal          // a cancel found an order in doubt to be over: its executions are unknown
	ReportPartlyRead           // booked from a report of which something else cannot be read, or was rounded
	CancelUnsent               // no request was free for a cancel of the gate's own
	OrderUnknown               // for half a minute nobody has known whether a request arrived: a human must say
	ReportsCutOff              // a second reset came before the reports that the first cut off were sent again
	VenueGarbled               // a venue's message cannot be cut into fields: ignored, until it comes so again
	ExecutionOfAnother         // an execution has another Side or Symbol than the order it names: booked as the order's
	MassCancelUnanswered       // a venue has not said in time that it carries out a mass cancel: each order is cancelled by itself
	MassCancelRefused          // a venue does not carry out a mass cancel: each order is cancelled by itself
	ExecutionResolved          // an execution that was booked by hand without its ExecID: not booked again
	SnapshotDamaged            // a snapshot of the state cannot be read: the start took an older one, or the whole journal
	StateDiffers               // the gate's shadow, which applies the same records, holds another state
	CertificateTrouble         // a certificate ends soon, or a list of revoked ones, or cannot be renewed: the command says which
	FilesDiffer                // the engine was started again on the configuration in force, and the files are other by now
	LinkOrphaned               // a participant's link was lost and has not come back in time: its orders are cancelled
	StatusUnmapped             // a venue's status of trading has a code that its profile does not explain
	ChangeWaits                // a configuration is offered that would loosen a check: it waits for a second person
	LimitNear                  // a measure of a scope has come up to a level of warning below its limit
	KillIncomplete             // orders that a kill wants cancelled are not over seconds after its acknowledgement
	DropCopyBreak              // a drop copy and the gate differ about an execution, or one of them has not told of it
	DropCopyDown               // a drop copy is down, and what is executed meanwhile is not compared
	DailyLossHit               // a scope has lost more than it may in a day: only closing orders pass
	LossUnstopped              // a scope has lost more than it may in a day, and there is no row for a kill of its own: those of the firm hold it
	ExpiredOrderOpen           // an order good till a date is still open after a roll past it: it stays reserved
	JournalBegun               // four eyes hold with another journal, and this one knows nothing: nothing trades until it is approved
	OnePerson                  // a first start under approval: none: one person may loosen every check
	ExecutionsNearFull         // three quarters of the room to remember executions are used: new orders are refused at seven eighths
	LossAtMarks                // positions under a limit of daily loss have no live price of their time: they count at their marks
	SplitUnsettled             // a split has left an account a fraction of a symbol, or more than can be computed: it trades none of it
	SplitUneven                // an execution of before a split does not come out even, and was rounded; one split more often than is known is not corrected
	KillWidened                // what a control, a loss or a lost venue stops has no row for its kill: the firm is stopped in its place
	TradeDateAhead             // the gate is at a trade date that the calendar has not reached: nothing rolls until it has
	CertificateRevoked         // the certificate of a connected peer is revoked: its connection was ended
	SplitsDue                  // splits of the file are due that were not applied, by a start, a roll or who asks: positions are in the units of before
	FillThroughLimit           // an execution is at a price worse than its order's limit, or one that its instrument cannot have
	DiskLow                    // the disk of the journal has little room left: the command says how little
	ClockStepped               // the host's clock was set while the gate ran: the stamps of its records step with it
	RateStale                  // a rate of exchange is older than it may be: the command says which
	SelfTestFailed             // a control did not refuse its breach in the self-test, or that could not run, or is overdue
	MarksDamaged               // at a start the durable marks of numbers in use were missing, or one of their two copies was damaged
)

// String says in words what a human must look at.
func (a Alert) String() string {
	if int(a) < len(alertTexts) {
		return alertTexts[a]
	}
	return "unknown alert"
}

var alertTexts = [...]string{
	NoAlert:              "nothing",
	FillOnClosedOrder:    "execution for an order that was final: booked",
	OverFill:             "more executed than the order's terms allow: booked",
	UnknownOrderReport:   "report for no order of ours",
	CumQtyDiffers:        "CumQty(14) is not the sum of the executions seen",
	UnknownExecution:     "bust or correction of an execution nobody knows: nothing booked",
	ReportUnreadable:     "report that cannot be read: nothing booked",
	Unanswered:           "request without an answer in time",
	CancelRefused:        "the venue refused a cancel of the gate's",
	SeqNumbersReset:      "the venue reset numbers while requests were unanswered",
	BookInexact:          "a total or a position could not be kept in full: exposure no longer equals a recomputation",
	ExecutionsFull:       "no room to remember executions: booked, new orders refused",
	EgressStopped:        "the egress check cut a venue line",
	RequestNotArrived:    "a request had not arrived: the venue asked for it again",
	UnmatchedReject:      "the venue rejects what names no request of ours",
	DayOrderOpen:         "a DAY order is still open after the day roll: it stays reserved",
	OrderInDoubt:         "what the venue says of an order contradicts what it said before",
	RequestsUnsettled:    "no job is free to settle requests that did not arrive: they stay reserved",
	UnknownOrderFinal:    "a cancel found an order in doubt to be over: its executions are unknown",
	ReportPartlyRead:     "booked from a report of which something else cannot be read, or was rounded",
	CancelUnsent:         "no request was free for a cancel of the gate's own: kill again, or cancel at the venue",
	ReportsCutOff:        "a second reset came before the reports that the first cut off were sent again",
	OrderUnknown:         "for half a minute nobody has known whether a request arrived: a human must say",
	VenueGarbled:         "a venue's message cannot be cut into fields: ignored, until it comes so again",
	ExecutionOfAnother:   "execution with another Side(54) or Symbol(55) than the order it names: booked as the order's",
	MassCancelUnanswered: "the venue has not said in time that it carries out a mass cancel: each order is cancelled by itself",
	MassCancelRefused:    "the venue does not carry out a mass cancel: each order is cancelled by itself",
	ExecutionResolved:    "execution of an order that a human's word has booked to this CumQty(14): not booked again, see that they agree",
	SnapshotDamaged:      "a snapshot cannot be read: the start went on from an older one, or read the whole journal",
	StateDiffers:         "the gate's shadow holds another state than the gate: one of them is wrong; see gate replay",
	CertificateTrouble:   "a certificate ends soon, or a list of revoked ones, or cannot be renewed: see gate certificates and the record",
	FilesDiffer:          "the engine was started again on the configuration in force, from which the files differ: see gate reload --dry-run",
	LinkOrphaned:         "a participant's link was lost and has not come back in its grace time: its open orders are cancelled",
	StatusUnmapped:       "a status of trading that the venue's profile does not explain: its phase is not known",
	ChangeWaits:          "a configuration is offered that would loosen a check, and waits for a second person: see gate changes --pending",
	LimitNear:            "a limit is nearly used up",
	KillIncomplete:       "orders that a kill wants cancelled are not over: gate orders --open --csv is the sheet for the venue's desk",
	DropCopyBreak:        "the drop copy and the gate differ about an execution: see gate recon",
	DropCopyDown:         "the drop copy is down: executions are not compared until it is back, see gate recon",
	DailyLossHit:         "more was lost than a scope may lose in a day: only closing orders pass until somebody revives it; see the record",
	LossUnstopped:        "more was lost than a scope may lose in a day, but no row is free for a kill of its own, nor of the firm: only the kills of the firm that stand hold it; revive none of them before gate revive has made room",
	ExpiredOrderOpen:     "an order is still open after a day roll past its ExpireDate(432) or ExpireTime(126): it stays reserved",
	JournalBegun:         "changes take two people here, and this journal is new, without the kills, open orders and executions of the one before: nothing trades until another person approves it",
	OnePerson:            "ONE PERSON may loosen every check of this gate: approval is none",
	ExecutionsNearFull:   "three quarters of the room to remember executions are used: at seven eighths new orders are refused until the day roll; give capacity.executions more at the next start",
	LossAtMarks:          "positions under a limit of daily loss have no live price of their time, and count at their marks: see the record",
	KillWidened:          "THE FIRM IS STOPPED in the place of one scope: no row is free for a kill of it; gate status lists the kills, gate revive and gate enable make room",
	TradeDateAhead:       "the trade date is AHEAD of the calendar: nothing rolls until that day is over, so the figures of the day go on",
	SplitUnsettled:       "a split has left an account a fraction of a symbol, or more of it than can be computed: it trades none of it until gate adjust --fraction says that this is settled",
	SplitUneven:          "an execution of before a split does not come out even: booked or taken back rounded away from zero, or a correction not booked for more splits lie between than are known; see gate adjust",
	CertificateRevoked:   "the certificate of a connected peer is revoked: its connection was ended, and it is refused until it shows another; see the record and gate orders --open",
	SplitsDue:            "splits are DUE AND NOT APPLIED, and positions are in the units of before: see the record; gate splits takes two people, and what came too late gate adjust and a row less in the file",
	FillThroughLimit:     "execution at a price worse than the order's limit, or that its instrument cannot have: booked",
	ClockStepped:         "the host's clock was SET while the gate ran: stamps step with it, see the record by how much; what is counted in seconds goes by a clock that nobody sets, and a trade date that is due only by the one set on waits for gate roll",
	RateStale:            "a rate of exchange is STALE, see the record: new orders and replaces in its currency are refused until gate reload brings a newer one; what is open stays",
	SelfTestFailed:       "the daily SELF-TEST of the controls failed, could not run or is overdue: see the record, gate status and gate check --self-test --in-force",
	MarksDamaged:         "the durable MARKS of sequence numbers were missing or damaged at a start, see the record: had the last records been lost too, used numbers could be used again; see that the disk of the journal is sound, and where they were lost agree on numbers with each peer (gate link seq)",
	DiskLow:              "the disk of the journal is NEARLY FULL: see the record; make room before new orders are refused",
}
