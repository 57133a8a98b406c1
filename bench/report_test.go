package bench

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	hdrhistogram "github.com/HdrHistogram/hdrhistogram-go"

	"portcullis/bench/load"
)

// sampleReport has figures that can be followed by hand.
func sampleReport() Report {
	result := func(name string, mode load.Mode, rate int, p50 int64, orders, cpu int64, rounds ...float64) Result {
		h := hdrhistogram.New(1, 1e9, 3)
		_ = h.RecordValues(p50, 98)
		_ = h.RecordValues(20*p50, 2)
		return Result{Name: name, Mode: mode, Rate: rate, Latency: h, Answered: uint64(orders), ElapsedNs: 1e9,
			CPUNs: orders * cpu, rounds: rounds}
	}
	report := Report{
		Conditions: []string{"a machine", "a flow"},
		Results: []Result{
			result(Gate, load.PingPong, 0, 10_000, 50_000, 13_000, 9_000, 10_000, 11_000),
			result(Relay, load.PingPong, 0, 20_000, 25_000, 18_500, 20_000),
			result(QuickfixgoFile, load.PingPong, 0, 2_000_000, 500, 900_000, 2e6),
			result(Gate, load.Open, 10_000, 15_000, 9_000, 14_000, 15_000),
			result(Gate, load.Flood, 0, 300_000, 640_000, 999, 640_000),
			result(Relay, load.Flood, 0, 500_000, 320_000, 1_500, 320_000),
		},
		Failures: []string{"relay-epoll, flood, round 1: lost"},
	}
	report.Results[4].Refused, report.Results[4].Refusal = 3, "VENUE_BUSY"
	many := result(Gate, load.FloodMany, 0, 400_000, 500_000, 1_000, 500_000)
	many.Participants, many.VenueLinks = 32, 1
	report.Results = append(report.Results, many)
	many.Name, many.VenueLinks = Relay, 32
	report.Results = append(report.Results, many)
	return report
}

func TestTable(t *testing.T) {
	want, err := os.ReadFile("testdata/table.txt")
	if err != nil {
		t.Fatal(err)
	}
	report := sampleReport()
	var b strings.Builder
	if err := report.WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	got, rest, _ := strings.Cut(b.String(), "\nflood-many, connections")
	if got != string(want) {
		t.Errorf("table:\n%s\nwant:\n%s", got, want)
	}
	for _, want := range []string{
		" to the venue of 32 participants: gate 1 relay 32\n",
		"ping-pong, divided by\n  relay               p50 0.50x    p99 0.50x    orders/s 2.00x    CPU/order 0.70x",
		"quickfixgo-file     p50 0.0050x",
		"FAILED relay-epoll, flood, round 1: lost",
	} {
		if !strings.Contains(rest, want) {
			t.Errorf("missing %q in:\n%s", want, rest)
		}
	}
}

func TestJSON(t *testing.T) {
	report := sampleReport()
	var b bytes.Buffer
	if err := report.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b.Bytes(), []byte("\n")); n != 1 {
		t.Errorf("%d lines, want one", n)
	}
	var got struct {
		Results []map[string]any `json:"results"`
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Results) != len(report.Results) {
		t.Fatalf("%d results", len(got.Results))
	}
	want := map[string]any{"name": "gate", "mode": "open", "rate": 1e4, "p50_ns": 15_000.0, "p99_ns": 300_031.0,
		"p999_ns": 300_031.0, "orders_per_s": 9e3, "cpu_ns_per_order": 14e3}
	for key, value := range want {
		if text, ok := value.(string); ok && got.Results[3][key] != text {
			t.Errorf("%s is %v, want %v", key, got.Results[3][key], value)
		}
		// The histogram keeps three digits.
		if number, ok := value.(float64); ok {
			if x, _ := got.Results[3][key].(float64); x < 0.999*number || x > 1.001*number {
				t.Errorf("%s is %v, want %v", key, got.Results[3][key], value)
			}
		}
	}
	if len(got.Results[3]) != len(want) {
		t.Errorf("keys %v", got.Results[3])
	}
	empty := Report{}
	b.Reset()
	if err := empty.WriteJSON(&b); err != nil || b.String() != "{\"results\":[]}\n" {
		t.Errorf("an empty report is %q, %v", b.String(), err)
	}
}
