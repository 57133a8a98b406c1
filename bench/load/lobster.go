package load

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Event types of a LOBSTER message file.
const (
	lobsterNew           = 1
	lobsterPartialCancel = 2
	lobsterCancel        = 3
	lobsterExecution     = 4
	lobsterHidden        = 5
	lobsterCross         = 6
	lobsterHalt          = 7
)

// LobsterCounts says what became of the lines of a file.
type LobsterCounts struct {
	Lines, New, Cancel, Replace, Fill int
	Unknown                           int // names an order entered before the file begins: left out
	Ignored                           int // cross trades and halts: they are not orders
}

// ReadLobster turns a LOBSTER message file into a flow with its own pacing. A new limit order is a
// NewOrderSingle, a partial cancel an OrderCancelReplaceRequest to the rest, a full cancel an
// OrderCancelRequest; a visible execution is a fill by the venue. A hidden execution names no order, so its order
// is entered where it traded and filled at once. What is open at the end is cancelled. The
// symbol is the begin of the file's name. Errors name file and line.
func ReadLobster(path string) (*Flow, LobsterCounts, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, LobsterCounts{}, fmt.Errorf("flow file: %w", err)
	}
	defer file.Close()
	l := lobster{open: map[uint64]*resting{}, flow: &Flow{
		Name:        "LOBSTER " + filepath.Base(path),
		Instruments: []Instrument{{Symbol: lobsterSymbol(path), Tick: 1}},
	}}
	lines := bufio.NewScanner(file)
	for number := 1; lines.Scan(); number++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		l.counts.Lines++
		if err := l.line(lines.Text()); err != nil {
			return nil, l.counts, fmt.Errorf("%s:%d: %w", path, number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, l.counts, fmt.Errorf("%s: %w", path, err)
	}
	if l.counts.New == 0 {
		return nil, l.counts, fmt.Errorf("%s: no new orders in it: is it a LOBSTER message file?", path)
	}
	l.finish()
	return l.flow, l.counts, nil
}

func lobsterSymbol(path string) string {
	name := filepath.Base(path)
	if end := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }); end > 0 {
		name = name[:end]
	}
	return strings.ToUpper(name)
}

type lobster struct {
	flow    *Flow
	counts  LobsterCounts
	open    map[uint64]*resting
	entered []*resting // in the order of entry, so that the closing cancels are the same each time
	firstNs int64
	lastNs  int64
}

type lobsterLine struct {
	atNs   int64
	event  int
	order  uint64
	shares int64
	price  int64
	side   byte
}

func parseLobster(text string) (lobsterLine, error) {
	cols := strings.Split(strings.TrimSpace(text), ",")
	if len(cols) < 6 {
		return lobsterLine{}, fmt.Errorf("%d columns; want time, event, order id, shares, price, side", len(cols))
	}
	var l lobsterLine
	seconds, err := strconv.ParseFloat(cols[0], 64)
	if err != nil || math.IsNaN(seconds) || seconds < 0 || seconds > 86_400 {
		return l, fmt.Errorf("time %q is not a number of seconds after midnight", cols[0])
	}
	l.atNs = int64(math.Round(seconds * 1e9))
	if l.event, err = strconv.Atoi(cols[1]); err != nil || l.event < lobsterNew || l.event > lobsterHalt {
		return l, fmt.Errorf("event %q is not 1 to 7", cols[1])
	}
	if l.event == lobsterHalt || l.event == lobsterCross {
		return l, nil // the other columns have other meanings there
	}
	if l.order, err = strconv.ParseUint(cols[2], 10, 64); err != nil {
		return l, fmt.Errorf("order id %q is not a number", cols[2])
	}
	if l.shares, err = strconv.ParseInt(cols[3], 10, 32); err != nil || l.shares <= 0 {
		return l, fmt.Errorf("shares %q is not a positive number", cols[3])
	}
	if l.price, err = strconv.ParseInt(cols[4], 10, 48); err != nil || l.price <= 0 {
		return l, fmt.Errorf("price %q is not a positive number of 1/10,000", cols[4])
	}
	switch cols[5] {
	case "1":
		l.side = '1'
	case "-1":
		l.side = '2'
	default:
		return l, fmt.Errorf("side %q is neither 1 (buy) nor -1 (sell)", cols[5])
	}
	return l, nil
}

func (l *lobster) line(text string) error {
	in, err := parseLobster(text)
	if err != nil {
		return err
	}
	if l.counts.Lines == 1 {
		l.firstNs, l.lastNs = in.atNs, in.atNs
	}
	if in.atNs < l.lastNs {
		return fmt.Errorf("time goes back: events must be in order")
	}
	l.lastNs = in.atNs
	switch in.event {
	case lobsterNew:
		if l.open[in.order] != nil {
			return fmt.Errorf("order %d is entered a second time while open", in.order)
		}
		l.open[in.order] = l.enter(in)
	case lobsterHidden:
		l.fill(l.enter(in), in.shares)
	case lobsterCross, lobsterHalt:
		l.counts.Ignored++
	default:
		o := l.open[in.order]
		if o == nil {
			l.counts.Unknown++
			return nil
		}
		l.change(o, in)
	}
	return nil
}

// change applies a cancel, part of one, or an execution to an open order, and forgets it when it is final.
func (l *lobster) change(o *resting, in lobsterLine) {
	switch {
	case in.event == lobsterExecution:
		l.fill(o, in.shares)
	case in.event == lobsterPartialCancel && in.shares < o.leaves():
		o.qty -= in.shares
		l.counts.Replace++
		l.add(Event{Kind: Replace, Side: o.side, Order: o.order, Qty: o.qty, Price: o.price})
	default:
		l.cancel(o)
	}
	if o.leaves() == 0 {
		delete(l.open, in.order)
	}
}

func (l *lobster) enter(in lobsterLine) *resting {
	o := &resting{order: l.flow.Orders, side: in.side, qty: in.shares, price: in.price}
	l.flow.Orders++
	l.counts.New++
	l.entered = append(l.entered, o)
	l.add(Event{Kind: NewOrder, Side: o.side, Order: o.order, Qty: o.qty, Price: o.price})
	return o
}

func (l *lobster) fill(o *resting, shares int64) {
	shares = min(shares, o.leaves())
	o.filled += shares
	l.counts.Fill++
	l.add(Event{Kind: Fill, Order: o.order, Qty: shares})
}

func (l *lobster) cancel(o *resting) {
	l.counts.Cancel++
	l.add(Event{Kind: Cancel, Side: o.side, Order: o.order, Qty: o.qty})
	o.qty = o.filled
}

func (l *lobster) add(e Event) {
	e.AtNs = l.lastNs - l.firstNs
	l.flow.Events = append(l.flow.Events, e)
}

// finish cancels what is still open and sets the reference price to the median of the prices entered:
// a mean would follow the stub quotes that market makers leave far from the market.
func (l *lobster) finish() {
	prices := make([]int64, 0, len(l.entered))
	for _, o := range l.entered {
		prices = append(prices, o.price)
		if o.leaves() > 0 {
			l.cancel(o)
		}
	}
	slices.Sort(prices)
	l.flow.Instruments[0].RefPrice = prices[len(prices)/2]
	l.flow.SpanNs = l.lastNs - l.firstNs + 1
}
