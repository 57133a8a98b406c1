package system

import (
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"portcullis/gate/demo/peer"
	"portcullis/session"
)

// reload has the gate read its files again.
func (s *site) reload(more ...string) (string, error) {
	return s.gate(append([]string{"reload", "-s", filepath.Join(s.dir, "gate.sock"), "-r", "test"}, more...)...)
}

func (s *site) reloaded(says string) {
	s.t.Helper()
	if out, err := s.reload(); err != nil || !strings.Contains(out, says) || !strings.HasSuffix(out, "done\n") {
		s.t.Fatalf("%v\n%s", err, out)
	}
}

func (s *site) notReloaded(says string) {
	s.t.Helper()
	for _, more := range [][]string{{"--dry-run"}, nil} {
		if out, err := s.reload(more...); err == nil || !strings.Contains(out, says) {
			s.t.Fatalf("%v: want %q: %v\n%s", more, says, err, out)
		}
	}
}

// withNames adds an account and a symbol.
func withNames(files map[string]string) map[string]string {
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "{name: ACME-2, client: ACME}", "{name: ACME-2, client: ACME}\n  - {name: ACME-3, client: ACME}", 1)
	files["instruments.csv"] += strings.Replace(strings.Split(strings.TrimSpace(files["instruments.csv"]), "\n")[1], "AAPL", "TSLA", 1) + "\n"
	return files
}

// withLink adds a participant to the files of a desk.
func withLink(files map[string]string, compID, entry string) map[string]string {
	files["participants.cfg"] += "[SESSION]\nTargetCompID=" + compID + "\n"
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "venues:\n  - {name", "  - {link: FIX.4.4:GATE->"+compID+", "+entry+"}\nvenues:\n  - {name", 1)
	return files
}

func (s *site) writeAll(files map[string]string) {
	s.t.Helper()
	for name, text := range files {
		s.write(name, text)
	}
}

// quickfixgo connects a participant in the hands of quickfixgo.
func (s *site) quickfixgo(c peer.ParticipantConfig) *peer.Participant {
	s.t.Helper()
	c.BeginString, c.TargetCompID, c.Address = "FIX.4.4", "GATE", s.address()
	p, err := peer.Dial(c)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(p.Stop)
	return p
}

const quickOrder = "35=D|11=%s|21=1|1=%s|55=AAPL|54=1|38=10|40=2|44=187.50"

// quickFlow sends orders one after the other, each answered before the next, until it is told to stop.
type quickFlow struct {
	p    *peer.Participant
	stop chan struct{}
	done chan error
	sent int
}

func startQuickFlow(p *peer.Participant, account string) *quickFlow {
	f := &quickFlow{p: p, stop: make(chan struct{}), done: make(chan error, 1)}
	go func() { f.done <- f.run(account) }()
	return f
}

func (f *quickFlow) run(account string) error {
	for {
		select {
		case <-f.stop:
			return nil
		default:
		}
		f.sent++
		id := fmt.Sprintf("F%d", f.sent)
		if err := f.p.Send(fmt.Sprintf(quickOrder, id, account)); err != nil {
			return err
		}
		if _, err := f.p.Expect("35=8|11=" + id + "|150=0"); err != nil {
			return err
		}
	}
}

func (f *quickFlow) end(t *testing.T) {
	t.Helper()
	close(f.stop)
	if err := <-f.done; err != nil {
		t.Fatal(err)
	}
}

