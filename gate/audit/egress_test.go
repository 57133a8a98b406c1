package audit

import (
	"testing"

	"portcullis/gate/core"
	"portcullis/gate/egress"
)

// TestEgressWords: a difference names what differs and the two records.
func TestEgressWords(t *testing.T) {
	ev := &core.Event{Kind: core.EgressDifference, Seq: 7, Code: uint8(egress.WrongPrice)}
	for records, want := range map[core.EgressRecords]string{
		{Sent: 9, Accepted: 4}: "egress check: 34=7 of record #9 is not what was judged: wrong Price(44), compared with record #4",
		{Sent: 9}:              "egress check: 34=7 of record #9 is not what was judged: wrong Price(44)",
	} {
		ev.Data = records.Append(nil)
		if got := egressWords(ev); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}
