package operator

import (
	"testing"
	"time"

	"portcullis/fix/settings"
	"portcullis/gate/config"
)

// TestUnknownNames: what a hurried operator may have meant.
func TestUnknownNames(t *testing.T) {
	numbers := config.DraftNumbers()
	for kind, names := range map[config.Kind][]string{config.LinkNumber: {"FIX.4.4:GATE->ACME", "FIX.4.4:GATE->XSIM"}, config.VenueNumber: {"SIMULATOR"},
		config.ClientNumber: {"ACME"}, config.AccountNumber: {"ACME-1", "ACME-2"}, config.InstrumentNumber: {"AAPL"}} {
		if err := numbers.Assign(kind, names...); err != nil {
			t.Fatal(err)
		}
	}
	n := Names{Config: &config.Config{Venues: []config.Venue{{Name: "SIMULATOR", Session: settings.Session{Name: "FIX.4.4:GATE->XSIM"}}}}, Numbers: numbers, Now: time.Now}
	for _, c := range []struct {
		kind       config.Kind
		name, want string
	}{
		{config.LinkNumber, "XSIM", `there is no link "XSIM": did you mean FIX.4.4:GATE->XSIM?`},
		{config.LinkNumber, "simulator", `there is no link "simulator": did you mean FIX.4.4:GATE->XSIM?`},
		{config.LinkNumber, "GATE->ACME", `there is no link "GATE->ACME": did you mean FIX.4.4:GATE->ACME?`},
		{config.AccountNumber, "acme", `there is no account "acme": did you mean ACME-1 or ACME-2?`},
		{config.InstrumentNumber, "APPL", `there is no instrument "APPL": did you mean AAPL?`},
		{config.InstrumentNumber, "SIMULATOR", `there is no instrument "SIMULATOR", but a venue of that name`},
		{config.InstrumentNumber, "QQQQQQ", `there is no instrument "QQQQQQ": names are as in the configuration`},
		{config.VenueNumber, "", `there is no venue "": names are as in the configuration`},
	} {
		if _, err := n.Number(c.kind, c.name); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
