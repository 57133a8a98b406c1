package bench

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"portcullis/bench/load"
)

// GateFile is the name of the gate's main configuration file in the directory given to
// Options.GateCommand.
const GateFile = "gate.yaml"

// spareAccount has no flow: it can be killed and revived in the middle of one.
const spareAccount = "SPARE"

// flowRateMax is how many requests a second the gate's id tables are sized for.
const flowRateMax = 1_500_000

// writeGate writes a complete configuration of the gate into dir: n participants, one venue line to venueAddr
// that they share, every check on and every limit wide enough for the flow, in numbers rather than the word
// "unlimited", so that each check computes. The windows of order rate and equal orders are short, because
// the gate remembers as many orders as they allow. tail is a directory for the newest records. lasting is how
// long the flow runs. It returns where the participants connect. Readiness is not asked here: the harness
// knocks until the first order has passed.
func writeGate(dir, tail, venueAddr string, flow *load.Flow, n int, lasting time.Duration) (
	address string, err error,
) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	host, venuePort, err := net.SplitHostPort(venueAddr)
	if err != nil {
		return "", fmt.Errorf("venue address: %w", err)
	}
	ids := max(1<<20, int(lasting.Seconds()*flowRateMax))
	var clients, accounts, links, sessions strings.Builder
	for _, p := range participants(n) {
		fmt.Fprintf(&clients, clientYAML, p.client)
		fmt.Fprintf(&accounts, accountYAML, p.account, p.client)
		fmt.Fprintf(&links, linkYAML, gateCompID, p.compID, p.client, p.account)
		fmt.Fprintf(&sessions, sessionCFG, p.compID)
	}
	fmt.Fprintf(&accounts, accountYAML, spareAccount, participants(n)[0].client)
	room := n + 3 // the venue has a link and an account too
	files := map[string]string{
		GateFile: fmt.Sprintf(gateYAML, tail, room, room, room, max(1<<16, 2*flow.Orders), ids, ids,
			&clients, &accounts, &links, gateCompID, venueCompID),
		"participants.cfg": fmt.Sprintf(participantsCFG, port, gateCompID) + sessions.String(),
		"venues.cfg":       fmt.Sprintf(venuesCFG, gateCompID, venueCompID, host, venuePort),
		"instruments.csv":  instrumentsCSV(flow.Instruments),
		"prices.csv":       pricesCSV(flow.Instruments, time.Now().UTC()),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("127.0.0.1:%d", port), nil
}

// tailDir makes a directory on tmpfs, as the gate itself would choose, that the bench can remove: a gate keeps its tail
// when it is killed. Without tmpfs it is in dir.
func tailDir(dir string) (string, error) {
	if tail, err := os.MkdirTemp("/dev/shm", "gate-bench-"); err == nil {
		return tail, nil
	}
	return os.MkdirTemp(dir, "tail-")
}

func freePort() (int, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port, nil
}

func instrumentsCSV(list []load.Instrument) string {
	var b strings.Builder
	b.WriteString("symbol,type,currency,multiplier,price_factor,tick,lot,order_qty_max,restricted,halted\n")
	for _, i := range list {
		fmt.Fprintf(&b, "%s,stock,USD,1,1,%s,1,,N,N\n", i.Symbol, price(i.Tick))
	}
	return b.String()
}

func pricesCSV(list []load.Instrument, today time.Time) string {
	var b strings.Builder
	b.WriteString("symbol,close,as_of\n")
	for _, i := range list {
		fmt.Fprintf(&b, "%s,%s,%s\n", i.Symbol, price(i.RefPrice), today.Format(time.DateOnly))
	}
	return b.String()
}

const gateYAML = `gate:
  approval: none
  name: BENCH
  journal: journal
  tail: %q
  durability: interval
  io: wait
  admin_socket: gate.sock
  price_socket: prices.sock
  trade_date: auto
  shadow: {run: false}
  capacity:
    links: %d
    clients: %d
    accounts: %d
    open_orders: %d
    clordids: %d
    executions: %d
fix:
  participants: participants.cfg
  venues: venues.cfg
data:
  instruments: instruments.csv
  prices: prices.csv
money:
  currency: USD
firm:
  limits: {gross: 100_000_000_000_000, net: 100_000_000_000_000}
clients:
%saccounts:
%slinks:
%svenues:
  - name: SIM
    link: FIX.4.4:%s->%s
    clordid: translate
    id_prefix: P
    id_length_max: 20
    id_alphabet: base36
    cod: none
routes:
  default: SIM
collars:
  default:
    bps: 5000
    band_bps: 1000
    quote_age_ms: 5000
    close_age_days: 5
`

// A participant's entries in the lists of gate.yaml, and its session.
const (
	clientYAML = `  - name: %s
    limits: {gross: 100_000_000_000_000, net: 100_000_000_000_000}
`
	accountYAML = `  - name: %s
    client: %s
    limits: {gross: 100_000_000_000_000, net: 100_000_000_000_000}
    order_qty_max: 1_000_000
    notional_max: 1_000_000_000
    long_max: 10_000_000_000
    short_max: 10_000_000_000
    open_orders_max: 1_000_000
    repeat: {count: 1000, window_ms: 1}
    sides: [buy, sell]
    ord_types: [limit]
    tifs: [day]
    sell_long_checked: false
    sod: none
`
	linkYAML = `  - link: FIX.4.4:%s->%s
    client: %s
    default_account: %s
    source_addresses: [127.0.0.1]
    order_rate: {count: 20_000, window_ms: 10}
    password: none
`
	sessionCFG = `[SESSION]
TargetCompID=%s
`
)

const participantsCFG = `[DEFAULT]
ConnectionType=acceptor
SocketAcceptHost=127.0.0.1
SocketAcceptPort=%d
BeginString=FIX.4.4
SenderCompID=%s
`

const venuesCFG = `[DEFAULT]
ConnectionType=initiator
BeginString=FIX.4.4
SenderCompID=%s
HeartBtInt=30
ReconnectInterval=1
[SESSION]
TargetCompID=%s
SocketConnectHost=%s
SocketConnectPort=%s
`
