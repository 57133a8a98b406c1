package config

import (
	"strings"
	"testing"
)

// TestAlerts: sinks keep their order; one that could never take a line is refused, and so are sinks that nobody would
// hand anything to.
func TestAlerts(t *testing.T) {
	load := func(alerts, shadow string) (*Config, error) {
		files := SampleFiles(20261122)
		text := strings.Replace(string(files[SampleMain]), "run: true ", "run: "+shadow+" ", 1)
		files[SampleMain] = []byte(text + "\nalerts:\n" + alerts)
		return LoadFiles(files, SampleMain)
	}
	cfg, err := load("  - {to: command, run: [page, desk]}\n  - {to: socket, path: s}\n  - {to: file, path: f}\n  - {to: stderr}\n", "true")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"command page", "socket s", "file f", "stderr"} {
		if got := cfg.Alerts[i].Name(); got != want {
			t.Errorf("sink %d is %q, not %q", i, got, want)
		}
	}
	for alerts, want := range map[string]string{
		"  - {to: command, run: []}\n": "a command without words; write run: [/path/of/program, argument]",
		"  - {to: pager}\n":            `to: "pager" is not known; write stderr or file or socket or command`,
		"  - {to: file}\n":             "path is missing",
	} {
		if _, err := load(alerts, "true"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", alerts, err, want)
		}
	}
	if _, err := load("  - {to: stderr}\n", "false"); err == nil || !strings.Contains(err.Error(), "alerts without a shadow") {
		t.Error(err)
	}
}
