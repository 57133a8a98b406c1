package audit

import (
	"strings"
	"testing"

	"portcullis/gate/config"
	"portcullis/gate/core"
)

const copyLink = "FIX.4.4:GATE->COPY"

// TestRecon: what gate recon lists of a journal, with and without what agrees.
func TestRecon(t *testing.T) {
	dir := t.TempDir()
	files := sampleFiles("\nroutes:\n", "\nrecon:\n  drop_copies:\n    - {link: FIX.4.4:GATE->COPY, venue: XSIM, source_addresses: any, password: none}\nroutes:\n")
	files["participants.cfg"] = append(files["participants.cfg"], "\n[SESSION]\nTargetCompID=COPY\n"...)
	w := openDesk(t, dir, morning, files)
	w.seqOut[copyLink] = 1
	w.logon()
	w.event(core.Event{Kind: core.Admitted, Link: w.number(config.LinkNumber, copyLink), Conn: 1})
	w.from(copyLink, "35=A|98=0|108=30|")
	id := w.order(acme, "35=D|11=A-1|21=1|55=AAPL|54=1|38=100|40=2|44=187.50|")
	const terms = "|37=V1|55=AAPL|54=1|6=0|150=F|39=1|151=50|"
	fill := func(link, exec, qty, px, account string) {
		w.from(link, "35=8|11="+id+terms+"17="+exec+"|32="+qty+"|31="+px+"|14="+qty+"|1="+account+"|")
	}
	fill(xsim, "E1", "10", "187.5", "ACME-1")
	fill(copyLink, "E1", "10", "187.5", "ACME-1")
	fill(xsim, "E2", "10", "187.5", "ACME-1")
	fill(copyLink, "E2", "11", "187.5", "ACME-1")
	fill(xsim, "E3", "10", "187.5", "ACME-1")
	fill(copyLink, "E4", "5", "187.4", "ACME-1")
	w.nowNs += 4e9
	w.event(core.Event{Kind: core.Tick, Link: core.NoIndex})
	id = "ELSEWHERE"
	fill(copyLink, "F1", "7", "187", "GLOBEX-1")
	fill(copyLink, "F2", "7", "187", "WHO")
	w.command(core.Command{Kind: core.CmdCloseBreak, Name: "F2", UID: 1000, Reason: "theirs"})
	w.close()

	j := must(Open(dir))(t)
	s := must(j.Load(true))(t)
	for name, f := range map[string]ReconFilter{"recon.txt": {}, "recon-all.txt": {All: true, Venue: "XSIM"}} {
		var out strings.Builder
		check(t, s.Recon(&out, f))
		golden(t, name, out.String())
	}
	if err := s.Recon(&strings.Builder{}, ReconFilter{Venue: "NOPE"}); err == nil {
		t.Error("a venue that nobody knows is listed")
	}
	var out strings.Builder
	check(t, s.Exposure(&out, must(s.ParseScope("firm"))(t), true)) // the twin counts what is foreign
	out.Reset()
	s.breaks(&out)
	if !strings.Contains(out.String(), "3 breaks") {
		t.Error(out.String())
	}
	out.Reset()
	check(t, j.Tail(t.Context(), &out, TailOptions{Link: copyLink}))
	golden(t, "recon-tail.txt", out.String())
}
