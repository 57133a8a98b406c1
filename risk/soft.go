package risk

// Soft are controls that a person may pass once for one order: those that ask of an order by itself whether it can be meant. What
// would stand afterwards (credit, positions), what regulators and venues demand, and what stops trading is hard for everyone.
type Soft uint16

var softControls = [...]Reason{OrderQtyTooLarge, OrderQtyTooSmall, NotionalTooLarge, VolumeShareExceeded, PriceOutsideCollar, CollarAmountExceeded,
	CollarTicksExceeded, NearTouchExceeded, FarTouchExceeded}

const _ = uint(16 - len(softControls))

// SoftControls are the controls that may be soft.
func SoftControls() []Reason { return softControls[:] }

// Soft is the set of one control, empty where it is hard.
func (r Reason) Soft() Soft {
	for i, control := range softControls {
		if r == control {
			return 1 << i
		}
	}
	return 0
}

// refuse is the verdict of a control that an order fails: none where somebody has passed it for the order.
func (j *Judgement) refuse(control Reason) Reason {
	if j.pass != 0 {
		if soft := control.Soft(); j.pass&soft != 0 {
			j.Passed |= soft
			return Accepted
		}
	}
	return control
}
