package fixecho

import (
	"context"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// TestMain runs more tests side by side than there are processors: these wait, for heartbeats and for the end of pauses,
// the longest script for half a minute.
func TestMain(m *testing.M) {
	flag.Parse()
	if n, err := strconv.Atoi(flag.Lookup("test.parallel").Value.String()); err == nil && n < sideBySide {
		_ = flag.Set("test.parallel", strconv.Itoa(sideBySide))
	}
	os.Exit(m.Run())
}

const sideBySide = 16

// TestAcceptance plays the QuickFIX family's own acceptance scripts, straight from the quickfix module in the module
// cache, and says how many of how many pass. All must. Scripts wait for heartbeats and timeouts, so one that fails while
// many run side by side is played again at the end, alone; what fails then has failed.
func TestAcceptance(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute: scripts wait for heartbeats")
	}
	t.Parallel()
	root := definitions(t)
	patterns := readPatterns(t, filepath.Join(root, "fields.fmt"))
	scripts := make(map[string][]script)
	faults := make(map[string]map[string]error)
	for _, s := range suites {
		scripts[s.folder], faults[s.folder] = s.read(t, root), make(map[string]error)
	}
	t.Run("together", func(t *testing.T) {
		for _, s := range suites {
			t.Run(s.folder, func(t *testing.T) {
				t.Parallel()
				s.together(t, scripts[s.folder], patterns, faults[s.folder])
			})
		}
	})
	for _, s := range suites {
		failed := 0
		for _, played := range scripts[s.folder] {
			if first := faults[s.folder][played.path]; first == nil {
				continue
			} else if err := s.again(t, played, patterns); err != nil {
				failed++
				t.Errorf("%s fails beside others (%v) and alone: %v", played.path, first, err)
			} else {
				t.Logf("%s was played again: %v", played.path, first)
			}
		}
		t.Logf("%s: %d of %d scripts pass", s.folder, len(scripts[s.folder])-failed, len(scripts[s.folder]))
	}
}

// TestAcceptanceCanFail: a script that asks for what is wrong fails beside others, and again alone.
func TestAcceptanceCanFail(t *testing.T) {
	t.Parallel()
	root := definitions(t)
	patterns := readPatterns(t, filepath.Join(root, "fields.fmt"))
	s := suites[0]
	var scripts []script
	for _, r := range s.read(t, root) {
		if strings.HasPrefix(filepath.Base(r.path), "2a_") {
			r.text = strings.ReplaceAll(r.text, "\x0134=1\x0149=ISLD", "\x0134=7\x0149=ISLD")
			scripts = append(scripts, r)
		}
	}
	faults := make(map[string]error)
	s.together(t, scripts, patterns, faults)
	for _, r := range scripts {
		if first, alone := faults[r.path], s.again(t, r, patterns); first == nil || alone == nil {
			t.Errorf("%s passes: %v, %v", r.path, first, alone)
		}
	}
	if len(scripts) != len(sections) {
		t.Errorf("%d scripts, %d versions", len(scripts), len(sections))
	}
}

// script is one conversation.
type script struct{ path, text string }

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

func (r script) version() string { return filepath.Base(filepath.Dir(r.path)) }

// read reads the scripts of a suite; those that take long come first.
func (s suite) read(t *testing.T, root string) (scripts []script) {
	paths, err := filepath.Glob(filepath.Join(root, s.folder, "*", "*.def"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts in %s: %v", filepath.Join(root, s.folder), err)
	}
	slices.SortStableFunc(paths, func(a, b string) int { return waiting(a) - waiting(b) })
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		scripts = append(scripts, script{strings.TrimPrefix(path, root), string(text)})
	}
	return scripts
}

// together plays scripts side by side, as many as there are servers, and notes the faults by path.
func (s suite) together(t *testing.T, scripts []script, patterns map[string]*regexp.Regexp, faults map[string]error) {
	queues := make(map[string]chan script)
	for _, r := range scripts {
		if queues[r.version()] == nil {
			queues[r.version()] = make(chan script, len(scripts))
		}
		queues[r.version()] <- r
	}
	var mu sync.Mutex
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
				for r, ok := take(queue); ok; r, ok = take(queue) {
					err := r.play(server, patterns)
					mu.Lock()
					faults[r.path] = err
					mu.Unlock()
				}
			})
		}
	}
	running.Wait()
}

// again plays one script against a server of its own.
func (s suite) again(t *testing.T, r script, patterns map[string]*regexp.Regexp) error {
	versions := []string{r.version()}
	if !s.alone {
		versions = slices.Sorted(maps.Keys(sections))
	}
	s.servers = 1
	return r.play(s.start(t, versions)[0], patterns)
}

func (r script) play(server *Server, patterns map[string]*regexp.Regexp) error {
	c := conversation{addr: server.Addrs()[0].String(), patterns: patterns, set: setter(server, r)}
	return patiently(func() error { return c.play(filepath.Base(r.path), r.text) })
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
func take(jobs chan script) (r script, ok bool) {
	select {
	case r = <-jobs:
		return r, true
	default:
		return r, false
	}
}

// waiting sorts scripts that wait for heartbeats to the front.
func waiting(path string) int {
	switch name := filepath.Base(path); {
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
func setter(s *Server, r script) func(name, key string, n uint64) error {
	return func(name, key string, n uint64) error {
		if strings.HasPrefix(name, "FIXT") {
			name += ":" + strings.ToUpper(r.version())
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

// definitions is the folder of the acceptance scripts.
func definitions(t *testing.T) string { return filepath.Join(quickfixDir(t), "_test", "definitions") }

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
