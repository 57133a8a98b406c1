package system

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/watchdog"
)

// patience ends a wait that has failed.
const patience = 3 * time.Minute

// program builds the gate once for all tests; loopingProgram one whose engine loops for ever after SIGUSR1.
var (
	program        = sync.OnceValues(func() (string, error) { return build() })
	loopingProgram = sync.OnceValues(func() (string, error) { return build("-tags", "engineloop") })
)

// built are the folders of what was built.
var (
	building sync.Mutex
	built    []string
)

// build compiles the program without its profile, of the packages that the tests are made of, and links it as tests are.
func build(flags ...string) (string, error) {
	dir, err := os.MkdirTemp("", "gate-system-")
	if err != nil {
		return "", err
	}
	building.Lock()
	built = append(built, dir)
	building.Unlock()
	path := filepath.Join(dir, "gate")
	args := slices.Concat([]string{"build", "-pgo=off", "-ldflags=-s -w"}, buildFlags, flags, []string{"-o", path, "portcullis/cmd/gate"})
	out, err := exec.Command("go", args...).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return path, err
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, dir := range built {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

// site is a folder with a gate's configuration, and the gate that runs on it.
type site struct {
	t         *testing.T
	dir, tail string
	port      int                           // participants connect here
	tls       func(name string) *tls.Config // of a participant; nil: plain
	program   string
	cmd       *exec.Cmd
	exited    chan error
}

// newSite writes the files of a gate. Marks in them are replaced: @PORT@ where participants connect,
// @DATE@ the UTC date, @TAIL@ a folder on tmpfs.
func newSite(t *testing.T, files map[string]string) *site {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, program: path, port: freePort(t)}
	if s.dir, err = os.MkdirTemp("", "gate-site-"); err != nil {
		t.Fatal(err)
	}
	if s.tail, err = os.MkdirTemp("/dev/shm", "gate-site-"); err != nil {
		s.tail = filepath.Join(s.dir, "tail") // no tmpfs: slower, nothing else
	}
	t.Cleanup(s.close)
	for name, text := range files {
		s.write(name, text)
	}
	return s
}

// write writes one of the gate's files.
func (s *site) write(name, text string) {
	s.t.Helper()
	marks := strings.NewReplacer("@PORT@", fmt.Sprint(s.port), "@DATE@", time.Now().UTC().Format(time.DateOnly), "@TAIL@", s.tail)
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(marks.Replace(text)), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// given are the ports that listen has given away: nobody listens on one while its gate is down, or not yet up.
var given sync.Map

// listen listens on a port below those that the kernel gives to outgoing connections: a peer that dials while the gate is
// down must not meet itself or a stranger there. It gives none twice.
func listen(t *testing.T) net.Listener {
	t.Helper()
	for range 100 {
		port := 10_000 + rand.IntN(20_000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		if _, before := given.LoadOrStore(port, true); !before {
			return l
		}
		_ = l.Close()
	}
	t.Fatal("no free port")
	return nil
}

// freePort is such a port for who listens later.
func freePort(t *testing.T) int {
	t.Helper()
	l := listen(t)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// begin starts the gate and returns at once.
func (s *site) begin() {
	s.t.Helper()
	log, err := os.OpenFile(filepath.Join(s.dir, "gate.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	s.cmd = exec.Command(s.program, "run", "--json", "-c", filepath.Join(s.dir, "gate.yaml"))
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	exited := make(chan error, 1)
	s.exited = exited
	go func(cmd *exec.Cmd) { exited <- cmd.Wait() }(s.cmd)
}

// start starts the gate and waits until it takes commands and connections.
func (s *site) start() {
	s.t.Helper()
	s.begin()
	s.awaitRun()
}

// awaitRun waits until a gate that was begun, or an engine that was started again, takes commands and connections.
func (s *site) awaitRun() {
	s.t.Helper()
	s.until("the gate runs", func() bool {
		select {
		case err := <-s.exited:
			s.exited <- err
			s.t.Fatalf("the gate ended at start: %v\n%s", err, s.log())
		default:
		}
		if _, err := s.admin().Do(context.Background(), admin.Request{Verb: admin.Ping}); err != nil {
			return false
		}
		c, err := net.Dial("tcp", s.address())
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
}

func (s *site) admin() admin.Client { return admin.Client{Path: filepath.Join(s.dir, "gate.sock")} }

func (s *site) address() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// engine is the process number of the engine, once there is one.
func (s *site) engine() (pid int) {
	s.t.Helper()
	s.until("an engine runs", func() bool {
		pid = s.watchdog().EnginePID
		return pid != 0
	})
	return pid
}

// watchdog is what the watchdog says of itself and its engine; nothing while there is none.
func (s *site) watchdog() (status watchdog.Status) {
	s.t.Helper()
	a, err := s.hard().Do(context.Background(), admin.Request{Verb: admin.Status})
	if err == nil {
		err = json.Unmarshal(a.Detail, &status)
	}
	if err != nil && s.cmd == nil {
		s.t.Fatal(err)
	}
	return status
}

// hard asks the watchdog.
func (s *site) hard() admin.Client {
	return admin.Client{Path: filepath.Join(s.dir, "gate.sock") + config.WatchdogSuffix}
}

// kill9Engine ends the engine alone; the watchdog starts another.
func (s *site) kill9Engine() {
	s.t.Helper()
	if err := syscall.Kill(s.engine(), syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		s.t.Fatal(err)
	}
}

// kill9 ends the gate as a machine would that has had enough.
func (s *site) kill9() {
	s.t.Helper()
	if err := s.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := <-s.exited; !errors.As(err, &exit) || !exit.Sys().(syscall.WaitStatus).Signaled() {
		s.t.Fatalf("the gate had ended by itself: %v\n%s", err, s.log())
	}
	s.cmd = nil
}

// terminate ends the gate properly; it must exit with 0.
func (s *site) terminate() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	select {
	case err := <-s.exited:
		s.cmd = nil
		if err != nil {
			s.t.Fatalf("after SIGTERM: %v\n%s", err, s.log())
		}
	case <-time.After(patience):
		s.t.Fatalf("the gate does not end after SIGTERM\n%s", s.log())
	}
	s.cmd = nil
}

func (s *site) close() {
	if s.cmd != nil {
		_ = s.cmd.Process.Kill()
		<-s.exited
	}
	log := s.log()
	for _, word := range []string{"panic:", "DATA RACE", "fatal error:", "goroutine 1"} {
		if strings.Contains(log, word) {
			s.t.Errorf("the gate says %q:\n%s", word, log)
		}
	}
	if s.t.Failed() {
		s.t.Logf("the gate's folder is kept: %s, its tail %s", s.dir, s.tail)
		return
	}
	_ = os.RemoveAll(s.tail)
	_ = os.RemoveAll(s.dir)
}

// log is everything that the gate has said, over all starts.
func (s *site) log() string {
	text, _ := os.ReadFile(filepath.Join(s.dir, "gate.log"))
	return string(text)
}

// gate runs a verb of the program, as an operator would.
func (s *site) gate(args ...string) (string, error) {
	out, err := exec.Command(s.program, args...).CombinedOutput()
	return string(out), err
}

// until waits for a state.
func (s *site) until(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("it never came to be that %s\n%s", what, lastLines(s.log(), 40))
		}
	}
}

func lastLines(text string, n int) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// config is the configuration as the gate reads it.
func (s *site) config() *config.Config {
	s.t.Helper()
	cfg, err := config.Load(filepath.Join(s.dir, "gate.yaml"))
	if err != nil {
		s.t.Fatal(err)
	}
	return cfg
}

// desk is the configuration of most tests: participants ACME and GLOBEX without a password, VAULT
// with one, wide limits, one venue.
// Its tail is small and yet so large that the journal's writer, who looks the more often the smaller it is, costs an idle
// gate little.
func desk(venuePort int) map[string]string {
	return map[string]string{
		"gate.yaml": deskYAML, "participants.cfg": deskParticipants, "instruments.csv": deskInstruments,
		"prices.csv": deskPrices, "venues.cfg": strings.ReplaceAll(deskVenues, "@VENUE@", fmt.Sprint(venuePort)),
	}
}

// roomy gives a gate a tail that holds what orders without a pause write while the disk is slow: one that is used up
// refuses them.
func roomy(files map[string]string) map[string]string {
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "tail_segments: 8", "tail_segments: 64", 1)
	return files
}

const deskYAML = `gate:
  approval: none
  journal: journal
  tail: "@TAIL@"
  segment_bytes: 1_048_576
  tail_segments: 8
  shadow: {run: false}
  watchdog: {on_stall: report, restarts: unlimited}
  capacity: {links: 16, venues: 2, clients: 8, accounts: 16, instruments: 16, open_orders: 4096, clordids: 32768, executions: 32768}
fix: {participants: participants.cfg, venues: venues.cfg}
data: {instruments: instruments.csv, prices: prices.csv}
money: {currency: USD}
firm:
  limits: {gross: 1_000_000_000_000, net: 1_000_000_000_000}
clients:
  - {name: ACME, limits: {gross: 1_000_000_000_000, net: 1_000_000_000_000}}
  - {name: GLOBEX, limits: {gross: 1_000_000_000_000, net: 1_000_000_000_000}}
  - {name: VAULT, limits: {gross: 1_000_000, net: 1_000_000}}
account_defaults:
  limits: {gross: 1_000_000_000_000, net: 1_000_000_000_000}
  order_qty_max: 1_000_000
  notional_max: 1_000_000_000
  long_max: 1_000_000_000
  short_max: 1_000_000_000
  open_orders_max: 100_000
  repeat: unlimited
  sides: [buy, sell, short]
  ord_types: [market, limit]
  tifs: [day, gtc, ioc]
  sell_long_checked: false
  sod: none
accounts:
  - {name: ACME-1, client: ACME}
  - {name: ACME-2, client: ACME}
  - {name: GLOBEX-1, client: GLOBEX}
  - {name: VAULT-1, client: VAULT}
link_defaults:
  source_addresses: [127.0.0.1]
  order_rate: unlimited
  max_order_age_ms: 60000
links:
  - {link: FIX.4.4:GATE->ACME, client: ACME, default_account: ACME-1, password: none}
  - {link: FIX.4.4:GATE->GLOBEX, client: GLOBEX, default_account: GLOBEX-1, password: none}
  - {link: FIX.4.4:GATE->VAULT, client: VAULT, default_account: VAULT-1, username: vault, password_hash: "pbkdf2-sha256$600000$VFfKKSdj3OUIU9dc1IeYCw$0ye/GAPXQ06R05+BRQIGo7alZe5fodu3B2fc5pA4s8s"}
venues:
  - {name: XSIM, link: FIX.4.4:GATE->XSIM, clordid: translate, id_prefix: P, id_length_max: 20, id_alphabet: base36, cod: none, status_request: true, unanswered_ms: 1000}
routes: {default: XSIM}
collars:
  default: {bps: 5000, band_bps: 1000, quote_age_ms: 5000, close_age_days: 5}
`

const deskParticipants = `[DEFAULT]
ConnectionType=acceptor
SocketAcceptHost=127.0.0.1
SocketAcceptPort=@PORT@
BeginString=FIX.4.4
SenderCompID=GATE
LogonTimeout=30
LogoutTimeout=1
[SESSION]
TargetCompID=ACME
[SESSION]
TargetCompID=GLOBEX
[SESSION]
TargetCompID=VAULT
`

const deskVenues = `[DEFAULT]
ConnectionType=initiator
BeginString=FIX.4.4
SenderCompID=GATE
HeartBtInt=30
ReconnectInterval=1
[SESSION]
TargetCompID=XSIM
SocketConnectHost=127.0.0.1
SocketConnectPort=@VENUE@
`

const deskInstruments = `symbol,type,currency,multiplier,price_factor,tick,lot,order_qty_max,restricted,halted
AAPL,stock,USD,1,1,0.01,1,,N,N
MSFT,stock,USD,1,1,0.01,1,,N,N
SPY,etf,USD,1,1,0.01,1,,N,N
`

const deskPrices = `symbol,close,as_of
AAPL,187.50,@DATE@
MSFT,412.30,@DATE@
SPY,505.10,@DATE@
`
