package risk

// FIXVersion is the application version that a peer speaks. What a version knows is what its
// QuickFIX dictionary lists, since that is what its engine validates against.
type FIXVersion uint8

const (
	FIX40 FIXVersion = iota
	FIX41
	FIX42
	FIX43
	FIX44
	FIX50
	FIX50SP1
	FIX50SP2
	FIXLatest
)

// FIXVersions is how many versions there are.
const FIXVersions = FIXLatest + 1

// Omit says that the version has no value that would be true: leave the tag out.
const Omit = -1

// codes is a set of small code numbers; 99 is kept apart.
type codes struct {
	known uint64
	other int // what stands for a code that the version lacks
}

func upTo(n uint) uint64 { return 1<<(n+1) - 1 }

func (c codes) mapped(code uint64) int {
	if code == 99 && c.other == 99 || code < 64 && c.known>>code&1 != 0 {
		return int(code)
	}
	return c.other
}

// The values that each version's dictionary lists, oldest version first.
var (
	ordRejCodes = [...]codes{
		FIX40: {upTo(4), 0}, FIX41: {upTo(6), 0}, FIX42: {upTo(8), 0}, FIX43: {upTo(12), 0}, FIX44: {upTo(15), 99},
		FIX50: {upTo(15) | 1<<18, 99}, FIX50SP1: {upTo(16) | 1<<18, 99}, FIX50SP2: {upTo(16) | 1<<18, 99},
		FIXLatest: {^uint64(0), 99},
	}
	cxlRejCodes = [...]codes{
		FIX40: {upTo(1), Omit}, FIX41: {upTo(1), Omit}, FIX42: {upTo(3), 2}, FIX43: {upTo(6), 2}, FIX44: {upTo(6), 99},
		FIX50: {upTo(6) | 1<<18, 99}, FIX50SP1: {upTo(8) | 1<<18, 99}, FIX50SP2: {upTo(8) | 1<<18, 99},
		FIXLatest: {^uint64(0), 99},
	}
	businessCodes = [...]codes{
		FIX40: {0, Omit}, FIX41: {0, Omit}, FIX42: {upTo(5), 0}, FIX43: {upTo(7), 0}, FIX44: {upTo(7), 0},
		FIX50: {upTo(7) | 1<<18, 0}, FIX50SP1: {upTo(7) | 1<<18, 0}, FIX50SP2: {upTo(7) | 1<<18, 0},
		FIXLatest: {^uint64(0), 0},
	}
)

// OrdRejReasonFor is OrdRejReason(103) for a peer of version v: the row's code where the version
// has it, else 99 (other) from 4.4 on, 0 (broker option) before.
func OrdRejReasonFor(r Reason, v FIXVersion) int {
	return OrdRejReasonIn(uint64(r.Row().OrdRejReason), v)
}

// OrdRejReasonIn is a code of any version, as OrdRejReasonFor says it.
func OrdRejReasonIn(code uint64, v FIXVersion) int {
	return ordRejCodes[min(v, FIXLatest)].mapped(code)
}

// CxlRejReasonFor is CxlRejReason(102) likewise: 99 from 4.4 on, 2 (broker option) in 4.2 and
// 4.3, Omit before, where only 0 and 1 exist and both would be untrue.
func CxlRejReasonFor(r Reason, v FIXVersion) int {
	return CxlRejReasonIn(uint64(r.Row().CxlRejReason), v)
}

// CxlRejReasonIn is a code of any version, as CxlRejReasonFor says it.
func CxlRejReasonIn(code uint64, v FIXVersion) int {
	return cxlRejCodes[min(v, FIXLatest)].mapped(code)
}

// BusinessRejectReasonFor is BusinessRejectReason(380) likewise: 0 (other) for what the version
// lacks, Omit before 4.2, which has no 35=j.
func BusinessRejectReasonFor(r Reason, v FIXVersion) int {
	return businessCodes[min(v, FIXLatest)].mapped(uint64(r.Row().BusinessRejectReason))
}
