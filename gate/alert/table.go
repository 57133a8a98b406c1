package alert

import (
	"portcullis/gate/core"
)

// Severity is how soon somebody has to look.
type Severity string

const (
	Critical Severity = "critical" // now: trading has stopped, or what the gate says may be wrong
	Warning  Severity = "warning"  // soon: an order or a venue wants a human's word
	Info     Severity = "info"     // an operator did it
)

// grave are the alerts that are critical; the others are warnings.
var grave = map[core.Alert]bool{core.BookInexact: true, core.ExecutionsFull: true, core.EgressStopped: true,
	core.StateDiffers: true, core.UnknownOrderReport: true, core.CancelUnsent: true, core.KillIncomplete: true, core.OrderUnknown: true,
	core.DropCopyBreak: true, core.DailyLossHit: true, core.LossUnstopped: true, core.KillWidened: true, core.SplitUneven: true, core.SplitsDue: true,
	core.SelfTestFailed: true}

// severityOf says how grave an effect is; "": nobody is told.
func severityOf(e *core.Effect) Severity {
	switch e.Kind {
	case core.Alerted:
		if grave[e.Alert] {
			return Critical
		}
		return Warning
	case core.KillSet, core.RecordsLost:
		return Critical
	case core.GateSet:
		if e.Flags == core.GateStopping {
			return Info
		}
		if e.Value != 0 {
			return Critical
		}
		return Warning
	case core.Overshot:
		return Warning
	case core.KillLifted, core.Recovered, core.LinkHeld, core.Drained:
		return Info
	}
	return ""
}
