package bench

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"portcullis/bench/load"
)

// column of the table: a heading and how a result shows under it.
type column struct {
	heading string
	width   int
	show    func(*Result) string
}

// WriteTable prints the conditions, then one table: a section per mode and rate, a line per system. The
// columns "÷ X" divide the section's headline figure (median latency, in flood orders/s) by that of baseline X.
func (r *Report) WriteTable(w io.Writer) error {
	var b strings.Builder
	for _, line := range r.Conditions {
		fmt.Fprintf(&b, "# %s\n", line)
	}
	columns := r.columns()
	for i := range r.Results {
		res := &r.Results[i]
		if i == 0 || res.section() != r.Results[i-1].section() {
			fmt.Fprintf(&b, "\n%-18s", res.section())
			for _, c := range columns {
				fmt.Fprintf(&b, "%*s", c.width, c.heading)
			}
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%-18s", res.Name)
		for _, c := range columns {
			fmt.Fprintf(&b, "%*s", c.width, c.show(res))
		}
		b.WriteString(res.remark() + "\n")
	}
	r.writeVenueLinks(&b)
	r.writeInside(&b)
	r.writeGateRatios(&b)
	for _, f := range r.Failures {
		fmt.Fprintf(&b, "FAILED %s\n", f)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) columns() []column {
	list := []column{}
	for _, q := range []struct {
		heading string
		percent float64
	}{{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}, {"p99.99", 99.99}, {"max", 100}} {
		list = append(list, column{q.heading, 9, func(res *Result) string { return duration(res.quantile(q.percent)) }})
	}
	list = append(list,
		column{"orders/s", 11, func(res *Result) string { return thousands(res.OrdersPerSecond()) }},
		column{"CPU/order", 11, func(res *Result) string { return duration(res.CPUPerOrderNs()) }})
	for _, name := range Baselines() {
		heading := "÷ " + strings.Replace(name, "quickfixgo", "qf", 1)
		list = append(list, column{heading, len([]rune(heading)) + 2, func(res *Result) string {
			return times(r.against(res, name, (*Result).headline))
		}})
	}
	return append(list, column{"spread", 8, func(res *Result) string {
		return fmt.Sprintf("%.0f%%", 100*res.Spread())
	}})
}

// section names the mode and rate.
func (r *Result) section() string {
	switch r.Mode {
	case load.Open:
		return fmt.Sprintf("open %s/s", thousands(float64(r.Rate)))
	case load.Replay:
		return fmt.Sprintf("replay, mean %s/s", thousands(float64(r.Rate)))
	}
	return string(r.Mode)
}

// keptUp is false for an open loop whose requests were planned faster than they were answered: its latencies
// then tell how long the phase was.
func (r *Result) keptUp() bool {
	return r.Mode != load.Open || r.OrdersPerSecond() >= 0.95*float64(r.Rate)
}

// remark says what makes a line doubtful.
func (r *Result) remark() string {
	var list []string
	if !r.keptUp() {
		list = append(list, "did not keep up")
	}
	if r.Refused > 0 {
		list = append(list, fmt.Sprintf("%d refused, first: %q", r.Refused, r.Refusal))
	}
	if r.Unanswered > 0 {
		list = append(list, fmt.Sprintf("%d unanswered", r.Unanswered))
	}
	if len(list) == 0 {
		return ""
	}
	return "  ! " + strings.Join(list, ", ")
}

// against divides a figure of res by that of the baseline in the same section; 0 when it is not there or
// did not keep up.
func (r *Report) against(res *Result, baseline string, figure func(*Result) float64) float64 {
	i := slices.IndexFunc(r.Results, func(x Result) bool {
		return x.Name == baseline && x.section() == res.section()
	})
	if i < 0 || !r.Results[i].keptUp() {
		return 0
	}
	return ratio(figure(res), figure(&r.Results[i]))
}

// writeGateRatios sets the gate against each baseline in all four figures.
func (r *Report) writeGateRatios(b *strings.Builder) {
	figures := []struct {
		name  string
		value func(*Result) float64
	}{
		{"p50", func(x *Result) float64 { return x.quantile(50) }}, {"p99", func(x *Result) float64 { return x.quantile(99) }},
		{"orders/s", (*Result).OrdersPerSecond}, {"CPU/order", (*Result).CPUPerOrderNs},
	}
	for i := range r.Results {
		res := &r.Results[i]
		if res.Name != Gate {
			continue
		}
		fmt.Fprintf(b, "\ngate in %s, divided by\n", res.section())
		for _, baseline := range Baselines() {
			fmt.Fprintf(b, "  %-18s", baseline)
			for _, f := range figures {
				fmt.Fprintf(b, "  %s %-7s", f.name, times(r.against(res, baseline, f.value)))
			}
			b.WriteByte('\n')
		}
	}
}

// WriteJSON prints the results as one line of JSON.
func (r *Report) WriteJSON(w io.Writer) error {
	type line struct {
		Name          string    `json:"name"`
		Mode          load.Mode `json:"mode"`
		Rate          int       `json:"rate"`
		P50Ns         int64     `json:"p50_ns"`
		P99Ns         int64     `json:"p99_ns"`
		P999Ns        int64     `json:"p999_ns"`
		OrdersPerS    int64     `json:"orders_per_s"`
		CPUNsPerOrder int64     `json:"cpu_ns_per_order"`
	}
	out := struct {
		Results []line `json:"results"`
	}{Results: []line{}}
	for i := range r.Results {
		res := &r.Results[i]
		out.Results = append(out.Results, line{
			Name: res.Name, Mode: res.Mode, Rate: res.Rate,
			P50Ns: int64(res.quantile(50)), P99Ns: int64(res.quantile(99)), P999Ns: int64(res.quantile(99.9)),
			OrdersPerS: int64(res.OrdersPerSecond()), CPUNsPerOrder: int64(res.CPUPerOrderNs()),
		})
	}
	return json.NewEncoder(w).Encode(out)
}

// duration shows ns with three digits and the unit that fits.
func duration(ns float64) string {
	switch {
	case ns <= 0:
		return "-"
	case ns < 999.5:
		return fmt.Sprintf("%.0fns", ns)
	case ns < 999.5e3:
		return digits(ns/1e3) + "µs"
	case ns < 999.5e6:
		return digits(ns/1e6) + "ms"
	default:
		return digits(ns/1e9) + "s"
	}
}

func digits(x float64) string {
	switch {
	case x < 0.0995:
		return fmt.Sprintf("%.4f", x)
	case x < 9.995:
		return fmt.Sprintf("%.2f", x)
	case x < 99.95:
		return fmt.Sprintf("%.1f", x)
	default:
		return fmt.Sprintf("%.0f", x)
	}
}

// times shows a ratio, "-" where there is none.
func times(x float64) string {
	if x <= 0 {
		return "-"
	}
	return digits(x) + "x"
}

func thousands(x float64) string {
	text := fmt.Sprintf("%.0f", x)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// writeVenueLinks prints what each system made of many participants.
func (r *Report) writeVenueLinks(b *strings.Builder) {
	section := ""
	for i := range r.Results {
		res := &r.Results[i]
		if res.Participants < 2 {
			continue
		}
		if res.section() != section {
			section = res.section()
			fmt.Fprintf(b, "\n%s, connections to the venue of %d participants:", section, res.Participants)
		}
		fmt.Fprintf(b, " %s %d", res.Name, res.VenueLinks)
	}
	if section != "" {
		b.WriteByte('\n')
	}
}

// writeInside prints the gate's own times: of the rounds of a mode, the one with the middle median.
func (r *Report) writeInside(b *strings.Builder) {
	any := false
	for i := range r.Results {
		res := &r.Results[i]
		if len(res.inside) == 0 {
			continue
		}
		any = true
		slices.SortFunc(res.inside, func(x, y load.Inside) int { return cmp.Compare(x.P50Ns, y.P50Ns) })
		m := res.inside[len(res.inside)/2]
		fmt.Fprintf(b, "\ninside the gate, %s: read returned to write returned p50 %s p99 %s p99.9 %s; decision p50 %s p99 %s",
			res.section(), duration(float64(m.P50Ns)), duration(float64(m.P99Ns)), duration(float64(m.P999Ns)), duration(float64(m.DecisionP50Ns)), duration(float64(m.DecisionP99Ns)))
	}
	if any {
		b.WriteByte('\n')
	}
}
