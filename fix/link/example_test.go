package link_test

import (
	"fmt"
	"strings"

	"portcullis/fix"
	"portcullis/fix/link"
)

// An acceptor takes a Logon and answers it. The owner keeps the State and does the rest.
func Example() {
	set := link.Settings{BeginString: "FIX.4.4", SenderCompID: "GATE", TargetCompID: "ACME", Precision: fix.Millis}.Ready()
	var state link.State
	var out link.Outbox
	var result link.Result
	now := link.Now{UTCNs: 1_795_354_200_000_000_000, MonoNs: 1}

	link.Connected(&set, &state, 0, now, &out, &result)
	state = result.Next
	fmt.Println(state.Phase)

	w := fix.NewWriter(1024) // what ACME sends
	w.Begin("FIX.4.4", "A")
	w.Uint(fix.TagMsgSeqNum, 1)
	w.String(fix.TagSenderCompID, "ACME")
	w.Stamp(fix.TagSendingTime, now.UTCNs, fix.Millis)
	w.String(fix.TagTargetCompID, "GATE")
	w.Char(fix.TagEncryptMethod, '0')
	w.Uint(fix.TagHeartBtInt, 30)
	var m fix.Message
	m.Index(w.Bytes(w.End()))

	link.Receive(&set, &state, 0, &m, now, &out, &result)
	state = result.Next
	fmt.Println(state.Phase, state.NextIn, state.NextOut)
	fmt.Println(strings.ReplaceAll(string(out.Bytes(0)), "\x01", "|"))
	// Output:
	// await logon
	// up 2 2
	// 8=FIX.4.4|9=63|35=A|34=1|49=GATE|52=20261122-13:30:00.000|56=ACME|98=0|108=30|10=029|
}
