package verbs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/audit"
	"portcullis/gate/config"
)

// socketFlag finds the running gate.
type socketFlag struct {
	Config string `short:"c" default:"gate.yaml" help:"The configuration of the gate that is asked." type:"path"`
	Socket string `short:"s" help:"The gate's admin socket; then no configuration is read." type:"path"`
}

// path is the socket that the configuration names. A kill must not wait for somebody to mend a file:
// where nothing names it, the usual name beside it is tried.
func (f *socketFlag) path() string {
	if f.Socket != "" {
		return f.Socket
	}
	p, err := places(f.Config)
	if err == nil {
		return p.AdminSocket
	}
	file := mainFile(f.Config)
	path := filepath.Join(filepath.Dir(file), "gate.sock")
	if _, none := os.Stat(file); none == nil {
		fmt.Fprintf(os.Stderr, "%s %s; the gate is asked on %s\n", file, config.Unusable(err), path)
	}
	return path
}

// startsWithin is how long a request waits for an engine that is being started again, and startLook how often it tries.
const (
	startsWithin = 15 * time.Second
	startLook    = 20 * time.Millisecond
)

// do sends one request. A kill is not lost because the engine has just crashed: where nobody listens and the watchdog lives,
// which starts another, the request is sent to that one. So is, once, a kill whose engine ended before it answered: if that one
// carried it out as well, both stand.
func (f *socketFlag) do(ctx context.Context, r admin.Request) (admin.Answer, error) {
	client := admin.Client{Path: f.path()}
	watchdog := admin.Client{Path: client.Path + config.WatchdogSuffix}
	var lost error // of the kill that an engine ended with
	for begun, said := time.Now(), false; ; time.Sleep(startLook) {
		a, err := client.Do(ctx, r)
		died := r.Verb == admin.Kill && lost == nil && engineEnded(err)
		if !errors.Is(err, admin.ErrNoGate) && !died {
			return a, err
		}
		if _, gone := watchdog.Do(ctx, admin.Request{Verb: admin.Ping}); gone != nil {
			return a, cmp.Or(lost, err)
		}
		switch {
		case died:
			lost = err
			fmt.Fprintln(os.Stderr, "the engine ended before it answered; the kill is sent once more, and stands twice if that one took it")
		case time.Since(begun) > startsWithin:
			return a, cmp.Or(lost, fmt.Errorf("%w: its watchdog lives, but no engine has taken commands for %v: see `gate status`; gate kill --hard needs none", admin.ErrNoGate, startsWithin))
		case !said:
			said = true
			fmt.Fprintln(os.Stderr, "no engine takes commands; the request waits for the one that the watchdog starts")
		}
	}
}

// engineEnded reports whether the connection ended with the process at its other end, before an answer.
func engineEnded(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// ask sends one request and prints the answer.
func (f *socketFlag) ask(r admin.Request) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	begun := time.Now()
	a, err := f.do(ctx, r)
	if a.KillID != 0 {
		fmt.Printf("kill %d: %d open orders in scope, %d withdrawn before they left, %d cancels sent, %d owed, %d wait for an earlier cancel, %d left alone (%v)\n",
			a.KillID, a.InScope, a.Withdrawn, a.Cancels, a.Owed, a.Waiting, a.Excluded, time.Since(begun).Round(time.Microsecond))
	}
	printNote(a.Note)
	if err != nil {
		return inFlags(err)
	}
	switch {
	case r.DryRun:
		fmt.Println("nothing was changed")
	case a.KillID == 0:
		fmt.Println("done")
	}
	return nil
}

func printNote(note string) {
	if note != "" {
		fmt.Println("note:", strings.ReplaceAll(note, "\n", "\nnote: "))
	}
}

// namedVerb is a verb about one name.
type namedVerb struct {
	socketFlag
	Name   string `arg:"" help:"The venue, as in the configuration."`
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

type acceptVerb struct{ namedVerb }

func (v *acceptVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.Accept, Name: v.Name, Reason: v.Reason})
}

