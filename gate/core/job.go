package core

import (
	"portcullis/fix/link"
	"portcullis/risk"
)

// The table of jobs: Capacity.Jobs kills, first so that nothing delays them; the stop; six places
// for each venue; the day roll; one more place for each venue; splits; lowered limits; a human's word about a venue's orders;
// orphans; a sweep; kills.
const (
	venueJobs    = 6
	jobsBeside   = 8 // stop, roll, splits, lowered, resolve, orphans, sweep, the watch over kills
	placeUnknown = 0
	placeOwed    = 1
	placeMissed  = 2 // and the one after it
	placeDoubt   = 4
	placeCOD     = 5

	// scanMax bounds the slots that one step looks at, so that live messages are never far behind.
	scanMax = 4096
)

// jobKind names work that takes many steps.
type jobKind uint8

const (
	noJob        jobKind = iota
	killJob              // cancel what is open in the scope of a kill
	missedJob            // settle the requests a venue asks for again: they did not arrive
	unknownJob           // ask the venue about requests unanswered when numbers were reset
	owedJob              // send the cancels owed to a venue
	stopJob              // log out every link
	rollJob              // reserve orders anew on a new trade date
	doubtJob             // ask a human about orders that a venue leaves unknown
	singlesJob           // cancel one by one what a mass cancel has not
	resolveJob           // end the doubt about the orders of a venue
	drillJob             // count what a kill would cancel
	orphanJob            // cancel the orders of links that were lost
	sweepJob             // cancel the orders that a control refuses by now
	loweredJob           // record what is above the limits of another configuration
	killWatchJob         // count the orders of kills that are not over
	codJob               // find out which orders a venue has cancelled when its line was lost
	splitJob             // tell what splits have left open, or taken above a limit
)

// job is such work: each Tick does one step.
type job struct {
	Kind      jobKind
	marks     risk.Side     // of a killJob or drillJob
	outcome   Outcome       // of a resolveJob; 0: it only counts, for the first of two people
	mode      risk.KillMode // of a killJob or drillJob
	Venue     uint32
	cursor    uint32      // next order or request slot to look at
	of        risk.Target // of a killJob or drillJob
	counts    [7]uint32   // of a killJob or drillJob: in scope, withdrawn, cancels, owed, excluded, waiting, links held down; of a resolveJob: see there
	from, to  uint64      // MsgSeqNums of a missedJob; from of a sweepJob: UTC when it began; of a splitJob: allScopes or 0
	command   uint64      // Command.ID that waits for it
	killID    uint64
	linksDone uint32 // of a killJob that disconnects: links looked at
	party     asker  // of a killJob
}

// placeOf is where a job of this kind goes; a stop, a roll, and what a venue is asked or owed begin
// anew where they are at work already. NoIndex: every place is taken.
func (c *Core) placeOf(kind jobKind, venue uint32) uint32 {
	venues := uint32(c.jobVenues())
	kills := uint32(len(c.jobs)) - jobsBeside - (venueJobs+1)*venues
	at, roll := kills+1+venueJobs*venue, kills+1+venueJobs*venues
	switch kind {
	case stopJob:
		return kills
	case rollJob:
		return roll
	case drillJob:
		return c.freePlace(kills-1, kills) // the last of the kills': no kill waits for it
	case singlesJob:
		return roll + 1 + venue
	case resolveJob:
		return uint32(len(c.jobs) - 4)
	case orphanJob:
		return uint32(len(c.jobs) - 3)
	case sweepJob:
		return uint32(len(c.jobs) - 2)
	case killWatchJob:
		return uint32(len(c.jobs) - 1)
	case loweredJob:
		return uint32(len(c.jobs) - 5)
	case splitJob:
		return uint32(len(c.jobs) - 6)
	case unknownJob:
		return at + placeUnknown
	case owedJob:
		return at + placeOwed
	case doubtJob:
		return at + placeDoubt
	case codJob:
		return at + placeCOD
	case missedJob:
		return c.freePlace(at+placeMissed, at+placeMissed+2)
	}
	return c.freePlace(0, kills)
}

// jobVenues is how many venues have places among the jobs.
func (c *Core) jobVenues() int { return max(c.set.Capacity.VenueJobs, c.VenueRows()) }

func (c *Core) freePlace(from, to uint32) uint32 {
	for i := from; i < to; i++ {
		if c.jobs[i].Kind == noJob {
			return i
		}
	}
	return NoIndex
}

// startJob begins work that takes many steps; nil: there is no place for it.
func (c *Core) startJob(d *Decision, kind jobKind, venue uint32) *Effect {
	place := c.placeOf(kind, venue)
	if place == NoIndex {
		return nil
	}
	e := d.effect(JobStarted)
	e.Execution, e.Status, e.Venue = place, byte(kind), venue
	return e
}

// stepJob does the next step of the first job at work: at most one order each time.
func (c *Core) stepJob(ev *Event, d *Decision) {
	for i := range c.jobs {
		j := &c.jobs[i]
		switch j.Kind {
		case killJob:
			c.stepKill(ev, d, uint32(i), j)
		case drillJob:
			c.stepDrill(ev, d, uint32(i), j)
		case missedJob:
			c.stepMissed(ev, d, uint32(i), j)
		case unknownJob:
			c.stepUnknown(ev, d, uint32(i), j)
		case owedJob:
			c.stepOwed(ev, d, uint32(i), j)
		case stopJob:
			c.stepStop(ev, d, uint32(i), j)
		case doubtJob:
			c.stepDoubt(d, uint32(i), j)
		case codJob:
			c.stepCOD(ev, d, uint32(i), j)
		case singlesJob:
			c.stepSingles(ev, d, uint32(i), j)
		case resolveJob:
			c.stepResolve(ev, d, uint32(i), j)
		case orphanJob:
			c.stepOrphans(ev, d, uint32(i), j)
		case sweepJob:
			c.stepSweep(ev, d, uint32(i), j)
		case loweredJob:
			c.stepLowered(ev, d, uint32(i), j)
		case killWatchJob:
			c.stepKillWatch(ev, d, uint32(i), j)
		case rollJob:
			c.stepRoll(ev, d, uint32(i), j)
		case splitJob:
			c.stepSplit(d, uint32(i), j)
		default:
			continue
		}
		return
	}
}

// scanned ends a job whose slots are all looked at, or notes how far it has come.
func (d *Decision) scanned(slot, cursor, used uint32) {
	if cursor >= used {
		d.effect(JobEnded).Execution = slot
		return
	}
	d.jobMoved(slot, cursor, 0)
}

func (d *Decision) jobMoved(slot, cursor uint32, count uint64) {
	e := d.effect(JobMoved)
	e.Execution, e.Seq, e.Value = slot, uint64(cursor), count
}

// stepStop logs out the next link; orders are kept.
func (c *Core) stepStop(ev *Event, d *Decision, slot uint32, j *job) {
	for n := j.cursor; n < uint32(len(c.set.Links)); n++ {
		if p := c.links[n].Phase; p == link.Down || p == link.LogoutSent || p == link.Refused {
			continue
		}
		ev.Link = n
		link.Logout(&c.set.Links[n].Settings, &c.links[n].State, n, "gate is stopping", ev.Now, &d.Out, &d.result)
		c.sessionStep(ev, d)
		d.jobMoved(slot, n+1, 0)
		return
	}
	d.effect(JobEnded).Execution = slot
}
