package demo

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"time"

	"portcullis/gate/demo/peer"
)

//go:embed config
var configFiles embed.FS

// Options of a demo.
type Options struct {
	Out   io.Writer
	Keep  bool                   // leave configuration, log and journal behind
	Stay  bool                   // after the summary, keep the gate and the venue running until the context ends
	Alloc func(bytes int) []byte // as gate.Options
}

// participants of the script: names there, and who logs on.
var participants = []struct {
	name   string
	config peer.ParticipantConfig
}{
	{"ALPHA", peer.ParticipantConfig{SenderCompID: "ALPHA", Username: "alpha", Password: "alpha-secret"}},
	{"BETA", peer.ParticipantConfig{SenderCompID: "BETA", Username: "beta", Password: "beta-secret"}},
	{"ALGO", peer.ParticipantConfig{SenderCompID: "BETA-ALGO", Username: "algo", Password: "algo-secret"}},
}

// Run plays the script through a real gate and prints every verdict and a summary. An error says
// what differed from the script, or which figure differs from its recomputation.
func Run(ctx context.Context, o Options) error {
	script := scriptText
	if o.Stay {
		script, _, _ = strings.Cut(script, lastChapter)
	}
	return run(ctx, o, script)
}

// lastChapter stops the whole firm, which the demo, one person, cannot lift: who stays is to trade on.
const lastChapter = "\n= The whole firm is stopped"

func run(ctx context.Context, o Options, script string) (err error) {
	begun := time.Now()
	steps, err := parseScript(script)
	if err != nil {
		return err
	}
	c := RigConfig{Files: files(configFiles, "config"), Venues: []string{"XSIM", "XSLOW"}, Keep: o.Keep, Alloc: o.Alloc}
	names := map[string]string{}
	for _, p := range participants {
		c.Participants = append(c.Participants, p.config)
		names[p.name] = p.config.SenderCompID
	}
	out := printer{o.Out}
	out.line("A gate, two participants, one of them with a second link, and a venue with two lines.")
	out.line("FIX.4.4 over loopback TCP; the peers speak it with quickfixgo, which shares no code with the gate.")
	rig, err := StartRig(c)
	defer func() { err = errors.Join(err, rig.Close()) }()
	if err != nil {
		return err
	}
	out.line("All are logged on after %v; configuration, log and journal are in %s.", took(begun), rig.Dir)
	out.line("")
	out.header()
	p := newPlayer(rig, out, names)
	for i := range steps {
		if err := errors.Join(p.play(ctx, &steps[i]), ctx.Err()); err != nil {
			return err
		}
	}
	if err := errors.Join(conclude(rig, p), proven(out, rig)); err != nil {
		return err
	}
	if o.Stay {
		stay(ctx, out, rig)
	}
	if err := rig.Stop(); err != nil {
		return err
	}
	if err := rig.Watcher.Read(); err != nil {
		return err
	}
	if _, err := prove(rig.Config); err != nil { // again: the end is in the journal too
		return err
	}
	out.line("\nThe journal was closed with %d records. %v in all.", rig.Watcher.Records(), took(begun))
	return nil
}

func took(begun time.Time) time.Duration { return time.Since(begun).Round(time.Millisecond) }

// conclude checks that nobody was told more than the script says, and prints the summary.
func conclude(rig *Rig, p *player) error {
	for name, compID := range p.names {
		if n := rig.Participants[compID].Unread(); n > 0 {
			return fmt.Errorf("%s was told %d things that the script does not expect", name, n)
		}
	}
	for _, v := range rig.Venues {
		if err := v.Failures(); err != nil {
			return err
		}
	}
	if err := rig.Watcher.Read(); err != nil {
		return err
	}
	p.print.summary(p)
	return nil
}

// proven closes the demo: what the journal says must hold.
func proven(out printer, rig *Rig) error {
	p, err := prove(rig.Config)
	if err != nil {
		return err
	}
	out.title("Proof, from the journal alone")
	out.line("  exposure of %d scopes and positions equals its recomputation, figure for figure", p.scopes)
	out.line("  %d records judged again: every decision and every byte sent is the same", p.replayed)
	return nil
}

// stay says how to look around, and waits.
func stay(ctx context.Context, out printer, rig *Rig) {
	for name, p := range rig.Participants {
		p.Stop() // so that somebody else can log on
		delete(rig.Participants, name)
	}
	socket := filepath.Join(rig.Dir, "gate.sock")
	out.title("The gate stays; end it with Ctrl-C.")
	out.line("  Connect to %s as ALPHA, BETA or BETA-ALGO to GATE: FIX.4.4,", rig.Gate.Addr(listen))
	out.line("  ResetSeqNumFlag(141)=Y, Username(553) alpha, beta or algo, Password(554) alpha-secret and so on.")
	out.line("  The venue does what an order's Text(58) says, e.g. ack; fill 40")
	out.line("  Operate it:")
	for _, verb := range []string{"halt AAPL -r trial", "kill --client ALPHA -r trial", "stop"} {
		out.line("    go run ./cmd/gate %s -s %s", verb, socket)
	}
	out.line("  Ask its journal:")
	for _, verb := range []string{"status", "orders", "why A4", "exposure client:ALPHA --explain", "replay"} {
		out.line("    go run ./cmd/gate %s -c %s", verb, filepath.Join(rig.Dir, "gate.yaml"))
	}
	select {
	case <-ctx.Done():
	case err := <-rig.stopped:
		rig.stopped <- err
	}
}

// files reads an embedded folder.
func files(from fs.FS, dir string) map[string][]byte {
	content := map[string][]byte{}
	entries, _ := fs.ReadDir(from, dir) // cannot fail: embedded
	for _, entry := range entries {
		content[entry.Name()], _ = fs.ReadFile(from, path.Join(dir, entry.Name()))
	}
	return content
}
