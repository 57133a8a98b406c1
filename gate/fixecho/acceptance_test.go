package fixecho

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// TestAcceptance plays the QuickFIX family's own acceptance scripts, straight from the quickfix module in the module
// cache, and says how many of how many pass. All must.
func TestAcceptance(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute: scripts wait for heartbeats")
	}
	t.Parallel()
	root := filepath.Join(quickfixDir(t), "_test", "definitions")
	patterns := readPatterns(t, filepath.Join(root, "fields.fmt"))
	for _, suite := range suites {
		t.Run(suite.folder, func(t *testing.T) {
			t.Parallel()
			suite.run(t, root, patterns)
		})
	}
}

// suites are the folders of scripts and the settings that they need beside those of all.
var suites = []suite{
	{"server", "ResetOnLogon=Y\n", false, 2},
	{"resendreqchunksize", "ResetOnLogon=Y\nResendRequestChunkSize=5\n", false, 1},
	{"lastseqnumprocessed", "ResetOnLogon=Y\nEnableLastMsgSeqNumProcessed=Y\n", false, 1},
	{"nextexpectedseqnum", "EnableNextExpectedMsgSeqNum=Y\n", true, 1},
}

type suite struct {
	folder  string
	setting string
	alone   bool // a server for each version: a script logs on with another DefaultApplVerID than its own
	servers int  // that share the scripts of a version
}

const shared = `SocketAcceptHost=127.0.0.1
SocketAcceptPort=0
SenderCompID=ISLD
TargetCompID=TW
`

// sections are those of each version, by folder; together they share a file and a port.
var sections = map[string]string{
	"fix40":    "[SESSION]\nBeginString=FIX.4.0\n",
	"fix41":    "[SESSION]\nBeginString=FIX.4.1\n",
	"fix42":    "[SESSION]\nBeginString=FIX.4.2\n",
	"fix43":    "[SESSION]\nBeginString=FIX.4.3\n",
	"fix44":    "[SESSION]\nBeginString=FIX.4.4\n",
	"fix50":    "[SESSION]\nBeginString=FIXT.1.1\nDefaultApplVerID=FIX.5.0\nSessionQualifier=FIX50\n",
	"fix50sp1": "[SESSION]\nBeginString=FIXT.1.1\nDefaultApplVerID=FIX.5.0SP1\nSessionQualifier=FIX50SP1\n",
	"fix50sp2": "[SESSION]\nBeginString=FIXT.1.1\nDefaultApplVerID=FIX.5.0SP2\nSessionQualifier=FIX50SP2\n",
}

// start starts the servers of one version's scripts, or of all.
func (s suite) start(t *testing.T, versions []string) (servers []*Server) {
	file := "[DEFAULT]\n" + s.setting + shared
	for _, version := range versions {
		file += sections[version]
	}
	for range s.servers {
		servers = append(servers, serve(t, file))
	}
	return servers
}

func versionOf(script string) string { return filepath.Base(filepath.Dir(script)) }

func (s suite) run(t *testing.T, root string, patterns map[string]*regexp.Regexp) {
	scripts, err := filepath.Glob(filepath.Join(root, s.folder, "*", "*.def"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts in %s: %v", filepath.Join(root, s.folder), err)
	}
	slices.SortStableFunc(scripts, func(a, b string) int { return waiting(a) - waiting(b) })
	queues := make(map[string]chan string)
	for _, script := range scripts {
		if queues[versionOf(script)] == nil {
			queues[versionOf(script)] = make(chan string, len(scripts))
		}
		queues[versionOf(script)] <- script
	}
	var mu sync.Mutex
	faults := make(map[string]error)
	var running sync.WaitGroup
	var servers []*Server
	if !s.alone {
		servers = s.start(t, slices.Sorted(maps.Keys(sections)))
	}
	for version, queue := range queues {
		if s.alone {
			servers = s.start(t, []string{version})
		}
		for _, server := range servers {
			running.Go(func() {
				for script, ok := take(queue); ok; script, ok = take(queue) {
					c := conversation{addr: server.Addrs()[0].String(), patterns: patterns, set: setter(server, script)}
					err := patiently(func() error { return c.play(script) })
					mu.Lock()
					faults[script] = err
					mu.Unlock()
				}
			})
		}
	}
	running.Wait()
	passed := 0
	for _, script := range scripts {
		if err := faults[script]; err != nil {
			t.Errorf("%s: %v", strings.TrimPrefix(script, root), err)
		} else {
			passed++
		}
	}
	t.Logf("%s: %d of %d scripts pass", s.folder, passed, len(scripts))
}

// patiently tries what waits for heartbeats again: on a machine that is busy enough, the test comes too late to answer
// within the time that the session layer gives it.
func patiently(try func() error) (err error) {
	for range 3 {
		begun := time.Now()
		if err = try(); err == nil || time.Since(begun) < time.Second {
			return err
		}
	}
	return err
}

// take gives the next script, false if there is none.
func take(jobs chan string) (script string, ok bool) {
	select {
	case script = <-jobs:
		return script, true
	default:
		return "", false
	}
}

// waiting sorts scripts that wait for heartbeats to the front.
func waiting(script string) int {
	switch name := filepath.Base(script); {
	case strings.HasPrefix(name, "6_"):
		return 0
	case strings.HasPrefix(name, "4a_"):
		return 1
	}
	return 2
}

// serve starts a server with a settings file of its own.
func serve(t *testing.T, file string) *Server {
	t.Helper()
	path := filepath.Join(t.TempDir(), "echo.cfg")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Start(path, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

// setter sets one number of a session. Scripts do not name the qualifier that tells sessions of FIXT.1.1 apart; it is
// that of their folder.
func setter(s *Server, script string) func(name, key string, n uint64) error {
	return func(name, key string, n uint64) error {
		if strings.HasPrefix(name, "FIXT") {
			name += ":" + strings.ToUpper(versionOf(script))
		}
		in, out := uint64(0), n
		if key == "NEXTTARGETSEQNUM" {
			in, out = n, 0
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return s.SetNumbers(ctx, name, in, out)
	}
}

// quickfixDir is where the quickfix module lies.
func quickfixDir(t *testing.T) string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/quickfixgo/quickfix").Output()
	dir := strings.TrimSpace(string(out))
	if err != nil || dir == "" {
		t.Skip("the quickfix module is not in the module cache: go mod download github.com/quickfixgo/quickfix")
	}
	return dir
}

func readPatterns(t *testing.T, path string) map[string]*regexp.Regexp {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	patterns := make(map[string]*regexp.Regexp)
	for line := range strings.Lines(string(text)) {
		tag, pattern, _ := strings.Cut(strings.TrimSpace(line), "=")
		compiled, err := regexp.Compile(pattern)
		if err != nil {
			t.Fatal(err)
		}
		patterns[tag] = compiled
	}
	return patterns
}
