package operator

import (
	"strings"
	"testing"

	"portcullis/gate/admin"
	"portcullis/gate/core"
)

// TestAnswers: what did not happen as asked is never "done", and the operator reads what happened instead.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		reply core.Reply
		want  string
	}{
		{core.Reply{Code: core.Done, KillID: 1}, ""},
		{core.Reply{Code: core.UnknownTarget}, "nothing of that number"},
		{core.Reply{Code: core.TableFullCode, KillID: 7}, "the block stands (kill 7)"},
		{core.Reply{Code: core.TableFullCode}, "nothing was blocked"},
		{core.Reply{Code: core.KilledFirm, KillID: 257}, "kill 257 stops the WHOLE FIRM"},
		{core.Reply{Code: core.SecondPerson}, "nothing is done yet"},
		{core.Reply{Code: core.AskedBeside}, "OTHER COMMAND of this kind waits as well"},
		{core.Reply{Code: core.AskedInstead}, "waits no more"},
		{core.Reply{Code: core.LineDown}, "nothing was sent"},
		{core.Reply{Code: core.NotBroken}, "the sides agree by now"},
		{core.Reply{Code: core.NotInSuspense}, "suspense account"},
		{core.Reply{Code: core.NotInDoubt}, "not in doubt"},
		{core.Reply{Code: core.Ambiguous}, "add --link"},
		{core.Reply{Code: core.Impossible}, "cannot have come to that end"},
		{core.Reply{Code: core.NotStopped}, "needs gate resolve"},
		{core.Reply{Code: core.NotHeld}, "nobody holds that link down"},
		{core.Reply{Code: core.LinkNotDown}, "gate link down ends it"},
		{core.Reply{Code: core.NumberUsed}, "stands for one message"},
		{core.Reply{Code: core.Contradiction}, "NOTHING IS STOPPED"},
		{core.Reply{Code: core.NotHalted}, "no operator halts it"},
		{core.Reply{Code: core.SameDate}, "at that trade date already"},
		{core.Reply{Code: core.Malformed}, "could not read"},
	} {
		a := Answer(admin.Halt, c.reply)
		if a.OK != (c.want == "") || !strings.Contains(a.Error, c.want) || a.KillID != c.reply.KillID {
			t.Errorf("%+v: %+v", c.reply, a)
		}
	}
}

// TestUnknown: who names what is not there reads where the names are that the verb takes.
func TestUnknown(t *testing.T) {
	for verb, want := range map[admin.Verb]string{admin.Revive: "gate status", admin.Resolve: "gate orders", admin.CloseBreak: "gate recon --all",
		admin.Halt: "gate status"} {
		if a := Answer(verb, core.Reply{Code: core.UnknownTarget}); a.OK || !strings.Contains(a.Error, want) {
			t.Errorf("%s: %+v", verb, a)
		}
	}
}

// TestNobodyElse: where no other user can come, the first is told so of whatever takes two.
func TestNobodyElse(t *testing.T) {
	for _, c := range []struct {
		r    admin.Request
		a    admin.Answer
		want string
	}{
		{admin.Request{Verb: admin.Kill, Scope: admin.AllScope}, admin.Answer{OK: true}, "the kill stands"},
		{admin.Request{Verb: admin.Kill, Scope: admin.LinkScope}, admin.Answer{OK: true}, ""},
		{admin.Request{Verb: admin.ResolveAll}, Answer(admin.ResolveAll, core.Reply{Code: core.SecondPerson}), "it takes another user, and gate.admin_group is empty"},
		{admin.Request{Verb: admin.ResolveAll}, Answer(admin.ResolveAll, core.Reply{Code: core.ListChanged}), ""},
	} {
		if got := NobodyElse(c.r, c.a); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q", c.r, got)
		}
	}
	if a := Answer(admin.ResolveAll, core.Reply{Code: core.TableFullCode}); !strings.Contains(a.Error, "another such command is at work") {
		t.Errorf("%+v", a)
	}
}

// TestUnknownTargets: a verb that finds nothing says what it looked for; half a command of two people is not a refusal.
func TestUnknownTargets(t *testing.T) {
	for verb, want := range map[admin.Verb]string{admin.Revive: "no kill", admin.Resolve: "no order", admin.Assign: "no fill"} {
		if a := Answer(verb, core.Reply{Code: core.UnknownTarget}); a.OK || !strings.Contains(a.Error, want) {
			t.Errorf("%s: %+v", verb, a)
		}
	}
	if a := Answer(admin.Revive, core.Reply{Code: core.SecondPerson}); a.OK || !a.Noted {
		t.Errorf("%+v", a)
	}
}
