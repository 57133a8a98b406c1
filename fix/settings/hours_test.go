package settings

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/quickfixgo/quickfix"
)

// TestHours: what the keys say is what the link's schedule does.
func TestHours(t *testing.T) {
	const stamp = "Mon 2006-01-02 15:04"
	for _, c := range []struct{ keys, at, want string }{
		{"", "2026-11-27 12:00", "for ever"},
		{"NonStopSession=Y|StartTime=08:00:00|EndTime=09:00:00", "2026-11-27 12:00", "for ever"},
		{"TimeZone=Europe/London", "2026-11-27 12:00", "for ever"},
		{"StartTime=08:00:00|EndTime=17:00:00", "2026-11-27 12:00", "open to Fri 2026-11-27 17:00"},
		{"StartTime=08:00:00|EndTime=17:00:00|TimeZone=Europe/London", "2026-07-03 07:30", "open to Fri 2026-07-03 16:00"},
		{"StartTime=08:00:00|EndTime=17:00:00|Weekdays=Mon,Tuesday", "2026-11-27 12:00", "closed to Mon 2026-11-30 08:00"},
		{"StartTime=17:00:00|EndTime=16:00:00|StartDay=Sun|EndDay=Friday", "2026-11-28 12:00", "closed to Sun 2026-11-29 17:00"},
		{"ResetSeqTime=17:00:00|TimeZone=America/New_York", "2026-11-27 12:00", "resets Fri 2026-11-27 22:00"},
		{"StartTime=00:00:00|EndTime=00:00:00|ResetSeqTime=17:00:00", "2026-11-27 18:00", "open to Sat 2026-11-28 00:00 resets Sat 2026-11-28 17:00"},
	} {
		result, err := Read("f.cfg", sessionWith(c.keys, "ACME"))
		if err != nil {
			t.Errorf("%s: %v", c.keys, err)
			continue
		}
		at, _ := time.Parse("2006-01-02 15:04", c.at)
		got := "for ever"
		if s := result.Sessions[0].Link().Schedule; s != nil {
			text := func(ns int64) string { return time.Unix(0, ns).UTC().Format(stamp) }
			got = ""
			if _, to, open := s.At(at.UnixNano()); to != 1<<63-1 {
				got = map[bool]string{true: "open to ", false: "closed to "}[open] + text(to)
			}
			if reset := s.NextReset(at.UnixNano()); reset != 0 {
				got = strings.TrimSpace(got + " resets " + text(reset))
			}
		}
		if got != c.want {
			t.Errorf("%s: %s; want %s", c.keys, got, c.want)
		}
	}
	if _, err := ReadEcho("f.cfg", []byte("[SESSION]\nBeginString=FIX.4.0\nSenderCompID=A\nTargetCompID=B\nSocketAcceptPort=1\nResetSeqTime=17:00:00\n")); err == nil || !strings.Contains(err.Error(), "has no ResetSeqNumFlag(141)") {
		t.Errorf("ResetSeqTime in FIX.4.0: %v", err)
	}
}

func sessionWith(keys, target string) []byte {
	return []byte("[SESSION]\nConnectionType=acceptor\nBeginString=FIX.4.4\nSenderCompID=GATE\nSocketAcceptHost=127.0.0.1\n" +
		"SocketAcceptPort=5001\nTargetCompID=" + target + "\n" + strings.ReplaceAll(keys, "|", "\n") + "\n")
}

// TestHoursAgainstQuickFIX: quickfixgo builds a session of all hours that we take. It takes more: times with one digit,
// Local, and keys that stand alone.
func TestHoursAgainstQuickFIX(t *testing.T) {
	taken := 0
	for n, keys := range []string{
		"StartTime=08:00:00|EndTime=17:00:00", "StartTime=08:00:00", "EndTime=17:00:00", "StartTime=8:00:00|EndTime=17:00:00",
		"StartTime=08:00|EndTime=17:00", "StartTime=24:00:00|EndTime=17:00:00", "StartTime=08:00:60|EndTime=17:00:00",
		"StartTime=00:00:00|EndTime=23:59:59|TimeZone=Asia/Tokyo", "StartTime=00:00:00|EndTime=00:00:00|TimeZone=Moon",
		"StartTime=00:00:00|EndTime=00:00:00|Weekdays=Mon,Tue,Sunday", "StartTime=00:00:00|EndTime=00:00:00|Weekdays=mon",
		"StartTime=00:00:00|EndTime=00:00:00|Weekdays=Mon,,Tue", "StartTime=00:00:00|EndTime=00:00:00|StartDay=Mon|EndDay=Friday",
		"StartTime=00:00:00|EndTime=00:00:00|StartDay=Mon", "StartTime=00:00:00|EndTime=00:00:00|StartDay=Mon|EndDay=Fr",
		"StartTime=00:00:00|EndTime=00:00:00|StartDay=Mon|EndDay=Fri|Weekdays=Mon", "ResetSeqTime=17:00:00",
		"ResetSeqTime=17:00:00|TimeZone=America/New_York", "ResetSeqTime=17", "StartDay=Mon|EndDay=Fri", "TimeZone=Local",
	} {
		data := sessionWith(keys, fmt.Sprintf("T%d", n))
		if _, err := Read("f.cfg", data); err != nil {
			continue
		}
		taken++
		parsed, err := quickfix.ParseSettings(bytes.NewReader(data))
		if err == nil {
			_, err = quickfix.NewAcceptor(nobody{}, quickfix.NewMemoryStoreFactory(), parsed, quickfix.NewNullLogFactory())
		}
		if err != nil {
			t.Errorf("%s: quickfixgo says %v", keys, err)
		}
	}
	if taken != 6 {
		t.Errorf("%d were taken", taken)
	}
}

// nobody is an application of quickfixgo's that does nothing.
type nobody struct{}

func (nobody) OnCreate(quickfix.SessionID)                       {}
func (nobody) OnLogon(quickfix.SessionID)                        {}
func (nobody) OnLogout(quickfix.SessionID)                       {}
func (nobody) ToAdmin(*quickfix.Message, quickfix.SessionID)     {}
func (nobody) ToApp(*quickfix.Message, quickfix.SessionID) error { return nil }
func (nobody) FromAdmin(*quickfix.Message, quickfix.SessionID) quickfix.MessageRejectError {
	return nil
}
func (nobody) FromApp(*quickfix.Message, quickfix.SessionID) (err quickfix.MessageRejectError) {
	return nil
}