// TestReloadInFlow: a participant is added while another's orders flow: each of those is answered, over one connection and
// without a number asked for twice. Two operators at once do no harm. What was added lives over kill -9, and the
// journal is judged again to the same bytes.
func TestReloadInFlow(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	files := roomy(desk(venue.port()))
	s := newSite(t, files)
	s.start()
	(<-venue.linked).await("35=1")
	globex := s.quickfixgo(peer.ParticipantConfig{SenderCompID: "GLOBEX"})
	if err := globex.AwaitLogon(); err != nil {
		t.Fatal(err)
	}
	flow := startQuickFlow(globex, "GLOBEX-1")
	s.writeAll(withNames(withLink(maps.Clone(files), "DESK9", "client: ACME, default_account: ACME-2, password: none")))
	if out, err := s.reload("--dry-run"); err != nil || !strings.Contains(out, "added FIX.4.4:GATE->DESK9") ||
		!strings.Contains(out, "added account ACME-3") || !strings.Contains(out, "added instrument TSLA") || !strings.Contains(out, "nothing was changed") {
		t.Fatal(out, err)
	}
	var both sync.WaitGroup
	outs := make([]string, 2)
	for n := range outs {
		both.Go(func() {
			out, err := s.reload()
			if outs[n] = out; err != nil {
				t.Error(out, err)
			}
		})
	}
	both.Wait()
	if all := outs[0] + outs[1]; strings.Count(all, "added FIX.4.4:GATE->DESK9") != 1 || strings.Count(all, "the links are as they were") != 1 {
		t.Error(all)
	}
	store := new(peer.Store)
	desk9 := s.quickfixgo(peer.ParticipantConfig{SenderCompID: "DESK9", Store: store})
	trade := func(p *peer.Participant, id, account, answer string) {
		t.Helper()
		if err := p.AwaitLogon(); err != nil {
			t.Fatal(err, s.log())
		}
		if err := p.Send(fmt.Sprintf(quickOrder, id, account)); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Await("35=8|11=" + id + "|" + answer); err != nil {
			t.Fatal(err)
		}
	}
	trade(desk9, "N1", "ACME-1", "150=0")
	trade(desk9, "N2", "GLOBEX-1", "150=8|58=ACCOUNT_NOT_ENTITLED*")
	trade(desk9, "N4", "ACME-3", "150=0")
	flow.end(t)
	if globex.Logons() != 1 || flow.sent < 2 {
		t.Errorf("%d logons, %d orders", globex.Logons(), flow.sent)
	}
	for _, e := range globex.Log() {
		if kind := e.Message.Type(); kind == "2" || kind == "4" || kind == "5" {
			t.Errorf("%v", e.Message)
		}
	}
	if out, err := s.gate("audit", "tail", "-c", filepath.Join(s.dir, "gate.yaml"), "-n", "100000"); err != nil ||
		!strings.Contains(out, "command reload of configuration ") || !strings.Contains(out, ": test") {
		t.Error(lastLines(out, 20), err)
	}
	s.kill9()
	desk9.Stop()
	s.start()
	(<-venue.linked).await("35=1")
	again := s.quickfixgo(peer.ParticipantConfig{SenderCompID: "DESK9", Store: store})
	trade(again, "N3", "ACME-2", "150=0")
	trade(again, "N5", "ACME-3", "150=0")
	s.writeAll(withLink(maps.Clone(files), "DESK9", "client: ACME, default_account: ACME-2, password: none"))
	s.notReloaded("account ACME-3 (open orders: N4 N5)")
	for n, id := range []string{"N4", "N5"} {
		if err := again.Send(fmt.Sprintf("35=F|11=C%d|41=%s|1=ACME-3|55=AAPL|54=1|38=10", n, id)); err != nil {
			t.Fatal(err)
		}
		if _, err := again.Await(fmt.Sprintf("35=8|11=C%d|150=4", n)); err != nil {
			t.Fatal(err)
		}
	}
	s.reloaded("removed account ACME-3")
	trade(again, "N6", "ACME-3", "150=8|58=ACCOUNT_UNKNOWN*")
	s.kill9()
	again.Stop()
	s.start()
	(<-venue.linked).await("35=1")
	if out, err := s.gate("status", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil || !strings.Contains(out, "FIX.4.4:GATE->DESK9") {
		t.Error(out, err)
	}
	s.terminate()
	if out, err := s.gate("replay", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil || !strings.Contains(out, " 0 differ") {
		t.Error(out, err)
	}
}

// TestReloadRefused: files that are wrong are refused with file, line and cure; what only a start takes up, with what it
// is; a link for which no row is left. The gate goes on as before.
func TestReloadRefused(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	(<-venue.linked).await("35=1")
	if out, err := s.gate("reload", "-s", filepath.Join(s.dir, "gate.sock")); err == nil || !strings.Contains(out, "gate reload needs -r") {
		t.Error(out, err)
	}
	added := func() map[string]string { return withLink(desk(venue.port()), "DESK9", "client: ACME, password: none") }
	for _, row := range []struct{ file, old, new, says string }{
		{"participants.cfg", "TargetCompID=DESK9", "TargetCompID=DESK9\nResetOnLogn=Y", `participants.cfg:@LINE@: unknown key "ResetOnLogn"; did you mean ResetOnLogon?`},
		{"participants.cfg", "[SESSION]\nTargetCompID=DESK9\n", "", `gate.yaml:@LINE@: link "FIX.4.4:GATE->DESK9" is in neither settings file`},
		{"gate.yaml", "{name: ACME-2, client: ACME}", "{name: ACME-2, client: ACME, self_match: X}", "account ACME-2"},
		{"gate.yaml", "id_prefix: P", "id_prefix: Q", "venue XSIM"},
		{"gate.yaml", "links: 16", "links: 32", "in more: gate.capacity.links (gate.yaml:"},
		{"instruments.csv", "MSFT,stock,USD,1,1,0.01", "MSFT,future,USD,1,1,0.01", "in more: instrument MSFT;"},
	} {
		files := added()
		if !strings.Contains(files[row.file], row.old) {
			t.Fatal(row.old)
		}
		files[row.file] = strings.Replace(files[row.file], row.old, row.new, 1)
		s.writeAll(files)
		wrong := map[string]string{"participants.cfg": "ResetOnLogn", "gate.yaml": "->DESK9"}
		file, _, _ := strings.Cut(row.says, ":")
		above, _, _ := strings.Cut(files[file], wrong[file])
		s.notReloaded(strings.Replace(row.says, "@LINE@", fmt.Sprint(1+strings.Count(above, "\n")), 1))
	}
	files := desk(venue.port())
	for n := range 13 { // with four, one more than there are rows
		files = withLink(files, fmt.Sprintf("MORE%d", n), "client: ACME, password: none")
	}
	s.writeAll(files)
	s.notReloaded("raise gate.capacity.links")
	s.writeAll(added())
	s.reloaded("added FIX.4.4:GATE->DESK9")
	files = desk(venue.port())
	for n := range 12 { // DESK9 has a number for life
		files = withLink(files, fmt.Sprintf("MORE%d", n), "client: ACME, password: none")
	}
	s.writeAll(files)
	s.notReloaded("raise gate.capacity.links and restart")
	s.writeAll(added())
	if out, err := s.reload(); err != nil || !strings.Contains(out, "the links are as they were") {
		t.Error(out, err)
	}
	s.dial("DESK9").logon("")
	s.terminate()
	if out, err := s.gate("replay", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil {
		t.Error(out, err)
	}
}

// TestReloadCredentials: another password, other addresses and another place of the venue count from the next
// connection on; the one there is goes on.
func TestReloadCredentials(t *testing.T) {
	t.Parallel()
	venue, moved := openRawVenue(t), openRawVenue(t)
	files := desk(venue.port())
	hash := func(password string) string {
		h, err := session.HashPassword([]byte(password), session.IterationsMin)
		if err != nil {
			t.Fatal(err)
		}
		return h.String()
	}
	const sample = "pbkdf2-sha256$600000$VFfKKSdj3OUIU9dc1IeYCw$0ye/GAPXQ06R05+BRQIGo7alZe5fodu3B2fc5pA4s8s"
	before, after := hash("old"), hash("new")
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], sample, before, 1)
	s := newSite(t, files)
	s.start()
	line := <-venue.linked
	line.await("35=1")
	vault, acme := s.dial("VAULT").logon("|553=vault|554=old"), s.dial("ACME").logon("")

	files["gate.yaml"] = strings.NewReplacer(before, after, "client: ACME, default_account: ACME-1",
		"client: ACME, source_addresses: [192.0.2.0/24], default_account: ACME-1").Replace(files["gate.yaml"])
	files["venues.cfg"] = strings.Replace(files["venues.cfg"], fmt.Sprint(venue.port()), fmt.Sprint(moved.port()), 1)
	s.writeAll(files)
	s.reloaded("changed FIX.4.4:GATE->VAULT; it has a connection, which goes on")
	acme.send(fmt.Sprintf(order, "on", "10", "187.50"))
	acme.await("35=8|11=on|150=0")
	vault.send("35=1|112=there")
	vault.await("35=0|112=there")
	for _, r := range []*raw{vault, acme} {
		r.send("35=5")
		r.awaitClosed()
	}
	refused := s.dial("VAULT")
	refused.skip(vault.number() - 1)
	refused.send("35=A|98=0|108=30|553=vault|554=old")
	refused.awaitClosed()
	again := s.dial("VAULT")
	again.skip(vault.number() - 1)
	again.logon("|553=vault|554=new")
	stranger := s.dial("ACME")
	stranger.skip(acme.number() - 1)
	stranger.send("35=A|98=0|108=30")
	stranger.awaitClosed()
	if !strings.Contains(s.log(), "source address not permitted") || len(stranger.all()) > 0 {
		t.Error(stranger.all(), lastLines(s.log(), 10))
	}
	_ = line.conn.Close()
	(<-moved.linked).await("35=A")
	s.terminate()
	if out, err := s.gate("replay", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil {
		t.Error(out, err)
	}
}

// TestReloadRemoves: a link goes when it is held down and has no open order; then nobody logs on over it, and the others
// go on. Put back it has its numbers; a kill -9 in between changes nothing.
func TestReloadRemoves(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, withLink(desk(venue.port()), "DESK9", "client: ACME, default_account: ACME-2, password: none"))
	s.start()
	(<-venue.linked).await("35=1")
	acme, desk9 := s.dial("ACME").logon(""), s.dial("DESK9").logon("")
	desk9.send(fmt.Sprintf(order, "open", "10", "187.50"))
	desk9.await("35=8|11=open|150=0")
	s.writeAll(desk(venue.port()))
	s.notReloaded("has open orders")
	desk9.send("35=F|11=out|41=open|1=ACME-1|55=AAPL|54=1|60=20261122-00:00:00")
	desk9.await("35=8|11=out|150=4")
	s.notReloaded("say gate link down, then reload")
	hold := func(verb string) {
		t.Helper()
		if out, err := s.gate("link", verb, "FIX.4.4:GATE->DESK9", "-s", filepath.Join(s.dir, "gate.sock"), "-r", "they leave"); err != nil {
			t.Fatal(out, err)
		}
	}
	hold("down")
	desk9.awaitClosed()
	s.reloaded("removed FIX.4.4:GATE->DESK9")
	gone := s.dial("DESK9")
	gone.send("35=A|98=0|108=30")
	gone.awaitClosed()
	if !strings.Contains(s.log(), "unknown link") {
		t.Error(lastLines(s.log(), 10))
	}
	acme.send(fmt.Sprintf(order, "on", "10", "187.50"))
	acme.await("35=8|11=on|150=0")
	s.kill9()
	s.start()
	(<-venue.linked).await("35=1")
	s.writeAll(withLink(desk(venue.port()), "DESK9", "client: ACME, default_account: ACME-2, password: none"))
	s.reloaded("added FIX.4.4:GATE->DESK9")
	hold("up")
	back := s.dial("DESK9")
	back.skip(desk9.number() - 1)
	back.logon("")
	back.send(fmt.Sprintf(order, "back", "10", "187.50"))
	back.await("35=8|11=back|150=0")
	if back.count("35=2") > 0 {
		t.Error("its numbers began anew")
	}
	s.terminate()
	if out, err := s.gate("replay", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil {
		t.Error(out, err)
	}
}

// TestReloadAddsVenue: a venue that is added while orders flow is connected without a restart, trades what is routed to it, and goes on
// over kill -9 with its numbers; the line of before notices nothing, and the journal is judged again to the same bytes.
func TestReloadAddsVenue(t *testing.T) {
	t.Parallel()
	xsim, xnew := openRawVenue(t), openRawVenue(t)
	xnew.name = "XNEW"
	files := roomy(desk(xsim.port()))
	s := newSite(t, files)
	s.start()
	(<-xsim.linked).await("35=1")
	globex := s.quickfixgo(peer.ParticipantConfig{SenderCompID: "GLOBEX"})
	if err := globex.AwaitLogon(); err != nil {
		t.Fatal(err)
	}
	flow := startQuickFlow(globex, "GLOBEX-1")
	files["venues.cfg"] += fmt.Sprintf("[SESSION]\nTargetCompID=XNEW\nSocketConnectHost=127.0.0.1\nSocketConnectPort=%d\n", xnew.port())
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "venues:\n  - {name", "venues:\n  - {name: XNEW, link: FIX.4.4:GATE->XNEW, clordid: translate, id_prefix: N, id_length_max: 20, id_alphabet: base36, cod: none, limits: {gross: 3000, net: unlimited}}\n  - {name", 1)
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "routes: {default: XSIM}", "routes: {default: XSIM, accounts: {ACME-2: XNEW}}", 1)
	s.writeAll(files)
	s.reloaded("added venue XNEW\n")
	line := <-xnew.linked
	line.await("35=1")
	store := new(peer.Store)
	acme := s.quickfixgo(peer.ParticipantConfig{SenderCompID: "ACME", Store: store})
	trade := func(p *peer.Participant, id, answer string) {
		t.Helper()
		if err := p.AwaitLogon(); err != nil {
			t.Fatal(err, s.log())
		}
		if err := p.Send(fmt.Sprintf(quickOrder, id, "ACME-2")); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Await("35=8|11=" + id + "|" + answer); err != nil {
			t.Fatal(err)
		}
	}
	trade(acme, "N1", "150=0")
	line.await("35=D|11=N*|55=AAPL")
	trade(acme, "N2", "150=8|58=CREDIT_VENUE_GROSS*")
	named := func(want string, words ...string) {
		t.Helper()
		if out, _ := s.gate(append(words, "-c", filepath.Join(s.dir, "gate.yaml"), "-r", "test")...); !strings.Contains(out, want) {
			t.Errorf("%v: %s", words, out)
		}
	}
	named("FIX.4.4:GATE->XNEW is a venue's line", "kill", "--link", "FIX.4.4:GATE->XNEW")
	named("done", "drain", "--venue", "XNEW", "--within", "0s")
	named("done", "drain", "--venue", "XNEW", "--lift")
	flow.end(t)
	if globex.Logons() != 1 || flow.sent < 2 {
		t.Errorf("%d logons, %d orders", globex.Logons(), flow.sent)
	}
	s.kill9()
	acme.Stop()
	s.start()
	(<-xsim.linked).await("35=1")
	line = <-xnew.linked
	line.await("35=1")
	again := s.quickfixgo(peer.ParticipantConfig{SenderCompID: "ACME", Store: store})
	if err := again.AwaitLogon(); err != nil {
		t.Fatal(err, s.log())
	}
	if err := again.Send("35=F|11=C1|41=N1|1=ACME-2|55=AAPL|54=1|38=10"); err != nil {
		t.Fatal(err)
	}
	if _, err := again.Await("35=8|11=C1|150=4"); err != nil {
		t.Fatal(err)
	}
	trade(again, "N3", "150=0")
	if out, err := s.gate("status", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil || !strings.Contains(out, "XNEW") {
		t.Error(out, err)
	}
	s.terminate()
	if out, err := s.gate("replay", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil || !strings.Contains(out, " 0 differ") {
		t.Error(out, err)
	}
}
