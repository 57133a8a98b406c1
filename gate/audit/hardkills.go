package audit

import (
	"fmt"
	"slices"
	"strconv"

	"portcullis/gate/core"
	"portcullis/gate/watchdog"
	"portcullis/risk"
)

// A hard kill stands in the watchdog's record from its acknowledgement on, and in the journal from the next start of an
// engine on. Between the two it is in force as well, for no engine trades before it has taken the kill over.

// notTaken is what the verbs say of such a kill.
const notTaken = "the next engine takes it into the journal before it trades"

// awaitedKills are the hard kills that the journal has not taken over, oldest first. c is its state; nil: it has no record.
func (j *Journal) awaitedKills(c *core.Core) ([]watchdog.Kill, error) {
	kills, err := watchdog.Recorded(j.dir)
	return slices.DeleteFunc(kills, func(k watchdog.Kill) bool { return c != nil && k.Number <= c.HardKill() }), err
}

func hardGiver(k *watchdog.Kill) string { return giverWords(k.Actor, k.UID, k.PID, k.Reason) }

// addAwaited adds what the journal has not taken over to the kills that stand, each with the number that it gets.
func (s *State) addAwaited(t *table) {
	firm := risk.Kill{Of: risk.WholeFirm, Mode: risk.KillBlockAndCancel}
	for i := range s.awaited {
		k := &s.awaited[i]
		t.add(strconv.FormatUint(s.HardKill(k.Number), 10), "firm", "cancel, hard", strconv.Itoa(s.core.Unconfirmed(&firm)),
			utc(k.At().UnixNano()), hardGiver(k)+"; "+notTaken, dash)
	}
}

// HardKill returns the id, which revives it, of the hard kill that the watchdog has recorded under a number: the one it has,
// or gets from the next engine. 0: it does not stand.
func (s *State) HardKill(number uint64) uint64 {
	for i := range s.awaited {
		if s.awaited[i].Number == number {
			return s.core.KillNo() + uint64(i) + 1
		}
	}
	for _, k := range s.core.Book().Kills() {
		if k.AtNs == int64(number) && k.Firm() {
			return k.ID
		}
	}
	return 0
}

// awaited says what was killed hard since a moment and is no record of the journal yet.
func (c *changes) awaited() error {
	kills, err := c.journal.awaitedKills(c.core)
	for i := range kills {
		k := &kills[i]
		if ns := k.At().UnixNano(); ns >= c.since {
			c.count++
			fmt.Fprintf(c.out, "%s  not in the journal yet  hard kill of the firm by %s; in force: %s\n", utc(ns), hardGiver(k), notTaken)
		}
	}
	return err
}
