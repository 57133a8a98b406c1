package verbs

import (
	"strings"
	"testing"

	"portcullis/gate/admin"
)

// TestNeeds: what a verb lacks is named as the command line names it.
func TestNeeds(t *testing.T) {
	for _, c := range []struct {
		r    admin.Request
		want string
	}{
		{admin.Request{Verb: admin.Cancel, Venue: "X", Symbol: "IBM", Side: admin.Buy, Qty: "1", Reason: "x"}, "gate cancel needs --orderid"},
		{admin.Request{Verb: admin.LinkSeq, Name: "L", Reason: "x"}, "gate link seq needs --in or --out"},
		{admin.Request{Verb: admin.Renew}, "gate certificates --renew needs -r"},
		{admin.Request{Verb: admin.Reload}, "gate reload needs -r"},
		{admin.Request{Verb: admin.ResolveAll, Venue: "X", Count: 1, Reason: "x"}, "gate resolve --venue needs --as"},
		{admin.Request{Verb: admin.Halt, Reason: "x"}, "gate halt needs a symbol or --venue"},
		{admin.Request{Verb: admin.LinkDown, Reason: "x"}, "gate link down needs a link"},
	} {
		socket := socketFlag{Socket: "none"}
		if err := socket.ask(c.r); err == nil || err.Error() != c.want {
			t.Errorf("want %s: %v", c.want, err)
		}
	}
	renew := certsVerb{socketFlag: socketFlag{Socket: "none"}, Renew: true}
	if err := renew.Run(); err == nil || !strings.Contains(err.Error(), "--renew needs -r") {
		t.Error(err)
	}
}
