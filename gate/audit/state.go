package audit

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/shopspring/decimal"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/gate/watchdog"
	"portcullis/risk"
)

// State is what a journal describes at its end, as a gate that starts on it would recover it.
type State struct {
	journal *Journal
	core    *core.Core
	config  *config.Config
	hash    []byte // of the configuration that judges at the end
	seen    []byte // of the one that the newest run named last

	last      journal.Header
	end       journal.Position // where the next record will be
	newest    uint32           // epoch of the newest run
	startedNs int64            // UTC at which it began
	took      time.Duration    // to load

	kills      map[uint64]string // who and why, by the kill's id
	revives    map[uint64]string // who has asked to lift it, and why
	held       map[uint32]hold   // links that an operator holds down
	drained    map[uint32]hold   // links that are drained; NoIndex: the gate
	offers     []offer           // of what waits for approval
	tested     string            // who told of the newest self-test, and what more
	alerts     []alert           // newest alertsKept since the start of the newest run
	alertCount int
	traded     map[risk.Place]*traded         // since the roll
	groupOf    map[uint32]uint32              // by client
	deskOf     map[uint32]uint32              // by trader
	second     *second                        // nil unless asked for
	until      uint64                         // the last record to load
	versions   [core.RecordVersion + 1]uint64 // how many records there are of each version
	digests    digests
	awaited    []watchdog.Kill // hard kills that the journal has not taken over
	unread     error           // why those are not known
}

// digests are how often the engine's own digest of its state is this program's, from the newest start or configuration on.
type digests struct{ equal, differ, first uint64 } // first: the record of the first that differs

// hold is since when a link is held down or drained, by whom and why.
type hold struct {
	ns int64
	by string
}

// alert is one thing that a human had to look at.
type alert struct {
	seq  uint64
	ns   int64
	text string
}

const alertsKept = 10

// place is one account in one instrument.
type place struct{ account, instrument uint32 }

// traded is what was executed in a place since the roll.
type traded struct {
	bought, sold, moneyBought, moneySold decimal.Decimal
}

var errNewConfig = errors.New("another configuration has come into force while the journal was being loaded")

// Load brings the journal's whole state into memory. recompute also keeps every booking for the
// second opinion that Exposure asks for.
func (j *Journal) Load(recompute bool) (*State, error) { return j.loadUntil(recompute, math.MaxUint64) }

// loadUntil loads the state as of a record, under the configuration that was in force then: by its groups and desks what is booked
// counts in them.
func (j *Journal) loadUntil(recompute bool, until uint64) (*State, error) {
	for {
		s, err := j.load(recompute, until)
		if !errors.Is(err, errNewConfig) {
			return s, err
		}
	}
}

func (j *Journal) load(recompute bool, until uint64) (s *State, err error) {
	begun := time.Now()
	list, err := j.runs(until)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("journal %s has no record yet", j.dir)
	}
	if err := j.readNumbers(); err != nil { // links may have been added since
		return nil, err
	}
	newest := len(list) - 1
	s = &State{journal: j, until: until, newest: list[newest].epoch, kills: map[uint64]string{}, revives: map[uint64]string{}, held: map[uint32]hold{}, drained: map[uint32]hold{}, traded: map[risk.Place]*traded{}}
	if s.hash, err = j.judgesAfter(list); err != nil {
		return nil, err
	}
	s.seen = s.hash
	if s.config, err = j.Kept(s.hash); err != nil {
		return nil, err
	}
	if s.core, err = j.core(s.config); err != nil {
		return nil, err
	}
	s.learnOwners()
	if recompute {
		s.second = newSecond(s)
	}
	f, err := journal.Follow(j.dir, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := assemble.Walk(f, s.take); err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	if !bytes.Equal(s.seen, s.hash) && until == math.MaxUint64 {
		return nil, errNewConfig
	}
	j.last = s.last
	s.end, s.took = f.Position(), time.Since(begun)
	s.awaited, s.unread = j.awaitedKills(s.core)
	return s, nil
}

// take applies one record and notes what the core does not keep.
func (s *State) take(r *assemble.Record) error {
	ev, d := &r.Event, &r.Decision
	if r.Header.Seq > s.until {
		return errEnough
	}
	if r.Header.Epoch > s.newest {
		return errNewConfig
	}
	s.versions[r.Payload[0]]++
	s.hold(d, &r.Header)
	if hash := InForce(ev, d); hash != nil && r.Header.Epoch == s.newest {
		s.seen, s.digests = hash, digests{}
	}
	if s.last.Epoch != r.Header.Epoch {
		s.alerts, s.alertCount, s.startedNs = nil, 0, r.Header.UTCNs
	}
	for i := range d.EffectLen {
		s.note(r, &d.Effects[i])
	}
	if s.second != nil {
		s.second.take(d)
	}
	s.core.Apply(ev, d)
	s.last = r.Header
	return nil
}

