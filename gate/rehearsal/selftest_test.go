package rehearsal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"portcullis/gate/config"
	"portcullis/risk"
)

const selfTestNs = 1_795_354_200_000_000_000

// fullest is a configuration in which every control is armed somewhere.
func fullest(t *testing.T) map[string][]byte {
	t.Helper()
	text, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return filesOf(text)
}

// filesOf are the files of a configuration in these tests.
func filesOf(text []byte) map[string][]byte {
	files := config.SampleFiles(20261122)
	files[config.SampleMain] = text
	files["instruments.csv"] = []byte("symbol,type,currency,tick,lot,adv,order_qty_max,restricted,halted,test\nAAPL,stock,USD,0.01,1,1000000,45000,N,N,N\n" +
		"CENT,stock,USD,0.001,10,1000000,,N,N,N\nETF1,etf,USD,0.01,1,1000000,,N,N,N\nNOVOL,stock,USD,0.01,1,,,N,N,N\nBRK,stock,USD,0.01,1,1000000,,N,N,N\n" +
		"PND,stock,GBP,0.01,1,1000000,,N,N,N\nLONE,stock,USD,0.01,1,1000000,,N,N,N\nTEST1,bond,USD,0.01,1,1000000,,N,N,Y\nBANNED,stock,USD,0.01,1,1000000,,Y,N,N\n")
	files["prices.csv"] = []byte("symbol,close,as_of\nAAPL,187.50,20261122\nCENT,110,20261122\nETF1,50,20261122\nNOVOL,60,20261122\nBRK,70,20261122\n" +
		"PND,75,20261122\nLONE,80,20261122\nTEST1,90,20261122\nBANNED,10,20261122\n")
	files["locates.csv"] = []byte("account,symbol,qty,as_of\n")
	files["easy.csv"] = []byte("symbol,as_of\n")
	return files
}

// notBreached are the messages of a control that cannot breach it in any configuration, and why.
var notBreached = map[string]string{
	"G UNAPPROVED":           "no order is open before the first approval",
	"G ACCOUNT_UNKNOWN":      "a replace that names another account is ORDER_TERMS_CHANGED",
	"G ACCOUNT_NOT_ENTITLED": "likewise; for the account of its order the link was entitled, until a reload says otherwise",
	"G SYMBOL_UNKNOWN":       "a replace that names another symbol is ORDER_TERMS_CHANGED",
	"G SYMBOL_RESTRICTED":    "likewise; no order is open in what a file restricts, until a reload says otherwise",
	"G NOT_PERMITTED":        "likewise",
	"G TEST_SYMBOL":          "likewise",
	"G TEST_ONLY":            "likewise",
	"G SIDE_FORBIDDEN":       "a replace that changes the side is ORDER_TERMS_CHANGED",
	"G TIF_FORBIDDEN":        "a replace that changes the time in force is ORDER_TERMS_CHANGED",
	"G NO_ADV":               "no order is open in what has no volume",
	"G MARK_MISSING":         "no order is open in what has no mark",
}

// evidence is a row of what the self-test prints.
type evidence struct{ account, message, control, of, value, limit, verdict, answer, text string }

var columns = regexp.MustCompile(` {2,}`)

func selfTested(t *testing.T, files map[string][]byte) (rows []evidence, rest string) {
	t.Helper()
	cfg, err := config.LoadFiles(files, config.SampleMain)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	told, err := SelfTest(&out, cfg, selfTestNs)
	if err != nil || len(told.Passed) > 0 {
		t.Errorf("%+v, %v\n%s", told, err, out.String())
	}
	counts := fmt.Sprintf("\n%d controls are armed, each counted where it is set: %d were breached, %d were not\n", told.Armed, told.Tried, told.Armed-told.Tried)
	if told.Tried == 0 || !strings.Contains(out.String(), counts) {
		t.Errorf("%+v:\n%s", told, out.String())
	}
	for line := range strings.Lines(out.String()) {
		if c := columns.Split(strings.TrimRight(line, "\n"), -1); len(c) == 10 {
			rows = append(rows, evidence{c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9]})
		} else {
			rest += line
		}
	}
	return rows, rest
}

