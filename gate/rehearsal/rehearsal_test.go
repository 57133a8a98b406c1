package rehearsal

import (
	"bytes"
	"fmt"
	"maps"
	"strings"
	"testing"

	"portcullis/gate/config"
	"portcullis/risk"
)

// spoken is a line of a log as many engines write it: a time, a direction, and the message with '|' for SOH.
func spoken(second int, from, to, text string) string {
	msgType, rest, _ := strings.Cut(text, "|")
	return fmt.Sprintf("2026-11-20 14:30:%02d INFO <%s> 8=FIX.4.4|9=100|%s|34=%d|49=%s|52=20261120-14:30:%02d.000|56=%s|%s10=000|\n",
		second, from, msgType, second+1, from, second, to, rest)
}

func play(t *testing.T, log string, change ...string) (Result, string) {
	t.Helper()
	files := config.SampleFiles(20261122)
	files[config.SampleMain] = []byte(strings.NewReplacer(change...).Replace(string(files[config.SampleMain])))
	cfg, err := config.LoadFiles(files, config.SampleMain)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	r, err := Play(&out, cfg, strings.NewReader(log), 10)
	if err != nil {
		t.Fatal(err)
	}
	return r, out.String()
}

const bought = "1=ACME-1|55=AAPL|54=1|38=100|40=2|44=187.50|60=20261120-14:30:00.000|"

// TestPlay: requests are refused for what they are, in the order and at the time of the log; what the log's reports
// filled is held and can be sold.
func TestPlay(t *testing.T) {
	sell := strings.Replace(bought, "54=1", "54=2", 1)
	log := spoken(0, "ACME", "BROKER", "35=D|11=A|"+bought) +
		"a line of something else\n" +
		spoken(1, "BROKER", "ACME", "35=8|11=A|37=V1|17=E1|150=0|39=0|55=AAPL|54=1|38=100|14=0|151=100|6=0|") +
		spoken(2, "ACME", "BROKER", "35=D|11=A|"+bought) +
		spoken(3, "ACME", "BROKER", "35=D|11=early|"+sell) +
		spoken(4, "BROKER", "ACME", "35=8|11=A|37=V1|17=E2|150=F|39=2|55=AAPL|54=1|38=100|32=100|31=187.5|14=100|151=0|6=187.5|") +
		spoken(5, "ACME", "BROKER", "35=D|11=S|"+sell) +
		spoken(6, "ACME", "BROKER", "35=D|11=far|"+strings.Replace(bought, "187.50", "250", 1)) +
		spoken(7, "STRANGER", "BROKER", "35=D|11=X|"+bought)
	r, out := play(t, log)
	want := map[risk.Reason]int{risk.DuplicateClOrdID: 1, risk.ShortPositionExceeded: 1, risk.PriceOutsideCollar: 1}
	if r.Orders != 5 || r.Accepted != 2 || r.Skipped != 1 || !maps.Equal(r.Refused, want) {
		t.Errorf("%+v\n%s", r, out)
	}
	for _, text := range []string{"line 4  35=D 11=A  DUPLICATE_CLORDID", "5 requests: 2 would pass, 3 would be refused", "of nobody who has a link"} {
		if !strings.Contains(out, text) {
			t.Errorf("no %q in\n%s", text, out)
		}
	}
}

// TestPlayRequestsAlone: a log without reports has each request confirmed, so that replaces and cancels find their orders;
// time is the log's.
func TestPlayRequestsAlone(t *testing.T) {
	log := spoken(0, "ACME", "BROKER", "35=D|11=A|"+bought) +
		spoken(0, "ACME", "BROKER", "35=D|11=B|"+bought) +
		spoken(2, "ACME", "BROKER", "35=G|11=C|41=A|"+strings.Replace(bought, "187.50", "187.00", 1)) +
		spoken(4, "ACME", "BROKER", "35=F|11=D|41=C|"+bought) +
		strings.ReplaceAll(spoken(6, "ACME", "BROKER", "35=F|11=E|41=A|"+bought), "|", "^A")
	r, out := play(t, log, "order_rate: {count: 100, window_ms: 1000}", "order_rate: {count: 1, window_ms: 1000}")
	if r.Orders != 5 || r.Accepted != 3 || r.Refused[risk.OrderRateExceeded] != 1 || !strings.Contains(out, "the log has no reports") {
		t.Errorf("%+v\n%s", r, out)
	}
}

// TestPlayOfTheDay: an account that takes its start-of-day positions from the file has those of the file, and is open, on the
// next day with what it holds by then.
func TestPlayOfTheDay(t *testing.T) {
	sell := strings.Replace(bought, "54=1", "54=2", 1)
	log := spoken(0, "ACME", "BROKER", "35=D|11=A|"+sell) + spoken(1, "ACME", "BROKER", "35=D|11=B|"+sell) +
		spoken(2, "BROKER", "ACME", "35=8|11=A|37=V1|17=E2|150=F|39=2|55=AAPL|54=2|38=100|32=100|31=187.5|14=100|151=0|6=187.5|") +
		strings.ReplaceAll(spoken(3, "ACME", "BROKER", "35=D|11=C|"+sell)+spoken(4, "ACME", "BROKER", "35=D|11=D|"+strings.Replace(sell, "38=100", "38=50", 1)), "1120-", "1121-")
	files := config.SampleFiles(20261122)
	files[config.SampleMain] = bytes.Replace(files[config.SampleMain], []byte("{name: ACME-1, client: ACME}"), []byte("{name: ACME-1, client: ACME, sod: file}"), 1)
	files["positions.csv"] = []byte("account,symbol,qty,as_of\nACME-1,AAPL,150,2026-11-22\nTOTAL,1,150,2026-11-22\n")
	cfg, err := config.LoadFiles(files, config.SampleMain)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	r, err := Play(&out, cfg, strings.NewReader(log), 10)
	if want := map[risk.Reason]int{risk.ShortPositionExceeded: 2}; err != nil || r.Accepted != 2 || !maps.Equal(r.Refused, want) {
		t.Errorf("%+v, %v\n%s", r, err, out.String())
	}
}
