package demo

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"portcullis/gate/assemble"
	"portcullis/gate/demo/peer"
	"portcullis/risk"
)

// TestWorkedExample takes the worked example of credit and exposure through a running gate over
// FIX: a participant sends its orders, a venue answers as it says, and after every event the
// account, its client and the firm hold the figures of the table.
func TestWorkedExample(t *testing.T) {
	rig, err := StartRig(RigConfig{Files: files(os.DirFS("testdata"), "worked"), Venues: []string{"XSIM"},
		ManualVenue: true, Alloc: assemble.Heap,
		Participants: []peer.ParticipantConfig{{SenderCompID: "ACME"}}})
	t.Cleanup(func() {
		if err := rig.Close(); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	w := worked{t: t, rig: rig, acme: rig.Participants["ACME"], ids: map[string]string{}, latest: map[string]string{}}
	for _, row := range workedRows(t) {
		w.play(row)
	}
	if _, err := prove(rig.Config); err != nil {
		t.Error(err)
	}
}

// workedRow is one row of the table: event, verdict, then EB ES RB RS gross net P.
type workedRow struct {
	number, event, verdict string
	figures                []string
}

func workedRows(t *testing.T) (rows []workedRow) {
	text, err := os.ReadFile("../../testdata/risk/worked.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, workedRow{cells[0], cells[1], cells[2], cells[3:]})
	}
	if len(rows) != 15 {
		t.Fatalf("the table has %d rows, not 15", len(rows))
	}
	return rows
}

func money(m risk.Money) string { return decimal.New(int64(m), -4).String() }

type worked struct {
	t      *testing.T
	rig    *Rig
	acme   *peer.Participant
	ids    map[string]string // what the venue calls a ClOrdID
	latest map[string]string // of an order, the ClOrdID of its last request
	sent   int
}

func (w *worked) play(row workedRow) {
	t := w.t
	t.Helper()
	words := strings.Fields(row.event)
	order := words[1]
	switch words[0] {
	case "new":
		w.send(row, order, "new "+order+" "+instrument(words[2:]))
	case "replace":
		w.sent++
		id := fmt.Sprintf("R%d", w.sent)
		w.send(row, order, "replace "+id+" of "+order+" buy "+instrument(words[2:]))
	case "fill": // fill O1 400 @ 50.00
		if row.number == "7" { // a cancel is on its way: nothing moves
			w.send(workedRow{verdict: "accepted"}, order, "cancel C1 of "+order+" buy 1000 XYZ")
			w.holds("7, cancel sent", []string{"30020", "0", "20040", "0", "50060", "50060", "600"})
		}
		w.says(order, "fill "+words[2]+"@"+words[4], "35=8|150=F|32="+words[2])
	case "refused":
		w.says(w.latest[order], "reject", "35=9|41="+order+"|434=2")
	case "closed":
		w.says(w.latest[order], "cancel", "35=8|150=4|39=4")
	case "bust":
		w.says("O1", "bust 2", "35=8|150=H|32=200")
	}
	w.holds(row.number, row.figures)
}

// instrument puts the symbol where the script has it: "buy 1000 limit 50.10", or without the side.
func instrument(words []string) string {
	at := 1
	if _, isSide := sideCodes[words[0]]; isSide {
		at = 2
	}
	return strings.Join(words[:at], " ") + " XYZ " + strings.Join(words[at:], " ")
}

// send sends a message and checks the verdict and, where it is refused, that the sender is told.
func (w *worked) send(row workedRow, order, text string) {
	w.t.Helper()
	m, err := fixMessage(text)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.acme.Send(m.String()); err != nil {
		w.t.Fatal(err)
	}
	v, err := w.rig.Watcher.Next()
	if err != nil {
		w.t.Fatal(err)
	}
	if got := strings.ToLower(v.Reason.String()); got != strings.ToLower(row.verdict) {
		w.t.Fatalf("%s: %s: %s (%s), want %s", row.number, text, v.Reason, v.Text, row.verdict)
	}
	if v.Reason != risk.Accepted {
		answer := map[string]string{"D": "35=8|150=8|39=8", "G": "35=9|39=1|434=2"}[m.Type()]
		if _, err := w.acme.Expect(answer + "|11=" + m.Get(11) + "|58=" + v.Reason.String() + "*"); err != nil {
			w.t.Fatalf("%s: %v", text, err)
		}
		return
	}
	w.ids[m.Get(11)], w.latest[order] = v.VenueID, m.Get(11)
	if m.Type() == "D" {
		w.says(m.Get(11), "ack", "35=8|150=0|11="+m.Get(11))
	}
}

// says lets the venue do something and waits until the participant is told.
func (w *worked) says(id, instruction, told string) {
	w.t.Helper()
	if err := w.rig.Venues[venueName].Do(w.ids[id], instruction); err != nil {
		w.t.Fatalf("%s %s: %v", id, instruction, err)
	}
	if _, err := w.acme.Expect(told); err != nil {
		w.t.Fatalf("%s %s: %v", id, instruction, err)
	}
}

// holds compares the figures of all three scopes and the position, as the journal has them by now.
func (w *worked) holds(when string, figures []string) {
	w.t.Helper()
	if err := w.rig.Watcher.Read(); err != nil {
		w.t.Fatal(err)
	}
	book, setup := w.rig.Watcher.Core().Book(), w.rig.Watcher.Core().Setup()
	account := w.rig.Watcher.Account("HOUSE")
	for name, v := range map[string]risk.ScopeView{"account": book.Credit(risk.ScopeAccount, account),
		"client": book.Credit(risk.ScopeClient, setup.Accounts[account].Client), "firm": book.Credit(risk.ScopeFirm, 0)} {
		got := []string{money(v.EB), money(v.ES), money(v.RB), money(v.RS), money(v.Gross()), money(v.Net()),
			decimal.New(int64(book.Position(account, 0).P), -8).String()}
		if strings.Join(got, " ") != strings.Join(figures, " ") {
			w.t.Errorf("%s, %s: EB ES RB RS gross net P are %v, want %v", when, name, got, figures)
		}
	}
}