// TestSelfTestOfEverything: where every control is armed, each is refused by every message that it judges, or the table says
// why none can be.
func TestSelfTestOfEverything(t *testing.T) {
	rows, rest := selfTested(t, fullest(t))
	refused := map[string]bool{}
	for _, r := range rows {
		if strings.HasPrefix(r.verdict, "refused") {
			refused[r.message[:1]+" "+r.control] = true
			if !strings.HasPrefix(r.text, r.control) || !strings.HasPrefix(r.answer, "35=") {
				t.Errorf("%+v", r)
			}
		}
	}
	for _, c := range risk.Controls() {
		for _, msgType := range c.Messages {
			key := string(msgType) + " " + c.Reason.String()
			if why, excused := notBreached[key]; refused[key] == excused {
				t.Errorf("%s: refused: %t; excused: %s", key, refused[key], why)
			}
		}
	}
	for _, key := range []string{"F UNKNOWN_ORDER", "G UNKNOWN_ORDER", "H UNKNOWN_ORDER", "F TOO_LATE_TO_CANCEL", "F CANCEL_PENDING", "G TOO_MANY_PENDING",
		"G ORDER_TERMS_CHANGED", "q SCOPE_UNSUPPORTED", "E MESSAGE_UNSUPPORTED"} {
		if !refused[key] {
			t.Errorf("%s was not refused", key)
		}
	}
	for _, text := range []string{", 0 were refused by another control first, 0 passed\n", "gate controls lists: -\n",
		"armed, and not breached:\n  SHORT_POSITION of account GLOBEX-1: account GLOBEX-1 can neither sell short nor sell what it does not hold\nnot armed"} {
		if !strings.Contains(rest, text) {
			t.Errorf("without %q:\n%s", text, rest)
		}
	}
}

// TestSelfTestOfSample: what a change of the sample arms is breached by these messages.
func TestSelfTestOfSample(t *testing.T) {
	type want struct{ control, of, by, verdict string } // of as the row names it, "" whatever it is
	one := "{name: ACME-1, client: ACME}"
	for _, c := range []struct {
		change []string
		want   []want
	}{
		{nil, []want{{"QTY_TOO_LARGE", "ACME-1", "DG", "refused"}, {"CREDIT_FIRM_GROSS", "firm", "DG", "refused, QTY_TOO_LARGE of ACME-1 lifted"}}},
		{[]string{one, "{name: ACME-1, client: ACME, limits: {gross: 250_000, net: 100_000, daily_loss: 500, symbols: {AAPL: {open: 5_000}}}, throttles: [" +
			"{of: day_qty, max: 50}, {of: order_trade_ratio, max: 5, min_messages: 2}, {of: rejects, max: 3, window_ms: 7_200_000, action: disable}, " +
			"{of: messages, max: 9, window_ms: 1000}]}", "self_match: none ", "self_match: OWN ",
			"# no_cancel: {", "no_cancel: {"},
			[]want{{"DAY_QTY", "ACME-1", "DG", "refused"}, {"ORDER_TRADE_RATIO", "ACME-1", "DG", "refused"}, {"CONSECUTIVE_REJECTS", "ACME-1", "DG", "refused"},
				{"CONTROL_DISABLED", "ACME-1", "D", "refused"}, {"MESSAGE_RATE", "ACME-1", "DGD", "refused"}, {"NO_CANCEL", "", "GFGF", "refused"},
				{"CREDIT_OPEN", "ACME-1 in this symbol", "DG", "refused"}, {"DAILY_LOSS", "", "DG", "refused"}, {"SELF_MATCH", "", "DG", "refused"}}},
		{[]string{"tifs: [day, gtc, ioc, fok]", "tifs: [day, closing]", "# close_cutoff: {", "close_cutoff: {", "self_match: none ", "self_match: OWN ",
			"self_match_action: cancel_new ", "self_match_action: cancel_both "},
			[]want{{"CLOSE_CUTOFF", "XSIM", "DG", "refused"}, {"SELF_MATCH", "", "DG", "refused"}}},
		{[]string{"self_match: none ", "self_match: OWN ", "self_match_action: cancel_new ", "self_match_action: cancel_resting "},
			[]want{{"SELF_MATCH_STANDS", "", "DG", "refused"}}},
		{[]string{"repeat: {count: 5, ", "repeat: {count: 30, ", "open_orders_max: 200", "open_orders_max: 20"},
			[]want{{"REPEATED_ORDER", "ACME-1", "DG", "refused, OPEN_ORDER_COUNT of ACME-1 lifted"}}},
	} {
		files := config.SampleFiles(20261122)
		change := append(c.change, "open_orders: 65536", "open_orders: 1024", "clordids: 1_048_576", "executions: 65536\n    instruments: 64\n    accounts: 64\n    clordids: 65536")
		files[config.SampleMain] = []byte(strings.NewReplacer(change...).Replace(string(files[config.SampleMain])))
		rows, rest := selfTested(t, files)
		if !strings.Contains(rest, ", 0 were refused by another control first, 0 passed\n") {
			t.Errorf("%q:\n%s", c.change, rest)
		}
		for _, w := range c.want {
			by := ""
			for _, r := range rows {
				if r.account == "ACME-1" && r.control == w.control && (r.of == w.of || w.of == "") && strings.HasPrefix(r.verdict, w.verdict) {
					by += r.message[:1]
				}
			}
			if !strings.HasPrefix(by, w.by) {
				i := slices.IndexFunc(rows, func(r evidence) bool { return r.control == w.control })
				t.Errorf("%+v: refused by %q; %+v", w, by, rows[max(0, i)])
			}
		}
	}
}

