package bench

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	hdrhistogram "github.com/HdrHistogram/hdrhistogram-go"

	"portcullis/bench/load"
)

// Report is the result of a run.
type Report struct {
	Conditions []string // what the figures depend on, one line each
	Results    []Result // by mode and rate, then in the order of the systems
	Failures   []string // phases without a figure, and why
}

// Result merges all rounds of one system in one mode.
type Result struct {
	Name         string
	Mode         load.Mode
	Rate         int                     // requests per second offered; 0 in ping-pong and the floods
	Latency      *hdrhistogram.Histogram // ns from the planned send to the answer read
	Answered     uint64
	Refused      uint64 // refused by the system under test; not 0 = the figure is not of orders that passed
	Unanswered   uint64
	Refusal      string // the first refusal's text
	ElapsedNs    int64
	CPUNs        int64
	Participants int
	VenueLinks   int       // connections that they shared
	rounds       []float64 // the mode's headline figure, round by round
	inside       []load.Inside
}

// OrdersPerSecond is the rate of answered requests.
func (r *Result) OrdersPerSecond() float64 {
	return ratio(float64(r.Answered)*1e9, float64(r.ElapsedNs))
}

// CPUPerOrderNs is the CPU time of the system under test per answered request.
func (r *Result) CPUPerOrderNs() float64 { return ratio(float64(r.CPUNs), float64(r.Answered)) }

// Spread is the distance between the best and the worst round, as a share of the median: of the rate in
// flood, of the median latency otherwise.
func (r *Result) Spread() float64 {
	if len(r.rounds) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(r.rounds))
	return ratio(sorted[len(sorted)-1]-sorted[0], sorted[len(sorted)/2])
}

// quantile is a latency in ns; percent is 0 to 100.
func (r *Result) quantile(percent float64) float64 {
	return float64(r.Latency.ValueAtQuantile(percent))
}

// floods are the modes that ask how much a system carries.
var floods = []load.Mode{load.Flood, load.FloodMany, load.FloodBatched}

// headline is the figure that the mode is about: orders per second in flood, the tail in a crowd, else the median latency.
func (r *Result) headline() float64 {
	switch {
	case slices.Contains(floods, r.Mode):
		return r.OrdersPerSecond()
	case r.Mode == load.Crowd:
		return r.quantile(99)
	}
	return r.quantile(50)
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// Run measures what o asks for. It returns the report also when some phases failed; the error then says how
// many, and Report.Failures why.
func Run(o Options) (Report, error) {
	if err := o.complete(); err != nil {
		return Report{}, err
	}
	flow, flowText, err := o.flow()
	if err != nil {
		return Report{}, err
	}
	restore, err := o.prepareMachine()
	if err != nil {
		return Report{}, err
	}
	defer restore()
	r := run{o: &o, flow: flow, phases: o.phases(flow)}
	if o.Quick {
		r.endBy = time.Now().Add(quickMax)
	}
	alone := findStalls(min(stallsFor, o.Duration))
	r.report.Conditions = conditions(&o, flowText, &alone)
	for _, phase := range r.phases {
		for _, name := range o.Systems {
			r.report.Results = append(r.report.Results, Result{Name: name, Mode: phase.Mode, Rate: offered(phase, flow),
				Participants: o.participants(phase.Mode)})
		}
	}
	for round := range o.Rounds {
		if !r.round(round) {
			break
		}
	}
	report := r.report
	report.Results = slices.DeleteFunc(report.Results, func(x Result) bool { return x.Latency == nil })
	if len(report.Failures) > 0 {
		return report, fmt.Errorf("bench: %d phases failed, the first: %s", len(report.Failures), report.Failures[0])
	}
	return report, nil
}

// quickMax is what a quick run may take.
const quickMax = 43 * time.Second

// prepareMachine pins and keeps awake as asked; restore undoes it.
func (o *Options) prepareMachine() (restore func(), err error) {
	restore = func() {}
	if o.Awake {
		if restore, err = keepAwake(o); err != nil {
			return nil, err
		}
	}
	if !o.Pin {
		return restore, nil
	}
	end := restore
	runtime.LockOSThread()
	if err := bindTo(0, 1); err != nil {
		end()
		return nil, err
	}
	return func() {
		_ = bindTo(0, runtime.NumCPU())
		runtime.UnlockOSThread()
		end()
	}, nil
}

type run struct {
	o       *Options
	flow    *load.Flow
	phases  []load.Phase
	report  Report
	endBy   time.Time     // zero = whenever
	longest time.Duration // that all systems have taken for one phase
}

// round runs every phase on every system, beginning with another system each time. It is false when time is up: a
// phase that might not end in time is not begun, so that within a phase all systems have as many rounds.
func (r *run) round(number int) bool {
	systems := r.o.Systems
	for p, phase := range r.phases {
		began := time.Now()
		if !r.endBy.IsZero() && began.Add(r.longest).After(r.endBy) {
			r.report.Conditions = append(r.report.Conditions, fmt.Sprintf(
				"quick: stopped in round %d before %s, which would not end in time", number+1, phase.Mode))
			return false
		}
		for i := range systems {
			s := (i + number) % len(systems)
			r.o.progress(number, systems[s], phase)
			measured, err := measure(r.o, systems[s], r.flow, phase)
			if err != nil {
				r.report.Failures = append(r.report.Failures,
					fmt.Sprintf("%s, %s, round %d: %v", systems[s], phase.Mode, number+1, err))
				continue
			}
			r.report.Results[p*len(systems)+s].merge(measured)
		}
		r.longest = max(r.longest, time.Since(began))
	}
	return true
}

func (o *Options) progress(round int, name string, phase load.Phase) {
	if o.Progress == nil {
		return
	}
	text := fmt.Sprintf("round %d of %d: %s %s", round+1, o.Rounds, name, phase.Mode)
	if phase.Rate > 0 {
		text += fmt.Sprintf(" at %d/s", phase.Rate)
	}
	o.Progress(text)
}

// phases are what each system runs in each round.
func (o *Options) phases(flow *load.Flow) []load.Phase {
	var list []load.Phase
	for _, mode := range o.Modes {
		phase := load.Phase{
			Mode: mode, Window: o.window(mode), Speed: o.Speed, WarmUp: o.WarmUp, Duration: o.Duration,
		}
		if mode != load.Open {
			list = append(list, phase)
			continue
		}
		for _, rate := range o.Rates {
			phase.Rate = rate
			list = append(list, phase)
		}
	}
	return list
}

// offered is the planned rate of a phase, 0 where the answers set the pace.
func offered(phase load.Phase, flow *load.Flow) int {
	switch phase.Mode {
	case load.Open:
		return phase.Rate
	case load.Replay:
		return int(float64(flow.Requests()) * phase.Speed * 1e9 / float64(max(flow.SpanNs, 1)))
	}
	return 0
}

func (r *Result) merge(m *load.Result) {
	one := Result{Mode: r.Mode, Latency: m.Latency, Answered: m.Answered, ElapsedNs: m.ElapsedNs}
	r.rounds = append(r.rounds, one.headline())
	if r.Latency == nil {
		r.Latency = m.Latency
	} else {
		r.Latency.Merge(m.Latency)
	}
	if m.Inside.Messages > 0 {
		r.inside = append(r.inside, m.Inside)
	}
	r.Answered += m.Answered
	r.Refused += m.Refused
	r.Unanswered += m.Unanswered
	r.ElapsedNs += m.ElapsedNs
	r.CPUNs += m.CPUNs
	r.VenueLinks = m.VenueLinks
	if r.Refusal == "" {
		r.Refusal = m.Refusal
	}
}
