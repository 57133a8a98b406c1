package gate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/operator"
)

// splits asks for the splits of the file, as it is now. Each takes two people, and is applied at the roll of its ex-date, or
// at once where that has been.
func (g *Gate) splits(r admin.Request, give giver) admin.Answer {
	cfg := g.files()
	list, err := cfg.ReadSplits()
	switch {
	case err != nil:
		return refused(fmt.Errorf("no split was taken: %w", err))
	case len(list) == 0:
		return refused(fmt.Errorf("no split was taken: %s names none; data.splits says where they are", cmp.Or(cfg.SplitsFile, "the configuration")))
	}
	a := g.giveSplits(list, give)
	if a.Noted && g.cfg.Gate.AdminGroup == "" {
		a.Note = operator.NobodyElse(r, a)
	}
	return a
}

// beginSplits asks for those that are due by a trade date that has begun, on a day between on which nobody trades as well, and that
// nobody has said yet: whoever rolls is the first of two people. Each that was not applied is alerted of by its asking, and so on each
// day until it is, or is taken out of the file. Where all are known there is nothing to say.
func (g *Gate) beginSplits(date uint32, give giver) admin.Answer {
	cfg := g.files()
	if cfg.SplitsFile == "" {
		return admin.Answer{OK: true}
	}
	list, err := cfg.ReadSplits()
	if err != nil {
		return refused(fmt.Errorf("no split was taken: %w; put the file right, then gate splits", err))
	}
	if a := g.giveSplits(dueSplits(list, date), give); a.Noted || a.Error != "" {
		return admin.Answer{Error: fmt.Sprintf("splits are due and NOT APPLIED: %s; say gate splits", a.Error)}
	}
	return admin.Answer{OK: true}
}

// dueSplits are those of a list that are due by a trade date.
func dueSplits(list []config.Split, date uint32) []config.Split {
	return slices.DeleteFunc(list, func(s config.Split) bool { return uint32(s.Date) > date })
}

// saySplits alerts of those of the file that are due and that nobody has said. A start asks for none, for nobody is there who could be
// the first of two people, and a gate that is started each day may never roll by a command.
func (g *Gate) saySplits() error {
	cfg := g.files()
	if cfg.SplitsFile == "" {
		return nil
	}
	list, err := cfg.ReadSplits()
	if err != nil {
		return g.notice(core.SplitsDue, "why", err.Error())
	}
	var due []string
	for _, s := range list {
		symbol := cfg.Instruments[s.Instrument].Symbol
		if n, _ := g.numbers.Of(config.InstrumentNumber, symbol); g.core.SplitDue(n, s.Ratio, uint32(s.Date)) {
			due = append(due, fmt.Sprintf("%s %d:%d on %d", symbol, s.Ratio.New, s.Ratio.Old, s.Date))
		}
	}
	if len(due) == 0 {
		return nil
	}
	return g.notice(core.SplitsDue, "splits", strings.Join(due, ", "))
}

// giveSplits gives each, and says what became of them.
func (g *Gate) giveSplits(list []config.Split, give giver) admin.Answer {
	var errs []error
	noted, done, known := 0, 0, 0
	for _, s := range list {
		n, _ := g.numbers.Of(config.InstrumentNumber, g.files().Instruments[s.Instrument].Symbol)
		reply, err := give(core.Command{Kind: core.CmdSplit, Index: n, Target: uint64(s.Date), Qty: core.SplitQty(s.Ratio)})
		switch {
		case err != nil:
			return refused(err)
		case reply.Code == core.SecondPerson:
			noted++
		case reply.Code == core.Done:
			done++
		case reply.Code == core.SplitKnown, reply.Code == core.SplitBefore:
			known++
		default:
			errs = append(errs, fmt.Errorf("%s %d:%d on %d: %s", g.numbers.Name(config.InstrumentNumber, n), s.Ratio.New, s.Ratio.Old, s.Date,
				splitText(reply.Code)))
		}
	}
	a := admin.Answer{OK: len(errs) == 0 && noted == 0, Noted: noted > 0}
	if a.OK {
		a.Note = fmt.Sprintf("%d splits taken, %d known before, or of before the first trade date: nothing changes by these; gate status lists those that await their ex-date, "+
			"and what those that were applied have left", done, known)
		return a
	}
	if noted > 0 {
		errs = append([]error{fmt.Errorf("%d splits are noted, but nothing is done by these yet: it takes two people; another user must "+
			"say gate splits; %d are taken, %d were known before", noted, done, known)}, errs...)
	}
	a.Error = strings.ReplaceAll(errors.Join(errs...).Error(), "\n", "; ")
	return a
}

// splitText says why a split was refused, and what to do.
func splitText(code core.ReplyCode) string {
	switch code {
	case core.SplitApplied:
		return "a split of that ex-date, or a later one, has been applied; what it left wrong is put right by gate adjust, and the row taken out of the file"
	case core.SplitPending:
		return "a split with another ex-date is not applied yet; take it back with the ratio 1:1 for that date first, or say this one after it"
	case core.SplitTooLate:
		return "its ex-date is of a trade date before this one, and what was executed since is in new units: book positions by gate adjust or a start-of-day file, and take it out of the file of splits"
	}
	return fmt.Sprintf("the gate did not take it (%d)", code)
}
