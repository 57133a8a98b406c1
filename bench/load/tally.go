package load

import "fmt"

// Tally is what one end of the instrument has counted since it began, Connect's probes included.
type Tally struct {
	Requests  uint64 // D, F and G: sent by the participants, received by the venue
	Confirmed uint64 // ExecutionReports that grant a request
	Rejected  uint64 // OrderCancelRejects: the venue's own; at the participants also the system's
	Refused   uint64 // ExecutionReports that reject an order: the venue sends none, so they are the system's
	Fills     uint64
}

// Answered is how many requests the venue answered, as far as a participant can tell.
func (t *Tally) Answered() uint64 { return t.Confirmed + t.Rejected }

// refusedOnTheWay is how many requests the system under test refused itself.
func refusedOnTheWay(participants, venue Tally) uint64 {
	return participants.Refused + participants.Rejected - min(venue.Rejected, participants.Rejected)
}

// agree holds the participants' tally against the venue's once every request has its answer: what the venue
// sent has arrived, and what did not reach the venue was refused.
func agree(participants, venue Tally) error {
	for _, c := range []struct {
		what    string
		one     uint64
		another uint64
	}{
		{"confirmations", participants.Confirmed, venue.Confirmed},
		{"fills", participants.Fills, venue.Fills},
		{"requests", participants.Requests, venue.Requests + refusedOnTheWay(participants, venue)},
	} {
		if c.one != c.another {
			return fmt.Errorf("participants and venue disagree about %s: %d and %d", c.what, c.one, c.another)
		}
	}
	return nil
}

func (t *Tally) add(u *Tally) {
	t.Requests += u.Requests
	t.Confirmed += u.Confirmed
	t.Rejected += u.Rejected
	t.Refused += u.Refused
	t.Fills += u.Fills
}
