package system

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"portcullis/gate/assemble"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// nobody is a second user of this machine, and its group.
func nobody(t *testing.T) (credential *syscall.Credential, group string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("NOT TESTED: only root can be two people; run this test as root")
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		t.Skip("NOT TESTED: this machine has no second user: ", err)
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		t.Skip("NOT TESTED: the second user has no group: ", err)
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, g.Name
}

// gateAs runs a verb of the program as another user.
func (s *site) gateAs(who *syscall.Credential, args ...string) (string, error) {
	s.t.Helper()
	for _, dir := range []string{s.dir, filepath.Dir(s.program)} {
		if err := os.Chmod(dir, 0o711); err != nil {
			s.t.Fatal(err)
		}
	}
	cmd := exec.Command(s.program, args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// seenBy holds that another user can ask the journal what the gate's own can.
func (s *site) seenBy(who *syscall.Credential, verbs ...string) {
	s.t.Helper()
	for _, verb := range verbs {
		args := append(strings.Fields(verb), "--journal", filepath.Join(s.dir, "journal"))
		if out, err := s.gateAs(who, args...); err != nil {
			s.t.Errorf("a member of admin_group is refused gate %s: %s", verb, out)
		}
	}
}

// TestTwoPeople: a kill of the firm is lifted by two users; the first one's word is kept over kill -9, and the journal
// names both and their reasons, and lets the second one read it. Without admin_group nobody but the gate's user reaches the gate.
func TestTwoPeople(t *testing.T) {
	t.Parallel()
	second, group := nobody(t)
	venue := openRawVenue(t)
	files := desk(venue.port())
	s := newSite(t, files)
	s.start()
	socket := filepath.Join(s.dir, "gate.sock")
	(<-venue.linked).await("35=1")
	if out, err := s.gate("kill", "-s", socket, "--all", "-r", "drill"); err != nil {
		t.Fatal(out, err)
	}
	revive := []string{"revive", "-s", socket, "1", "-r"}
	if out, err := s.gateAs(second, append(revive, "nobody")...); err == nil || !strings.Contains(out, "may not use socket") {
		t.Fatalf("a stranger reached the gate: %s, %v", out, err)
	}
	for range 2 {
		if out, err := s.gate(append(revive, "first")...); err == nil || !strings.Contains(out, "it takes two people") {
			t.Fatal(out, err)
		}
	}
	s.kill9()
	yaml := strings.Replace(files["gate.yaml"], "gate:\n", "gate:\n  admin_group: "+group+"\n", 1)
	s.write("gate.yaml", yaml)
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send("35=D|11=A|1=ACME-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	acme.await("35=8|11=A|58=KILL_FIRM*")
	if out, err := s.gate("status", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil || !strings.Contains(out, "a second person is needed") {
		t.Error(out, err)
	}
	if out, err := s.gateAs(second, append(revive, "second")...); err != nil {
		t.Fatal(out, err)
	}
	acme.send("35=D|11=B|1=ACME-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	acme.await("35=8|11=B|150=0")
	s.seenBy(second, "status", "changes --pending", "why B", "audit tail", "exposure firm")
	s.terminate()
	s.seenBy(second, "why B")
	if got := lifts(t, s); len(got) != 2 || !strings.HasSuffix(got[0], ": first") || got[1] != "nobody: second" {
		t.Errorf("the journal names %q", got)
	}
}

// TestStrayOrder: a fill of an order that the gate does not know is borne by the venue's suspense account until two users
// say whose it is; and two users cancel what is left of the order.
func TestStrayOrder(t *testing.T) {
	t.Parallel()
	second, group := nobody(t)
	venue := openRawVenue(t)
	files := desk(venue.port())
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "gate:\n", "gate:\n  admin_group: "+group+"\n", 1)
	s := newSite(t, files)
	s.write("other.yaml", strings.Replace(files["gate.yaml"], group, "no-such-group", 1))
	if out, err := s.gate("check", "-c", filepath.Join(s.dir, "other.yaml")); err == nil || !strings.Contains(out, "gate.admin_group") {
		t.Error(out, err)
	}
	s.start()
	line := <-venue.linked
	line.await("35=1")
	line.send("35=8|11=STRANGE|37=V|17=X1|150=F|39=1|55=AAPL|54=1|38=100|32=40|31=187.50|14=40|151=60|6=187.50")
	args := []string{"assign", "X1", "-s", filepath.Join(s.dir, "gate.sock"), "--venue", "XSIM", "--account", "ACME-1", "-r", "theirs"}
	s.until("the fill is known", func() bool {
		out, err := s.gate(args...)
		return err != nil && strings.Contains(out, "it takes two people")
	})
	if out, err := s.gateAs(second, args...); err != nil {
		t.Fatal(out, err)
	}
	if out, err := s.gateAs(second, args...); err == nil || !strings.Contains(out, "no fill of that ExecID waits") {
		t.Error(out, err)
	}
	args = []string{"cancel", "-s", filepath.Join(s.dir, "gate.sock"), "--venue", "XSIM", "--orderid", "V", "--symbol", "AAPL", "--side", "buy",
		"--qty", "100", "-r", "stray"}
	if out, err := s.gate(args...); err == nil || !strings.Contains(out, "it takes two people") || line.count("35=F") > 0 {
		t.Fatal(out, err)
	}
	if out, err := s.gateAs(second, args...); err != nil {
		t.Fatal(out, err)
	}
	line.await("35=F|37=V|41=NONE|54=1|55=AAPL|38=100")
	s.terminate()
	out, err := s.gate("exposure", "-c", filepath.Join(s.dir, "gate.yaml"), "account:ACME-1", "--explain")
	if err != nil || !strings.Contains(out, "7500.00") {
		t.Errorf("%v: %s", err, out)
	}
	if out, err := s.gate("replay", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil {
		t.Error(out, err)
	}
}

// lifts lists who asked for a kill to be lifted, and who lifted it, each with the reason.
func lifts(t *testing.T, s *site) (list []string) {
	t.Helper()
	f, err := journal.Follow(filepath.Join(s.dir, "journal"), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	err = assemble.Walk(f, func(r *assemble.Record) error {
		for _, e := range r.Decision.Effects[:r.Decision.EffectLen] {
			if e.Kind == core.LiftAsked || e.Kind == core.KillLifted {
				reason, actor, _ := core.CommandTexts(r.Event.Data)
				list = append(list, string(actor)+": "+string(reason))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
