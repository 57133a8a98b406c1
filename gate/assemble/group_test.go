package assemble

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"portcullis/gate/config"
)

// TestUnknownGroup: a group that this machine has not is refused where it stands in the configuration.
func TestUnknownGroup(t *testing.T) {
	for key, group := range map[string]func(*config.Config) (int, error){"admin_group": AdminGroup, "kill_group": KillGroup} {
		files := config.SampleFiles(20261123)
		main := bytes.Replace(files[config.SampleMain], []byte("\n  "+key+": \"\""), []byte("\n  "+key+": no-such-group"), 1)
		line := 1 + bytes.Count(main[:bytes.Index(main, []byte("no-such-group"))], []byte("\n"))
		files[config.SampleMain] = main
		cfg, err := config.LoadFiles(files, config.SampleMain)
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("%s:%d: gate.%s: group: unknown group no-such-group; name a group of this machine", config.SampleMain, line, key)
		if _, err := group(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