type resolveVerb struct {
	socketFlag
	Order  string `arg:"" optional:"" help:"The order: the gate's OrderID or its ClOrdID, as gate orders shows them."`
	Venue  string `help:"Instead of an order, all that are in doubt of this venue; without --count they are listed. Takes two users."`
	Count  uint32 `help:"With --venue: how many were listed; if it is another number by now, nothing is done." placeholder:"N"`
	As     string `default:"" enum:",open,filled,cancelled,rejected" help:"How it stands: open, filled, cancelled or rejected."`
	Qty    string `help:"What was executed beyond the executions booked."`
	Price  string `help:"At which price."`
	ExecID string `name:"execid" help:"The venue's ExecID of that execution: its report, should it come, is then known."`
	Link   string `help:"The link it came over, where its ClOrdID is used on several."`
	Reason string `short:"r" help:"Why, such as who at the venue said so; it is journaled with who you are."`
}

// Run lists a venue's orders in doubt, or has one or all of them resolved.
func (v *resolveVerb) Run() error {
	switch {
	case (v.Order == "") == (v.Venue == ""):
		return errors.New("say which: an order, or --venue with all that are in doubt")
	case v.Venue != "" && v.Count == 0 && v.As+v.Reason != "":
		return errors.New("nothing was resolved: --count is missing, so that none is resolved that nobody has seen: gate resolve --venue " + v.Venue + " lists and counts those in doubt")
	case v.Venue != "" && v.Count == 0:
		orders := ordersVerb{journalFlag: journalFlag{Config: v.Config}, Venue: v.Venue, Doubtful: true}
		return orders.Run()
	case v.Venue != "":
		return v.ask(admin.Request{Verb: admin.ResolveAll, Venue: v.Venue, As: admin.As(v.As), Count: v.Count, Reason: v.Reason})
	}
	return v.ask(admin.Request{Verb: admin.Resolve, Name: v.Order, As: admin.As(v.As), Qty: v.Qty, Price: v.Price,
		ExecID: v.ExecID, Link: v.Link, Reason: v.Reason})
}

type assignVerb struct {
	socketFlag
	ExecID  string `arg:"" help:"The venue's ExecID of a fill in its suspense account."`
	Venue   string `required:"" help:"The venue."`
	Account string `required:"" help:"The account that the fill belongs to."`
	Reason  string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *assignVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.Assign, Name: v.ExecID, Venue: v.Venue, Account: v.Account, Reason: v.Reason})
}

type cancelVerb struct {
	socketFlag
	Venue   string `required:"" help:"The venue."`
	OrderID string `name:"orderid" required:"" help:"The venue's OrderID of an order that the gate does not know."`
	Symbol  string `required:"" help:"Its symbol."`
	Side    string `required:"" enum:"buy,sell,short" help:"Its side: buy, sell or short."`
	Qty     string `required:"" help:"Its OrderQty."`
	Reason  string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *cancelVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.Cancel, Name: v.OrderID, Venue: v.Venue, Symbol: v.Symbol, Side: admin.Side(v.Side),
		Qty: v.Qty, Reason: v.Reason})
}

type adjustVerb struct {
	socketFlag
	Account  string `arg:"" help:"The account."`
	Symbol   string `arg:"" help:"The symbol."`
	Side     string `enum:",buy,sell,short" default:"" help:"Which way: buy adds to the position, sell and short take from it."`
	Qty      string `help:"How much of it."`
	Price    string `help:"At which price it counts as bought or sold today; without one the position alone is booked."`
	Fraction bool   `help:"Book nothing: what a split has left of the symbol there is settled, in cash or by adjustments beside this."`
	Reason   string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *adjustVerb) Run() error {
	if v.Fraction {
		if v.Side+v.Qty+v.Price != "" {
			return errors.New("--fraction takes no --side, --qty or --price: what a rounded fraction comes to is an adjustment of its own")
		}
		return v.ask(admin.Request{Verb: admin.Settle, Account: v.Account, Symbol: v.Symbol, Reason: v.Reason})
	}
	return v.ask(admin.Request{Verb: admin.Adjust, Account: v.Account, Symbol: v.Symbol, Side: admin.Side(v.Side), Qty: v.Qty, Price: v.Price,
		Reason: v.Reason})
}

type markVerb struct {
	socketFlag
	Symbol string `arg:"" optional:"" help:"The symbol; without one the file is read that data.marks names."`
	Price  string `arg:"" optional:"" help:"What one of it is worth."`
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *markVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.Mark, Symbol: v.Symbol, Price: v.Price, Reason: v.Reason})
}

type splitsVerb struct {
	socketFlag
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *splitsVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.Splits, Reason: v.Reason})
}