// TestSelfTestOfPermitted: what nothing but cancels is, is not refused: cancels and requests under a kill, and over a throttle.
func TestSelfTestOfPermitted(t *testing.T) {
	rows, _ := selfTested(t, fullest(t))
	by := map[string]string{}
	for _, r := range rows {
		if r.account == "ACME-1" && r.verdict == "not refused, as it must be" {
			by[r.control] += r.message[:1]
		}
	}
	if by["KILL_FIRM"] != "FHq" || by["MESSAGE_RATE"] != "F" {
		t.Errorf("%v", by)
	}
}

// TestSelfTestTells: what takes too many messages is told of, and so is an account that no link trades for.
func TestSelfTestTells(t *testing.T) {
	files := config.SampleFiles(20261122)
	files[config.SampleMain] = []byte(strings.NewReplacer("order_rate: {count: 100, window_ms: 1000}", "order_rate: {count: 20_000, window_ms: 1000}",
		"    default_account: ACME-1 ", "    accounts: [ACME-1]\n    default_account: ACME-1 ").Replace(string(files[config.SampleMain])))
	_, rest := selfTested(t, files)
	for _, text := range []string{"  ORDER_RATE of link FIX.4.4:GATE->ACME: it takes more than 10000 messages\n",
		"  QTY_TOO_LARGE of account ACME-HEDGE: no account that it holds can trade such an instrument over a link\n"} {
		if !strings.Contains(rest, text) {
			t.Errorf("without %q:\n%s", text, rest)
		}
	}
}

// TestSelfTestFails: a breach that passes is the error, and told.
func TestSelfTestFails(t *testing.T) {
	files := config.SampleFiles(20261122)
	cfg, err := config.LoadFiles(files, config.SampleMain)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newStage(cfg)
	if err != nil {
		t.Fatal(err)
	}
	told := cfg.Detached()
	told.Venues[0].NoCancel = &config.NoCancel{Phases: []risk.Phase{risk.PhaseClosed}} // which the stage knows nothing of
	var out bytes.Buffer
	test := newSelfTest(io.Discard, s, told)
	if err := test.run(&out, selfTestNs); !errors.Is(err, ErrNotRefused) ||
		!strings.Contains(out.String(), "  NO_CANCEL of account ACME-1: it PASSED\n") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if r := test.told(); !slices.Contains(r.Passed, "NO_CANCEL of account ACME-1") || len(r.Passed) >= r.Tried || r.Tried >= r.Armed {
		t.Errorf("%+v", r)
	}
}
