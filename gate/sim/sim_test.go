package sim

import (
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"portcullis/risk"
)

var (
	seedFlag  = flag.Uint64("seed", 0, "run only this seed, with its log")
	seedCount = flag.Uint64("seeds", seedsMeant, "how many seeds TestSeed runs")
	seedFrom  = flag.Uint64("from", 1, "the first of them")
)

// TestSeed plays some hundred worlds. Among them every fault has met a gate at work, and the verdicts of all kinds of
// checks were seen.
func TestSeed(t *testing.T) {
	if *seedFlag != 0 {
		if err := Run(*seedFlag, NewCoverage(), func(line string) { t.Log(line) }); err != nil {
			t.Fatal(err)
		}
		return
	}
	cover := RunMany(*seedFrom, *seedCount, runtime.GOMAXPROCS(0), func(_ uint64, err error) {
		if err != nil {
			t.Error(err)
		}
	})
	if testing.Verbose() {
		cover.Write(t.Output())
	}
	if *seedCount < 100 {
		return
	}
	for _, name := range faultNames {
		if met := cover.Faults[name]; met["orders"] == 0 && met["down"] == 0 {
			t.Errorf("%s never met open orders, nor a gate that is down", name)
		}
	}
	for _, reason := range []risk.Reason{risk.Accepted, risk.KillFirm, risk.KillAccount, risk.DuplicateClOrdID, risk.StaleResend,
		risk.AccountNotEntitled, risk.OrderRateExceeded, risk.SymbolUnknown, risk.SymbolHalted, risk.OrderQtyTooLarge,
		risk.PriceOutsideCollar, risk.SellLongExceedsPosition, risk.ShortPositionExceeded, risk.AccountNetExceeded,
		risk.ClientNetExceeded, risk.FirmGrossExceeded, risk.MarkMissing, risk.VenueDown, risk.VenueRecovering, risk.JournalUnavailable} {
		if cover.Reasons[reason] == 0 {
			t.Errorf("no order ever had the verdict %v", reason)
		}
	}
}

// TestShown plays worlds beyond those of TestSeed that showed a defect once, of the gate or of what stands in for the others.
func TestShown(t *testing.T) {
	for _, seed := range []uint64{2203, 2652, 3002, 715866, 720202, 720972, 800493, 811227, 900746, 901999, 910776, 922140} {
		if err := Run(seed, NewCoverage(), nil); err != nil {
			t.Error(err)
		}
	}
}

// faultNames are the faults that every run of some hundred seeds has to bring.
var faultNames = []string{"disconnect", "garbled byte", "peer reads nothing", "numbers reset", "clock steps", "clock unknown",
	"disk full", "disk nearly full", "disk fails", "crash", "crash before a record", "crash behind a record",
	"crash in a system call", "machine dies", "orderly stop", "logout", "kill", "roll", "link held", "limits changed", "account added", "account removed", "limits begun", "limits ended",
	"overfill", "fill after the end", "execution told late", "bust", "correction", "report told twice", "report lost on the way",
	"order lost at the venue", "venue rejects by 3", "venue rejects by 8", "venue rejects by 9", "venue rejects by j",
	"mark", "daily loss", "order passed once", "replace passed once", "party action", "drop copy wrong", "drop copy told twice", "foreign execution", "foreign bust", "foreign correction", "split", "fraction", "told after a split", "restated over a split", "certificate revoked",
	"rate changed", "venue's profile changed", "told with a date and without", "restated ahead of the roll"}

// TestSameTwice: a seed is one run, line by line.
func TestSameTwice(t *testing.T) {
	var runs [2][]string
	for i := range runs {
		if err := Run(6, NewCoverage(), func(line string) { runs[i] = append(runs[i], line) }); err != nil {
			t.Fatal(err)
		}
	}
	if len(runs[0]) < 1000 || !slices.Equal(runs[0], runs[1]) {
		t.Errorf("%d and %d lines, which differ", len(runs[0]), len(runs[1]))
	}
}

// TestDefectsAreSeen: what the checks are for they find.
func TestDefectsAreSeen(t *testing.T) {
	for name, spoil := range map[string]struct {
		spoil func(w *World)
		want  string
	}{
		"an order that leaves behind a kill": {func(w *World) {
			w.operator.kills = append(w.operator.kills, kill{id: 1 << 40, scope: firmScope})
		}, "was acknowledged"},
		"an order that reaches its venue twice": {func(w *World) {
			for _, v := range w.venues {
				for n := range 20 { // one of the first that each sends passes
					v.byTag[fmt.Sprintf("ACME/A%d", n+1)], v.byTag[fmt.Sprintf("ACME2/A2%04d", n+1)] = &venueOrder{}, &venueOrder{}
				}
			}
		}, "twice"},
		"an order that meets another of its own, which nobody cancels": {func(w *World) {
			w.profile.matchAction = (w.profile.matchAction + 1) % 3
		}, "match"},
		"a level of warning that is not told": {func(w *World) { w.follower.ledger.warnings.traded.SetInt64(1 << 60) }, "told"},
		"a level of a day that is not told": {func(w *World) {
			for _, t := range w.follower.ledger.throttles {
				if t.Warn != (risk.WarnLevels{}) {
					t.Warn = risk.WarnLevels{1, 2}
				}
			}
		}, "told at"},
		"a loss that is another": {func(w *World) {
			h := w.follower.ledger.losses.at(holding{0, 0})
			h.now.SetInt64(risk.PriceScale)
		}, "has lost"},
		"credit of a scope beside accounts that is another": {func(w *World) {
			sums := w.follower.ledger.sums.of
			sums[len(sums)-1][0].executed[0].SetInt64(1)
		}, "its executions and orders"},
		"a record that is judged otherwise": {func(w *World) {
			w.profile.variant = (w.profile.variant + 1) % uint64(len(variants))
			w.follower.rebuild()
		}, "judged again"},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := uint64(1); seed < 60; seed++ {
				if failed := playSpoilt(seed, spoil.spoil); failed != nil {
					if !strings.Contains(failed.What, spoil.want) {
						t.Fatalf("seed %d: %s", seed, failed.What)
					}
					return
				}
			}
			t.Error("never seen")
		})
	}
}

// playSpoilt plays a world in which somebody does wrong at the beginning.
func playSpoilt(seed uint64, spoil func(w *World)) (failed *Failed) {
	defer func() {
		if x, ok := recover().(failure); ok {
			failed = &Failed{Seed: seed, What: x.text}
		}
	}()
	w := newWorld(seed, NewCoverage())
	w.host.start(false, false)
	spoil(w)
	w.play()
	return nil
}
