package system

import (
	"fmt"
	"testing"
)

// TestResendAfterReset: numbers that began anew are other messages. What was sent under them before is
// not sent again for them, now and after every kind of restart.
func TestResendAfterReset(t *testing.T) {
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "before", "10", "187.50"))
	acme.await("35=8|34=2|11=before|150=0")
	_ = acme.conn.Close()

	again := s.dial("ACME").logon("|141=Y")
	again.send("35=1|112=two")
	again.await("35=0|34=2|112=two")
	nothing := func(r *raw) {
		t.Helper()
		r.send("35=2|7=2|16=2")
		r.await("35=4|34=2|43=Y|36=3")
		if r.count("35=8") > 0 {
			t.Errorf("a report of before the reset came again: %v", r.all())
		}
	}
	nothing(again)
	for _, end := range []func(){s.terminate, s.kill9} {
		end()
		s.start()
		next := again.number()
		again = s.dial("ACME")
		again.skip(next - 1)
		again.logon("")
		nothing(again)
	}
	s.terminate()
}
