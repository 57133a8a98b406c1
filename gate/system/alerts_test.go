package system

import (
	"fmt"
	"strings"
	"testing"
)

// TestLogSaysAlerts: what a human must look at, and what the session layer refuses, is on stderr, once each.
func TestLogSaysAlerts(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "big", "10", "187.50"))
	id := line.await("35=D").Get(11)
	orderID := acme.await("35=8|11=big|150=0").Get(37)
	line.send("35=8|11=" + id + "|37=V|17=X1|150=F|39=2|55=AAPL|54=1|38=10|32=20|31=187.50|14=20|151=0|6=187.50")
	line.send("35=8|11=STRANGE|37=W|17=X2|150=F|39=1|55=AAPL|54=1|38=100|32=40|31=187.50|14=40|151=60|6=187.50")
	line.send("35=8|11=STRANGE|37=W|17=X3|150=F|39=1|55=AAPL|54=1|38=100|32=x|31=187.50|14=40|151=60|6=187.50")
	acme.send("35=D|11=bad|1=ACME-1|55=AAPL|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	acme.await("35=3|371=55")
	acme.sendBytes(seal("FIX.4.4", "34=9|35=D|49=ACME|56=GATE|"))
	for _, want := range []string{
		`"level":"error","link":"FIX.4.4:GATE->XSIM"`, `"order":"` + orderID + `"`, "more executed than the order's terms allow",
		"report for no order of ours", "report that cannot be read", `"tag":55`, "answered by Reject(35=3)",
		`"fault":"garbled: MsgType(35) is not the third field"`,
	} {
		s.until("the log says "+want, func() bool { return strings.Contains(s.log(), want) })
	}
}
