package gate

import (
	"context"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"os/user"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"portcullis/gate/admin"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/local"
	"portcullis/gate/recovery"
	"portcullis/risk"
)

// govern takes of the offered configuration what may come into force, by what the journal says. That is before the journal is opened:
// how its records are kept and who reads them two people answer for too.
func (g *Gate) govern() (err error) {
	g.cfg, g.before, err = recovery.AtStart(g.cfg, g.standing, g.now())
	return err
}

// offer journals at a start which configuration waits for approval, and who may stand behind it; or that none does.
func (g *Gate) offer(cfg *config.Config) error {
	hash := hashOf(cfg.Offered())
	for _, h := range cfg.Held() {
		g.log.Warn().Str("held", h.String()).Msg("PENDING APPROVAL: gate approve " + hash[:hashShown])
	}
	g.waits = g.core.Offered()
	if len(cfg.Held()) > 0 && g.cfg.Resumed() && g.core.Offer() == hash {
		return nil // the engine crashed: nobody has offered anything
	}
	m := offerOf(cfg, core.OffersAnew)
	if m.Flag && g.core.Offer() == "" {
		return nil
	}
	self := uint32(os.Getuid())
	m.UID, m.PID, m.Actor, m.Reason = self, uint32(os.Getpid()), userName(self), "offered at start"
	m.Index, m.Target = loginUser(self), uint64(fileOwner(cfg.Path(), self))
	g.waits.Take(&m)
	return g.boot.Command(m)
}

// offerOf says what of a configuration waits for approval and whose it is, or that nothing waits.
func offerOf(cfg *config.Config, whose risk.Qty) core.Command {
	if len(cfg.Held()) == 0 {
		return core.Command{Kind: core.CmdOffer, Flag: true}
	}
	if whose == core.OffersAnew && len(cfg.Offered().Overlay()) > 0 {
		whose = core.OffersOn // limits that others may have set are in it
	}
	return core.Command{Kind: core.CmdOffer, Name: hashOf(cfg.Offered()), Qty: whose}
}

// hashShown is how many digits of a hash people are shown, and have to give.
const hashShown = 16

// hashOf is what an approval of a configuration names.
func hashOf(cfg *config.Config) string {
	hash := cfg.Governed()
	return hex.EncodeToString(hash[:])
}

// loginUser is who logged on to the machine before he became the user that runs this process, as the kernel's audit
// knows it.
func loginUser(otherwise uint32) uint32 {
	text, err := os.ReadFile("/proc/self/loginuid")
	if err != nil {
		return otherwise
	}
	id, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 32)
	if err != nil || id == math.MaxUint32 {
		return otherwise
	}
	return uint32(id)
}

// fileOwner is who could have written the file.
func fileOwner(path string, otherwise uint32) uint32 {
	if info, err := config.Stat(path); err == nil {
		if s, ok := info.Sys().(*syscall.Stat_t); ok {
			return s.Uid
		}
	}
	return otherwise
}

func userName(uid uint32) string {
	u, err := user.LookupId(strconv.FormatUint(uint64(uid), 10))
	if err != nil {
		return fmt.Sprintf("uid %d", uid)
	}
	return u.Username
}

// approve is the word of a second person for the configuration that waits. What a running gate can follow comes into
// force at once, as it was read when it was offered; the rest at the next start.
func (g *Gate) approve(p admin.Peer, r admin.Request) admin.Answer {
	waits := g.files().Offered()
	hash := hashOf(waits)
	switch {
	case !g.mayApprove(p):
		return admin.Answer{Error: g.noApprover(p)}
	case len(g.files().Held()) == 0:
		return admin.Answer{Error: "nothing was changed: nothing waits for approval"}
	case len(r.Name) < hashShown:
		return admin.Answer{Error: fmt.Sprintf("nothing was changed: give the %d digits or more of the hash that gate changes --pending shows", hashShown)}
	case !strings.HasPrefix(hash, r.Name):
		return admin.Answer{Error: "nothing was changed: no configuration of that hash waits for approval, another does: read what it would loosen in gate changes --pending"}
	}
	command := core.Command{Kind: core.CmdApprove, Name: hash, Reason: r.Reason, Actor: p.User, UID: p.UID, PID: uint32(p.PID)}
	reply, err := g.engine.Submit(context.Background(), command)
	switch {
	case err != nil:
		return refused(err)
	case reply.Code == core.OwnOffer:
		return admin.Answer{Error: ownOffer(&g.waits)}
	case reply.Code != core.Done:
		return admin.Answer{Error: "nothing was changed: another configuration waits by now; see gate changes --pending"}
	}
	g.waits = core.Offer{}
	g.log.Info().Str("by", p.User).Str("reason", r.Reason).Str("configuration", hash[:hashShown]).Msg("configuration approved")
	a := g.install(waits, p, r)
	if !a.OK {
		return admin.Answer{OK: true, Note: "approved; it comes into force at the next start: " + a.Error}
	}
	a.Note = "approved, and in force:\n" + a.Note
	return a
}

// noApprover refuses somebody who is not in the group whose members approve.
func (g *Gate) noApprover(p admin.Peer) string {
	group := g.cfg.Gate.AdminGroup
	if group == "" {
		return "nothing was changed: gate.admin_group is empty, so nobody can approve anything: name a group with two people in it, and restart"
	}
	return fmt.Sprintf("nothing was changed: %s is no member of gate.admin_group %q, and it takes one; who is one may have to log in anew", p.User, group)
}

// ownOffer refuses somebody who stands behind what waits: it names all who do, and how those come out of it who are alone.
func ownOffer(o *core.Offer) string {
	users, all := o.Behind()
	var names []string
	for _, user := range users {
		names = append(names, fmt.Sprintf("%s (user %d)", userName(user), user))
	}
	who := "whoever gave it, started the gate with it or owns its file stands behind it: " + strings.Join(names, ", ")
	if all {
		who += " and others, more than are told apart, so that nobody can approve it"
	}
	return "nothing was changed: " + who + ". Another member of gate.admin_group approves it. Where there is none: put the files back to what is " +
		"in force, gate limit clear what was set for a time and waits, and gate reload, which takes the offer back; then one alone writes it as " +
		"the owner of the file and offers it, and the other approves"
}

// mayApprove reports whether a user is a member of the group whose members give commands.
func (g *Gate) mayApprove(p admin.Peer) bool {
	group, err := assemble.AdminGroup(g.cfg)
	if err != nil || group == local.NoGroup {
		return false
	}
	if p.GID == uint32(group) {
		return true
	}
	u, err := user.LookupId(strconv.FormatUint(uint64(p.UID), 10))
	if err != nil {
		return false
	}
	groups, err := u.GroupIds()
	return err == nil && slices.Contains(groups, strconv.Itoa(group))
}

// heldText says what of a configuration waits for approval; "": nothing.
func heldText(cfg *config.Config) string {
	var lines []string
	for _, h := range cfg.Held() {
		lines = append(lines, "PENDING APPROVAL "+h.String())
	}
	if len(lines) > 0 {
		lines = append(lines, "another person approves it: gate approve "+hashOf(cfg.Offered())[:hashShown]+" -r WHY")
	}
	return strings.Join(lines, "\n")
}

// joined puts lines of an answer below each other.
func joined(a, b string) string { return strings.Trim(a+"\n"+b, "\n") }
