package bench

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"portcullis/bench/load"
	"portcullis/bench/quickfixgate"
)

const (
	gateCompID  = "GATE"
	venueCompID = "VENUE"

	instrumentsFile = "flow.csv" // one line per symbol: symbol, lot, tick, reference price; no heading
)

// participant is one customer of the broker, the same for every system: a client with one account and one link.
type participant struct{ compID, client, account string }

func participants(n int) (list []participant) {
	for i := range n {
		list = append(list, participant{
			compID: fmt.Sprintf("CLIENT%d", i+1), client: fmt.Sprintf("CUSTOMER%d", i+1), account: fmt.Sprintf("ACCOUNT%d", i+1),
		})
	}
	return list
}

// identities are the participants as the load plays them. A relay does not look at them.
func identities(n int) (list []load.Identity) {
	for _, p := range participants(n) {
		list = append(list, load.Identity{SenderCompID: p.compID, TargetCompID: gateCompID, Account: p.account})
	}
	return list
}

// writeInstruments writes what the quickfixgo gate must know about the flow's symbols.
func writeInstruments(dir string, list []load.Instrument) error {
	var b strings.Builder
	for _, i := range list {
		fmt.Fprintf(&b, "%s,1,%s,%s\n", i.Symbol, price(i.Tick), price(i.RefPrice))
	}
	return os.WriteFile(filepath.Join(dir, instrumentsFile), []byte(b.String()), 0o600)
}

func price(p int64) decimal.Decimal { return decimal.New(p, -4) }

// childQuickfix runs the quickfixgo gate for n participants.
func childQuickfix(fileStore bool, venue, dir string, n int) error {
	instruments, references, err := readInstruments(filepath.Join(dir, instrumentsFile))
	if err != nil {
		return err
	}
	wiring := quickfixgate.Wiring{
		VenueAddr: venue, GateCompID: gateCompID, VenueCompID: venueCompID, FileStore: fileStore, Dir: dir,
	}
	for _, p := range participants(n) {
		wiring.ClientCompIDs = append(wiring.ClientCompIDs, p.compID)
	}
	address, err := quickfixgate.Start(wiring, wideBook(n, instruments, references))
	if err != nil {
		return err
	}
	ready(address)
	select {}
}

func readInstruments(path string) (map[string]quickfixgate.Instrument, map[string]quickfixgate.Reference, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	instruments, references := map[string]quickfixgate.Instrument{}, map[string]quickfixgate.Reference{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		cols := strings.Split(lines.Text(), ",")
		if len(cols) != 4 {
			return nil, nil, fmt.Errorf("%s: want symbol, lot, tick, reference price: %q", path, lines.Text())
		}
		var numbers [3]decimal.Decimal
		for i := range numbers {
			if numbers[i], err = decimal.NewFromString(cols[i+1]); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", path, err)
			}
		}
		instruments[cols[0]] = quickfixgate.Instrument{Lot: numbers[0], Tick: numbers[1]}
		references[cols[0]] = quickfixgate.Reference{Price: numbers[2], At: time.Now()}
	}
	return instruments, references, lines.Err()
}

// wideBook has every check on and every limit so wide that the flow passes: a refusal costs less than an order.
func wideBook(
	n int, instruments map[string]quickfixgate.Instrument, references map[string]quickfixgate.Reference,
) *quickfixgate.Book {
	wide := decimal.New(1, 15)
	credit := quickfixgate.CreditLimits{Gross: wide, Net: wide}
	limits := quickfixgate.Limits{
		OrderRateMax: 20_000, OrderRateWindow: 10 * time.Millisecond,
		MaxQty: decimal.New(1, 9), MaxNotional: decimal.New(1, 12),
		CollarPercent: decimal.NewFromInt(50), ReferenceMaxAge: time.Hour,
		RepeatedMax: 1000, RepeatedWindow: time.Millisecond, OpenOrdersMax: 1 << 20,
		MaxLong: decimal.New(1, 12), MaxShort: decimal.New(1, 12),
		Sides:    map[string]bool{"1": true, "2": true},
		OrdTypes: map[string]bool{"2": true}, TIF: map[string]bool{"0": true},
	}
	accounts, clients := map[string]quickfixgate.Account{}, map[string]quickfixgate.CreditLimits{}
	for _, p := range participants(n) {
		accounts[p.account] = quickfixgate.Account{Client: p.client, Participant: p.compID, Limits: limits, Credit: credit}
		clients[p.client] = credit
	}
	return quickfixgate.NewBook(accounts, clients, credit, instruments, references)
}
