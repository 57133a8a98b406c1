package audit

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"portcullis/gate/config"
	"portcullis/gate/core"
)

// TestChanges: who changed what, why, from what to what, and nothing of before the moment asked for.
func TestChanges(t *testing.T) {
	dir := t.TempDir()
	w := openDesk(t, dir, morning, sampleFiles())
	w.command(core.Command{Kind: core.CmdHalt, Index: w.number(config.InstrumentNumber, "AAPL"), Reason: "news", Actor: "carol", UID: 7, PID: 99})
	w.command(core.Command{Kind: core.CmdCertificates, Reason: "not renewed: gate.pem holds no certificate", Actor: "erin", Flag: true})
	w.close()
	files := sampleFiles()
	files[config.SampleMain] = bytes.Replace(files[config.SampleMain], []byte("gross: 250_000, net: 100_000"), []byte("gross: 260_000, net: 100_000"), 1)
	later := w.nowNs + 1
	w = openDesk(t, dir, later, files)
	w.command(core.Command{Kind: core.CmdLinkSeq, Index: w.number(config.LinkNumber, globex), NextIn: 12, Reason: "agreed", Actor: "dave"})
	w.close()
	j := must(Open(dir))(t)
	changes := func(since int64) string {
		var out bytes.Buffer
		check(t, j.Changes(&out, since))
		return out.String()
	}
	all, new := changes(0), changes(later)
	for _, want := range []string{"halt of AAPL by carol (user 7, process 99): news", "first configuration ",
		"gate.yaml  - - {name: GLOBEX-1, client: GLOBEX, order_qty_max: 1_000, limits: {gross: 250_000, net: 100_000}}",
		"gate.yaml  + - {name: GLOBEX-1, client: GLOBEX, order_qty_max: 1_000, limits: {gross: 260_000, net: 100_000}}",
		"by dave: agreed", "next in 1 -> 12, next out 1 -> 1", "day roll"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	if strings.Contains(new, "carol") || !strings.Contains(new, "dave") || !strings.Contains(new, "260_000") {
		t.Errorf("since the second start:\n%s", new)
	}
	_, renewal, _ := strings.Cut(all, "by erin")
	if renewal, _, _ = strings.Cut(renewal, "  #"); !strings.Contains(renewal, "holds no certificate") || !strings.Contains(renewal, ": noted\n") {
		t.Errorf("a renewal that failed:\n%s", renewal)
	}
	for text, want := range map[string]int64{"90m": later - 90*60e9, "1970-01-02": 24 * 3600e9, "1970-01-01T00:00:01Z": 1e9} {
		if got, err := ParseSince(text, time.Unix(0, later)); got != want || err != nil {
			t.Errorf("%s is %d, %v", text, got, err)
		}
	}
	if _, err := ParseSince("yesterday", time.Now()); err == nil {
		t.Error("yesterday is a moment")
	}
	if got := changes(w.nowNs + 1e12); !strings.HasPrefix(got, "nothing was changed since ") {
		t.Error(got)
	}
}
