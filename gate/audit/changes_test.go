package audit

import (
	"bytes"
	"slices"
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
	for text, want := range map[string]string{"yesterday": "is no moment", "-5h": "still to come", "9999-01-01": "still to come"} {
		if _, err := ParseSince(text, time.Now()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if got := changes(w.nowNs + 1e12); !strings.HasPrefix(got, "nothing was changed since ") {
		t.Error(got)
	}
}

// TestHeldBackChanges: an offer is shown as what its author wrote and what of that waits, its approval as what comes into force by
// that; the files of before, which are kept with an offer, are no change of anybody.
func TestHeldBackChanges(t *testing.T) {
	j := &Journal{dir: t.TempDir()}
	load := func(edits ...string) *config.Config {
		files := config.SampleFiles(tradeDate)
		for ; len(edits) > 0; edits = edits[2:] {
			files[config.SampleMain] = bytes.Replace(files[config.SampleMain], []byte(edits[0]), []byte(edits[1]), 1)
		}
		return must(config.LoadFiles(files, config.SampleMain))(t)
	}
	kept := func(cfg *config.Config) []byte {
		check(t, cfg.Keep(j.dir))
		hash := cfg.Hash()
		return hash[:hashBytes]
	}
	looser := []string{"order_qty_max: 1_000, limits: {gross: 250_000", "order_qty_max: 1_001, limits: {gross: 250_000"}
	first, second := load(), load(looser...)
	waiting := config.Govern(first, second, false)
	other := config.Govern(waiting, load(append(looser, "{gross: 250_000", "{gross: 250_001")...), false)
	const file, held = "gate.yaml  ", "account GLOBEX-1 order_qty_max: 1001 is offered, 1000 stays"
	was, is := "- - {name: GLOBEX-1, client: GLOBEX, order_qty_max: 1_000, limits: {gross: 250_000, net: 100_000}}",
		"+ - {name: GLOBEX-1, client: GLOBEX, order_qty_max: 1_001, limits: {gross: 250_000, net: 100_000}}"
	for _, c := range []struct {
		what     string
		from, to *config.Config
		want     []string
	}{
		{"offered", first, waiting, []string{file + was, file + is, "waits for another person: " + held}},
		{"approved", waiting, second, []string{"waits no more: " + held}},
		{"taken back", waiting, first, []string{file + strings.Replace(is, "+", "-", 1), file + strings.Replace(was, "-", "+", 1), "waits no more: " + held}},
		{"more is offered", waiting, other, []string{file + strings.Replace(is, "+", "-", 1), file + strings.Replace(is, "250_000", "250_001", 1),
			"waits for another person: account GLOBEX-1 limits.gross: 250001 is offered, 250000 stays"}},
	} {
		if got := j.otherwise(kept(c.from), kept(c.to)); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}
