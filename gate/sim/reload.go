package sim

import (
	"slices"

	"portcullis/gate/core"
	"portcullis/risk"
)

// third is an account that comes and goes while the gate runs, and with starts. The venue's fills do not care.
const third = 5

// reloads are the changes that were given, by their versions: whoever reads the journal has them beside it.
type reloads struct {
	w    *World
	made map[uint64]given
}

// given is a change and the profile that it leads to.
type given struct {
	to     profile
	change func() *core.Change
}

// give has the gate take the third account or let it go, or likewise the limits that come and go; in some worlds a rate of exchange,
// or what a venue answers, is another.
func (r *reloads) give() {
	h := r.w.host
	onItsWay := func(x waiting) bool { return x.command.Kind == core.CmdReload }
	if h.live == nil || h.hand == nil || slices.ContainsFunc(h.replies, onItsWay) {
		return
	}
	p, version := r.w.profile, uint64(len(r.made)+1)<<32
	of := (*profile).changeThird
	switch n := r.w.r.IntN(4); {
	case r.w.changes && r.w.more.IntN(2) == 0:
		of = (*profile).changeRate
		if r.w.more.IntN(2) == 0 {
			p.rate, p.ratedNs = !p.rate, r.w.clock.utcNs()
			r.w.faults.note("rate changed")
			break
		}
		at := r.w.more.IntN(2)
		p.status[at], p.mass[at] = r.w.more.IntN(2) == 0, r.w.more.IntN(2) == 0
		r.w.faults.note("venue's profile changed")
	case n == 0:
		p.third = !p.third
		r.w.faults.note(map[bool]string{true: "account added", false: "account removed"}[p.third])
	default:
		of, p.partly = (*profile).changeParts, !p.partly
		r.w.faults.note(map[bool]string{true: "limits begun", false: "limits ended"}[p.partly])
	}
	r.made[version] = given{p, func() *core.Change { return of(&p, version, r.w.quotes) }}
	h.live.Stage(r.made[version].change())
	h.give(core.Command{Kind: core.CmdReload, Target: version})
}

// stage lays a change ready for who reads of its command.
func (r *reloads) stage(c *core.Core, ev *core.Event) {
	if ev.Kind != core.CommandGiven {
		return
	}
	if m, ok := core.ParseCommand(ev.Data); ok && m.Kind == core.CmdReload {
		c.Stage(r.made[m.Target].change())
	}
}

// applied: from that record on the configuration is another.
func (r *reloads) applied(d *core.Decision) {
	if version := d.Reloaded(); version != 0 {
		to := r.made[version].to
		r.w.profile.third, r.w.profile.partly, r.w.profile.rate, r.w.profile.ratedNs = to.third, to.partly, to.rate, to.ratedNs
		r.w.profile.status, r.w.profile.mass = to.status, to.mass
		for n, v := range r.w.venues {
			v.status, v.mass = to.status[n], to.mass[n]
		}
	}
}

// restart chooses whether a start names the third account, which it does where something is open there, and the limits that come
// and go.
func (r *reloads) restart(c *core.Core) {
	p := r.w.profile
	p.third = false
	r.w.profile.third = len(c.UsesBeside(p.setup(r.w.quotes)).Shown) > 0 || r.w.r.IntN(2) == 0
	r.w.profile.partly = r.w.r.IntN(2) == 0
	if r.w.changes {
		r.w.profile.rate, r.w.profile.ratedNs = r.w.more.IntN(2) == 0, r.w.clock.utcNs()
	}
}

// changeRate is what leads to a profile from the one that has another rate of exchange, or venues of other habits.
func (p *profile) changeRate(version uint64, prices core.Prices) *core.Change {
	return &core.Change{Version: version, Setup: p.setup(prices), Limits: []risk.Setting{&risk.InstrumentSetting{Index: 0, Instrument: p.instrument(0)}}}
}

// changeParts is what leads to a profile from the one that has the limits that come and go otherwise.
func (p *profile) changeParts(version uint64, prices core.Prices) *core.Change {
	return &core.Change{Version: version, Setup: p.setup(prices), Limits: p.parts(p.partly)}
}

// changeThird is what leads to a profile from the one that has the third account otherwise.
func (p *profile) changeThird(version uint64, prices core.Prices) *core.Change {
	c := &core.Change{Version: version, Setup: p.setup(prices), Removes: !p.third, Limits: []risk.Setting{p.thirdSetting()}}
	for _, l := range [...]uint32{acme, acme2} {
		link := core.LinkChange{Link: l, Throttles: p.throttlesOf(l)}
		if p.third {
			link.Granted = []uint32{third}
		} else {
			link.Revoked = []uint32{third}
		}
		c.Links = append(c.Links, link)
	}
	return c
}

func (p *profile) thirdSetting() risk.Setting {
	s := &risk.AccountSetting{Index: third, Account: risk.GoneAccount(accountOwner[third])}
	if p.third {
		s.Account = p.account(third)
	}
	return s
}

// throttlesOf are those of a link.
func (p *profile) throttlesOf(l uint32) (list []risk.Throttle) {
	for _, t := range p.allThrottles() {
		if t.kind == risk.ScopeLink && t.index == l {
			list = append(list, t.list...)
		}
	}
	return list
}
