package core

import "testing"

// TestResolveVenueOneAtATime: who has given the word about a venue's orders is answered, whoever else gives one before
// they are counted.
func TestResolveVenueOneAtATime(t *testing.T) {
	w := newWorld(t)
	word := Command{ID: 7, Kind: CmdResolveVenue, Index: 1, Outcome: WasCancelled, UID: 1}
	other := word
	other.ID, other.UID = 8, 2
	w.step(&Event{Kind: CommandGiven, Link: NoIndex, Data: word.Append(nil)})
	w.command(other)
	if len(w.replies) != 2 || w.replies[0] != (Reply{ID: 8, Code: TableFullCode}) || w.replies[1] != (Reply{ID: 7, Code: ListChanged}) {
		t.Errorf("%+v", w.replies)
	}
	if w.command(other); len(w.replies) != 1 || w.replies[0].Code != ListChanged {
		t.Errorf("once it has ended: %+v", w.replies)
	}
}
