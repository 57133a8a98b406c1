package dropcopy

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/config"
	"github.com/quickfixgo/quickfix/store/file"

	"portcullis/clocksync"
	"portcullis/gate/journal"
)

const born = 1795354200_000000000

func at(epoch uint32, seq uint64, done int) mark { return mark{born, epoch, seq, done} }

// TestMarks: numbers are used again where a machine's death took the end of a journal, under a later epoch.
func TestMarks(t *testing.T) {
	rising := []mark{{Born: born}, at(1, 4, 1), at(1, 4, 2), at(1, 90, 1), at(2, 5, 1)}
	for i, a := range rising {
		for j, b := range rising {
			if a.before(b) != (i < j) {
				t.Errorf("%v before %v: %v", a, b, a.before(b))
			}
			if got := later(a, b); got != rising[max(i, j)] {
				t.Errorf("later of %v and %v: %v", a, b, got)
			}
		}
	}
	other := mark{born + 1, 9, 9, 9}
	if at(1, 4, 1).before(other) || other.before(at(1, 4, 1)) {
		t.Error("marks of two journals cannot be compared")
	}
	if got := other.in(born); got != (mark{Born: born}) {
		t.Errorf("another journal begins at %v", got)
	}
}

// opened opens the store in dir as a process does that starts.
func opened(t *testing.T, dir string) *store {
	t.Helper()
	id := quickfix.SessionID{BeginString: "FIX.4.4", SenderCompID: "GATE", TargetCompID: "SURV"}
	one := quickfix.NewSessionSettings()
	for key, value := range map[string]string{config.BeginString: id.BeginString, config.SenderCompID: id.SenderCompID,
		config.TargetCompID: id.TargetCompID, config.FileStorePath: dir, config.FileStoreSync: "N"} {
		one.Set(key, value)
	}
	all := quickfix.NewSettings()
	_, err := all.AddSession(one)
	check(t, err)
	s, err := openStore(dir, func(err error) { t.Error(err) })
	check(t, err)
	if !s.Resetting {
		check(t, dropUncounted(dir))
	}
	inner, err := file.NewStoreFactory(all).Create(id)
	check(t, err)
	check(t, s.take(inner))
	return s
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func raw(msgType string, number int) []byte {
	return fmt.Appendf(nil, "8=FIX.4.4\x019=5\x0135=%s\x0134=%d\x0110=000\x01", msgType, number)
}

// send saves a message under the next number, as quickfixgo does.
func (s *store) send(msgType string) error {
	n := s.NextSenderMsgSeqNum()
	return s.SaveMessageAndIncrNextSenderMsgSeqNum(n, raw(msgType, n))
}

func stands(t *testing.T, s *store, sent, confirmed, repeated mark) {
	t.Helper()
	if s.sent != sent || s.Confirmed != confirmed || s.Repeated != repeated {
		t.Errorf("sent %v, confirmed %v, repeated %v; want %v, %v, %v", s.sent, s.Confirmed, s.Repeated, sent, confirmed, repeated)
	}
}

// TestStoreOverRestartsAndResets: the place of the newest message is known after a restart; a reset of the numbers
// goes back to what the client has confirmed, and says what may repeat.
func TestStoreOverRestartsAndResets(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, dir)
	s.logon(true)
	check(t, s.send("A"))
	for i := range 3 {
		s.expect(0, at(1, uint64(i+1), 1))
		check(t, s.send("8"))
		check(t, s.send("0"))
	}
	stands(t, s, at(1, 3, 1), mark{}, mark{})
	s = opened(t, dir)
	stands(t, s, at(1, 3, 1), mark{}, mark{})

	s.logon(true)
	id, ok := s.ask(true, 1)
	if !ok {
		t.Fatal("what a process that died has sent is not asked about")
	}
	s.confirm("something else")
	stands(t, s, at(1, 3, 1), mark{}, mark{})
	s.confirm(id)
	if _, ok := s.ask(true, 1); ok {
		t.Error("asks although all is confirmed")
	}
	for i := range 2 {
		s.expect(0, at(1, uint64(i+4), 1))
		check(t, s.send("8"))
	}
	stands(t, s, at(1, 5, 1), at(1, 3, 1), mark{})

	s.expect(0, at(1, 6, 1))
	check(t, s.Reset())
	stands(t, s, at(1, 3, 1), at(1, 3, 1), at(1, 5, 1))
	if err := s.send("8"); !errors.Is(err, errReset) {
		t.Errorf("a copy of before the reset was saved: %v", err)
	}
	check(t, s.send("A"))
	s = opened(t, dir)
	stands(t, s, at(1, 3, 1), at(1, 3, 1), at(1, 5, 1))
	if _, err := s.ready(1); !errors.Is(err, errReset) {
		t.Errorf("another run may go on: %v", err)
	}
}