type linkVerb struct {
	Down  linkDownVerb  `cmd:"" help:"Log a link out and take no connection of it until it is let up. Orders are kept. Sticky."`
	Up    linkUpVerb    `cmd:"" help:"Let a link up again."`
	Seq   linkSeqVerb   `cmd:"" help:"Set the next numbers of a link that is down."`
	Reset linkResetVerb `cmd:"" help:"Begin both numbers of a link that is down again at 1."`
}

// linkFlag names a link.
type linkFlag struct {
	socketFlag
	Link string `arg:"" help:"The link, as gate status shows it, e.g. FIX.4.4:GATE->ACME."`
}

type linkDownVerb struct {
	linkFlag
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *linkDownVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.LinkDown, Name: v.Link, Reason: v.Reason})
}

type linkUpVerb struct {
	linkFlag
	Reason string `short:"r" help:"Why; it is journaled with who you are."`
}

func (v *linkUpVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.LinkUp, Name: v.Link, Reason: v.Reason})
}

type linkSeqVerb struct {
	linkFlag
	In     *uint64 `help:"MsgSeqNum expected next. Higher: what lies between is never asked for; lower: it is taken again." placeholder:"N"`
	Out    *uint64 `help:"MsgSeqNum sent next; never lower than it is." placeholder:"N"`
	Reason string  `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *linkSeqVerb) Run() error {
	r := admin.Request{Verb: admin.LinkSeq, Name: v.Link, Reason: v.Reason}
	for _, flag := range []struct {
		name  string
		given *uint64
		next  *uint64
	}{{"--in", v.In, &r.NextIn}, {"--out", v.Out, &r.NextOut}} {
		switch {
		case flag.given == nil:
		case *flag.given == 0:
			return fmt.Errorf("%s 0: numbers begin at 1; leave the flag out where the number is to stay", flag.name)
		default:
			*flag.next = *flag.given
		}
	}
	return v.ask(r)
}

type linkResetVerb struct {
	linkFlag
	Reason string `short:"r" required:"" help:"Why, such as who at the peer does the same; it is journaled with who you are."`
}

func (v *linkResetVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.LinkReset, Name: v.Link, Reason: v.Reason})
}

type reloadVerb struct {
	socketFlag
	DryRun bool   `name:"dry-run" help:"Only say what would change."`
	Reason string `short:"r" help:"Why; it is journaled with who you are."`
}

func (v *reloadVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.Reload, DryRun: v.DryRun, Reason: v.Reason})
}

type approveVerb struct {
	socketFlag
	Hash   string `arg:"" help:"Of the configuration, as gate changes --pending shows it."`
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *approveVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.Approve, Name: v.Hash, Reason: v.Reason})
}

type rollVerb struct{ socketFlag }

func (v *rollVerb) Run() error { return v.ask(admin.Request{Verb: admin.Roll}) }

type sodVerb struct {
	socketFlag
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *sodVerb) Run() error { return v.ask(admin.Request{Verb: admin.SOD, Reason: v.Reason}) }

type shortSaleVerb struct {
	socketFlag
	Symbol string `arg:"" help:"The symbol."`
	State  string `arg:"" enum:"on,off" help:"on or off."`
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *shortSaleVerb) Run() error {
	verb := admin.ShortSale
	if v.State == "off" {
		verb = admin.ShortSaleOff
	}
	return v.ask(admin.Request{Verb: verb, Name: v.Symbol, Reason: v.Reason})
}

type borrowVerb struct {
	socketFlag
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *borrowVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.Borrow, Reason: v.Reason})
}

type stopVerb struct {
	socketFlag
	KeepOrders   bool          `name:"keep-orders" help:"Leave open orders at the venues, as SIGTERM does; so it is unless the other is given." xor:"orders"`
	CancelOrders bool          `name:"cancel-orders" help:"Cancel what is open first, and wait until it is over." xor:"orders"`
	Within       time.Duration `default:"5s" help:"With --cancel-orders: how long to wait; what is open then is listed, and the gate stops all the same."`
	Reason       string        `short:"r" help:"Why; it is journaled with who you are."`
}

// Run stops the gate.
func (v *stopVerb) Run() error {
	stop := admin.Request{Verb: admin.Stop, Reason: v.Reason}
	if !v.CancelOrders {
		return v.ask(stop)
	}
	begin := stop
	begin.CancelOrders = true
	if err := v.ask(begin); err != nil {
		return err
	}
	return errors.Join(waitDrained(v.Config, v.Within, audit.OrderFilter{}), v.ask(stop))
}
