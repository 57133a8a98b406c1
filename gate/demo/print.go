package demo

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"portcullis/gate/config"
	"portcullis/gate/engine"
	"portcullis/risk"
)

// printer writes the demo's lines.
type printer struct{ w io.Writer }

func (p printer) line(format string, a ...any) {
	fmt.Fprintln(p.w, strings.TrimRight(fmt.Sprintf(format, a...), " "))
}

func (p printer) title(text string) { p.line("\n%s", text) }

func (p printer) header() {
	p.line("%-15s %-8s %-52s %-8s %-21s %9s  %s", "time (UTC)", "who", "message", "verdict",
		"reason", "ns", "what follows")
}

const clock = "15:04:05.000000"

// verdict is one line: time, participant, message, verdict, reason, decision time, and what the participant is told.
func (p printer) verdict(s *Step, v Verdict, ns int64, answers string) {
	word, text := "passed", answers
	if v.Reason != risk.Accepted {
		word = "REFUSED"
		_, text, _ = strings.Cut(v.Text, ": ")
		if text == "" {
			text = v.Text
		}
	}
	p.line("%s %-8s %-52s %-8s %-21s %9d  %s", time.Unix(0, v.UTCNs).UTC().Format(clock), s.Who,
		short(s.What, 52), word, v.Reason, ns, text)
}

// event is something that the venue or the operator does.
func (p printer) event(s *Step, outcome string) {
	p.line("%s %-8s %-52s %-40s  %s", time.Now().UTC().Format(clock), s.Who, short(s.What, 52), "", outcome)
}

// short cuts a text to its column.
func short(text string, width int) string {
	if len(text) > width {
		return text[:width-2] + ".."
	}
	return text
}

// summary prints what the demo comes to.
func (p printer) summary(player *player) {
	r, counts, total := player.rig, player.counts, 0
	p.title("Verdicts by reason")
	for _, reason := range sortedReasons(counts) {
		p.line("  %6d  %s", counts[reason], reason)
		total += counts[reason]
	}
	p.line("  %6d  in all", total)
	p.title("Not shown")
	for _, reason := range sortedReasons(notShown) {
		p.line("  %-21s %s", reason, notShown[reason])
	}
	p.title("Decision time: Decide, append to the journal, Apply, second check, copy into the send buffers")
	p.times("the script", &player.script)
	p.times("the orders one after the other", &player.many)
	p.line("  Each message finds the engine asleep and its memory cold, and the peers share the processors with it;")
	p.line("  gate bench measures it at work.")
	p.exposure(r)
}

func (p printer) times(when string, h *engine.Histogram) {
	p.line("  %-31s p50 %6d ns   p99 %6d ns   p99.9 %6d ns   of %d messages, in and back", when, h.Quantile(0.5),
		h.Quantile(0.99), h.Quantile(0.999), h.Count())
}

// exposure prints the four numbers of every scope that has any, in the limit currency.
func (p printer) exposure(r *Rig) {
	p.title("Exposure at the end (" + r.Config.Currency + ")")
	p.line("  %-20s %14s %14s %14s %14s %14s %14s %6s", "scope", "bought", "sold", "reserved buy",
		"reserved sell", "gross", "net", "open")
	book := r.Watcher.Core().Book()
	scope := func(name string, v risk.ScopeView) {
		if v.Gross() != 0 {
			p.line("  %-20s %14s %14s %14s %14s %14s %14s %6d", name, cents(v.EB), cents(v.ES), cents(v.RB),
				cents(v.RS), cents(v.Gross()), cents(v.Net()), v.OpenOrders)
		}
	}
	scope("firm", book.Credit(risk.ScopeFirm, 0))
	seen := map[string]bool{}
	for i := range r.Config.Accounts {
		a := &r.Config.Accounts[i]
		number := r.Watcher.Account(a.Name)
		if client := r.Config.Clients[a.Client].Name; !seen[client] {
			seen[client] = true
			scope("client "+client, book.Credit(risk.ScopeClient, r.Watcher.Core().Setup().Accounts[number].Client))
		}
		scope("account "+a.Name, book.Credit(risk.ScopeAccount, number))
	}
}

// cents rounds money, at 1e-4, to what fits a table.
func cents(m risk.Money) string { return decimal.New(int64(m), -config.MoneyDecimals).StringFixed(2) }

func sortedReasons[T any](of map[risk.Reason]T) []risk.Reason {
	var list []risk.Reason
	for reason := range of {
		list = append(list, reason)
	}
	slices.Sort(list)
	return list
}