// hold holds the state before a record against the engine's digest of it, where the newest run's record has it. Until
// that run has named its last configuration the state here is not of the same one.
func (s *State) hold(d *core.Decision, h *journal.Header) {
	digest, ok := d.Seen()
	switch {
	case !ok || h.Epoch != s.newest || !bytes.Equal(s.seen, s.hash):
	case digest == s.core.Digest():
		s.digests.equal++
	default:
		if s.digests.differ++; s.digests.differ == 1 {
			s.digests.first = h.Seq
		}
	}
}

func (s *State) note(r *assemble.Record, e *core.Effect) {
	switch e.Kind {
	case core.KillSet:
		s.kills[e.Value] = s.killer(r, e)
	case core.LiftAsked:
		s.revives[e.Value] = s.reviver(r)
	case core.LinkHeld:
		if delete(s.held, e.Link); e.Value == 1 {
			s.held[e.Link] = hold{r.Header.UTCNs, s.holder(r, e)}
		}
	case core.Drained:
		if delete(s.drained, e.Link); e.Value == 1 {
			s.drained[e.Link] = hold{r.Header.UTCNs, giver(r.Event.Data)}
		}
	case core.Offered:
		s.offered(r, e)
	case core.SelfTested:
		s.tested = giver(r.Event.Data)
	case core.Executed:
		s.trade(e, decimal.NewFromInt(1))
	case core.Busted:
		s.trade(e, decimal.NewFromInt(-1))
	case core.Rolled:
		clear(s.traded)
	case core.Alerted:
		s.alert(r, s.journal.alertWords(e))
	}
}

// killer says who or what has killed.
func (s *State) killer(r *assemble.Record, e *core.Effect) string {
	if e.Mode == risk.KillTripped {
		return e.Cause.String()
	}
	switch r.Event.Kind {
	case core.EgressDifference:
		return "the egress check"
	case core.Message:
		if by := partyActed(&r.Decision); by != nil {
			return s.journal.partyWords(&r.Event, by)
		}
		return "control " + r.Decision.Reason.String()
	case core.JournalSpace:
		return "the loss of the journal"
	case core.ClockChanged:
		return "the clock's state"
	case core.Tick:
		return "the venue's line, which is down"
	}
	return giver(r.Event.Data)
}

// reviver says who has asked to lift a kill.
func (s *State) reviver(r *assemble.Record) string {
	if by := partyActed(&r.Decision); by != nil {
		return s.journal.partyWords(&r.Event, by)
	}
	return giver(r.Event.Data)
}

// partyActed is what a decision says of a PartyActionRequest that was carried out; nil: it is about none.
func partyActed(d *core.Decision) *core.Effect {
	for i := range d.EffectLen {
		if d.Effects[i].Kind == core.PartyActed {
			return &d.Effects[i]
		}
	}
	return nil
}

// holder says who holds a link down.
func (s *State) holder(r *assemble.Record, e *core.Effect) string {
	if e.Seq != 0 {
		return fmt.Sprintf("kill %d, by %s", e.Seq, s.kills[e.Seq])
	}
	return giver(r.Event.Data)
}

// alert keeps one of a record.
func (s *State) alert(r *assemble.Record, text string) {
	s.alertCount++
	if len(s.alerts) == alertsKept {
		s.alerts = append(s.alerts[:0], s.alerts[1:]...)
	}
	s.alerts = append(s.alerts, alert{r.Header.Seq, r.Header.UTCNs, text})
}

func (t *traded) add(x *traded) {
	t.bought, t.sold = t.bought.Add(x.bought), t.sold.Add(x.sold)
	t.moneyBought, t.moneySold = t.moneyBought.Add(x.moneyBought), t.moneySold.Add(x.moneySold)
}

func (s *State) trade(e *core.Effect, sign decimal.Decimal) {
	if e.Status == core.Earlier {
		return // traded is what was on this trade date
	}
	at := s.core.BookedAt(e)
	t := s.traded[at]
	if t == nil {
		t = new(traded)
		s.traded[at] = t
	}
	qty, money := scaled(e.Qty).Mul(sign), money(e.Money).Mul(sign)
	if e.Side.IsBuy() {
		t.bought, t.moneyBought = t.bought.Add(qty), t.moneyBought.Add(money)
	} else {
		t.sold, t.moneySold = t.sold.Add(qty), t.moneySold.Add(money)
	}
}

// Dir is the journal's folder.
func (s *State) Dir() string { return s.journal.dir }

// Took is how long Load took.
func (s *State) Took() time.Duration { return s.took }

// Records is the number of the last record.
func (s *State) Records() uint64 { return s.last.Seq }

// clientOf is the client of an account, NoIndex where the configuration no longer names it.
func (s *State) clientOf(account uint32) uint32 {
	if set := s.core.Setup(); account < uint32(len(set.Accounts)) {
		return set.Accounts[account].Client
	}
	return core.NoIndex
}

// accountConfig is what the configuration says of an account, nil where it no longer names it.
func (s *State) accountConfig(account uint32) *config.Account {
	for i := range s.config.Accounts {
		if n, ok := s.journal.numbers.Of(config.AccountNumber, s.config.Accounts[i].Name); ok && n == account {
			return &s.config.Accounts[i]
		}
	}
	return nil
}