// TestStoreThatLostItsEnd: where quickfixgo's store is older than the ledger, what the ledger has may repeat.
func TestStoreThatLostItsEnd(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, dir)
	for i := range 5 {
		s.expect(0, at(1, uint64(i+1), 1))
		check(t, s.send("8"))
	}
	for _, name := range []string{"body", "header", "senderseqnums", "targetseqnums", "session"} {
		check(t, os.Remove(filepath.Join(dir, "FIX.4.4-GATE-SURV."+name)))
	}
	stands(t, opened(t, dir), mark{}, mark{}, at(1, 5, 1))
}

// TestResetCutShort: a process that dies while quickfixgo removes its files, one by one, has reset the numbers.
func TestResetCutShort(t *testing.T) {
	for removed, name := range []string{"body", "header", "session", "senderseqnums", "targetseqnums", ""} {
		dir := t.TempDir()
		s := opened(t, dir)
		s.expect(0, at(1, 1, 1))
		check(t, s.send("8"))
		s.Repeated, s.Resetting = s.sent, true
		check(t, s.ledger.keep(s.progress))
		for _, gone := range []string{"body", "header", "session", "senderseqnums", "targetseqnums"}[:removed] {
			check(t, os.Remove(filepath.Join(dir, "FIX.4.4-GATE-SURV."+gone)))
		}
		s = opened(t, dir)
		stands(t, s, mark{}, mark{}, at(1, 1, 1))
		if next := s.NextSenderMsgSeqNum(); next != 1 || s.Resetting {
			t.Errorf("before %q was removed: next is %d", name, next)
		}
	}
}

// TestCreationCutShort: a process that dies while quickfixgo makes its files, one by one, leaves a store that opens.
func TestCreationCutShort(t *testing.T) {
	files := []string{"body", "header", "session", "senderseqnums", "targetseqnums"}
	for made := range len(files) + 1 {
		dir := t.TempDir()
		for _, name := range files[:made] {
			check(t, os.WriteFile(filepath.Join(dir, "FIX.4.4-GATE-SURV."+name), nil, 0o600))
		}
		s := opened(t, dir)
		s.expect(0, at(1, 1, 1))
		check(t, s.send("8"))
		if next := s.NextSenderMsgSeqNum(); next != 2 {
			t.Errorf("%d files made: next is %d", made, next)
		}
	}
}

// TestUncountedMessage: a message that was written when the process died before its number was counted is sent under
// that number once, as what takes the number then.
func TestUncountedMessage(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, dir)
	check(t, s.send("A"))
	s.expect(0, at(1, 1, 1))
	check(t, s.send("8"))
	next := filepath.Join(dir, "FIX.4.4-GATE-SURV.senderseqnums")
	before, err := os.ReadFile(next)
	check(t, err)
	s.expect(0, at(1, 2, 1))
	check(t, s.send("9"))
	check(t, os.WriteFile(next, before, 0o600)) // the process died in between

	s = opened(t, dir)
	stands(t, s, at(1, 1, 1), mark{}, mark{})
	check(t, s.send("A"))
	got, err := s.GetMessages(1, 9)
	check(t, err)
	if len(got) != 3 || string(got[2]) != string(raw("A", 3)) {
		t.Errorf("kept: %q", got)
	}
}

// TestWindow: a client that confirms nothing holds the feed up.
func TestWindow(t *testing.T) {
	s := opened(t, t.TempDir())
	ready := func(want bool) {
		t.Helper()
		if got, err := s.ready(0); got != want || err != nil {
			t.Errorf("ready: %v, %v", got, err)
		}
	}
	ready(false) // nobody is there
	s.logon(true)
	asked := ""
	for i := range windowMax {
		ready(true)
		s.expect(0, at(1, uint64(i+1), 1))
		check(t, s.send("8"))
		if id, ok := s.ask(false, 1); ok {
			asked = id
		}
	}
	ready(false)
	s.confirm(asked)
	ready(true)
	if s.Confirmed != at(1, windowMax/2, 1) {
		t.Errorf("confirmed %v", s.Confirmed)
	}
}

// TestLag: how far a session is behind the journal, and what its client has not confirmed.
func TestLag(t *testing.T) {
	clock, err := clocksync.New()
	check(t, err)
	s := opened(t, t.TempDir())
	f := &feed{name: "SURV", store: s, clock: clock}
	look := func(last uint64, up bool, records uint64, open uint64) {
		t.Helper()
		if l := f.lag(last); l.Up != up || l.Records != records || l.Open != open || (l.Ns >= 5e9) != (records > 0) {
			t.Errorf("%v", l)
		}
	}
	look(0, false, 0, 0)
	s.logon(true)
	s.expect(0, at(1, 1, 1))
	check(t, s.send("8"))
	f.stands(&journal.Header{Seq: 7, UTCNs: clock.Now().UTCNs - 5e9}, false)
	look(9, true, 9, 1)
	f.stands(&journal.Header{Seq: 7, UTCNs: clock.Now().UTCNs - 5e9}, true)
	look(9, true, 2, 1)
	look(7, true, 0, 1)
	if text := f.lag(9).String(); !strings.Contains(text, "SURV  logged on  behind: 2 records") || !strings.Contains(text, "unconfirmed: 1") {
		t.Error(text)
	}
}
