package system

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"portcullis/gate/demo/peer"
)

// TestDropCopyOverKills: the process of the drop copy is killed by SIGKILL, its clients leave and come back, and the
// gate is killed, all at random moments of a random flow. At the end each client has got every report and order of its
// filter, in the journal's order, once by its id but for what says that it is a repeat, and nothing else.
func TestDropCopyOverKills(t *testing.T) {
	t.Parallel()
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("again: go test ./gate/system -run TestDropCopyOverKills -seed=%d", seed)
	f := startFlow(t, seed)
	defer f.dump()
	rng := rand.New(rand.NewPCG(seed, 2))
	d := withDropCopy(f.site)
	d.startDrop() // before there is a journal
	acme, all, anew := d.watch("SURV-ACME", false), d.watch("SURV-ALL", false), d.watch("SURV-ANEW", true)
	watchers := []*watcher{acme, all, anew}
	f.site.start()
	for i := range 12 {
		time.Sleep(pause(rng) / 2)
		switch w := watchers[rng.IntN(len(watchers))]; rng.IntN(3) {
		case 0:
			w.leave()
			time.Sleep(pause(rng) / 2)
			w.connect()
		default:
			d.killDrop()
			time.Sleep(pause(rng) / 4)
			d.startDrop()
		}
		if i == 5 {
			f.site.kill9()
			time.Sleep(pause(rng) / 4)
			f.site.start()
		}
	}
	f.settle()
	for w, want := range map[*watcher][]string{
		acme: d.recorded("ACME", true), all: d.recorded("", false), anew: d.recorded("GLOBEX", true),
	} {
		t.Logf("%s: %d copies", w.config.SenderCompID, len(want))
		got := w.first()
		for ; len(got) < len(want); got = w.first() { // each wait is for some more: the process gives way, and may be slow
			d.until(w.config.SenderCompID+" has more", w.take)
		}
		if len(want) < 100 {
			t.Errorf("only %d copies", len(want))
		}
		for i := range min(len(got), len(want)) {
			if got[i] != want[i] {
				t.Errorf("%s: copy %d is %q, the journal has %q", w.config.SenderCompID, i, got[i], want[i])
				break
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s has %d copies, the journal %d", w.config.SenderCompID, len(got), len(want))
		}
	}
	d.until("nothing is behind", func() bool {
		return strings.Count(lastLines(d.log(), 12), "behind: 0 records, 0 ns  unconfirmed: 0") >= 3
	})
}

// TestDropCopyTakesNothing: who may not log on is closed without an answer and moves no number, not even by a
// reset; who may gets what is his, also again, and is refused whatever he sends.
func TestDropCopyTakesNothing(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	d := withDropCopy(newSite(t, desk(venue.port())))
	d.start()
	d.startDrop()
	line := <-venue.linked
	line.await("35=1")

	for who, more := range map[string]string{"SURV-FAR": "", "SURV-NONE": "", "SURV-ACME": "|141=Y|553=surv|554=wrong-word"} {
		r := d.dialDrop(who)
		r.send("35=A|98=0|108=30" + more)
		r.awaitClosed()
		if len(r.all()) > 0 {
			t.Errorf("%s was answered: %v", who, r.all())
		}
	}
	const secret = "|553=surv|554=globex-secret"
	surv := d.dialDrop("SURV-ACME")
	surv.logon(secret)

	globex := d.dial("GLOBEX").logon("")
	globex.send(fmt.Sprintf(order, "foreign", "10", "187.50")) // names an account of ACME
	globex.await("35=8|11=foreign|39=8")
	acme := d.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "own", "10", "187.50"))
	id := line.await("35=D").Get(11)
	first := surv.await("35=D|11=own|115=ACME")
	surv.await("35=8|11=own|150=0|115=ACME|1=ACME-1")
	line.send("35=8|11=" + id + "|37=V|17=F1|150=F|39=2|55=AAPL|54=1|1=ACME-1|38=10|32=10|31=187.50|14=10|151=0|6=187.50|382=2|375=A|375=B")
	fill := surv.await("35=8|11=own|150=F|17=XSIM-F1")
	acme.send(fmt.Sprintf(order, "refused", "10", "900.00"))
	surv.await("35=D|11=refused")
	surv.await("35=8|11=refused|39=8")
	acme.send("35=q|11=all|530=7|60=20261122-00:00:00")
	surv.await("35=q|11=all|530=7|115=ACME")
	surv.await("35=r|11=all|531=7|533=0|115=ACME")
	if n := surv.count("115=GLOBEX"); n > 0 {
		t.Errorf("%d messages of another client", n)
	}

	surv.send(fmt.Sprintf(order, "forbidden", "1", "187.50"))
	surv.await("35=j|372=D|380=3")
	surv.send(fmt.Sprintf("35=2|7=%s|16=%s", first.Get(34), fill.Get(34)))
	for _, sent := range []peer.Message{first, fill} {
		again := surv.await("34=" + sent.Get(34) + "|43=Y")
		if bodyText(again) != bodyText(sent) || again.Get(9) != bodyLength(again) {
			t.Errorf("sent again as\n%v\nit was\n%v", again, sent)
		}
	}
	d.killDrop()
	d.startDrop()
	surv.awaitClosed()
	next := surv.number()
	surv = d.dialDrop("SURV-ACME")
	surv.skip(next - 1)
	surv.logon(secret)
	acme.send(fmt.Sprintf(order, "later", "10", "187.50"))
	surv.await("35=D|11=later")
	if n := surv.count("35=D"); n != 1 {
		t.Errorf("%d orders after a restart, want the new one", n)
	}
	if nice, err := syscall.Getpriority(syscall.PRIO_PROCESS, d.drop.Process.Pid); err != nil || nice != 1 { // 20 - 19
		t.Errorf("it does not give way to the gate: %d, %v", nice, err)
	}
	if err := d.drop.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	surv.await("35=5")
	if err := d.drop.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
	d.drop = nil
	for _, word := range []string{"globex-secret", "wrong-word"} {
		if strings.Contains(d.log(), word) {
			t.Errorf("the log has the password %s", word)
		}
	}
}

// bodyLength is BodyLength(9) as it ought to be.
func bodyLength(m peer.Message) string {
	n := 0
	for _, f := range m {
		if f.Tag != 8 && f.Tag != 9 && f.Tag != 10 {
			n += len(fmt.Sprintf("%d=%s|", f.Tag, f.Value))
		}
	}
	return fmt.Sprint(n)
}

// pause is for how long a flow goes on.
func pause(rng *rand.Rand) time.Duration { return time.Duration(rng.IntN(1000)) * time.Millisecond }
