package dict

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/datadictionary"

	"portcullis/fix"
)

// rival is one version: our validator, and quickfixgo's parser and validator, which it is compared with.
type rival struct {
	begin          string
	switches       Switches
	validator      *Validator
	session, app   *Dict
	transport, all *datadictionary.DataDictionary // theirs; transport is nil up to FIX.4.4
	theirs         quickfix.Validator
	real           []string // messages as counterparties write them
}

func newRival(t testing.TB, n int, s Switches) *rival {
	t.Helper()
	l := links[n]
	r := &rival{begin: l.begin, switches: s, validator: mustValidator(t, l.begin, l.appl, s), session: mustFor(t, l.begin, ""),
		real: realMessages(t, l.name)}
	r.app, r.all = r.session, parseTheirs(t, strings.ReplaceAll(l.name[3:], ".", ""))
	if l.appl != "" {
		r.transport = parseTheirs(t, "T11")
		var err error
		if r.app, err = application(l.name); err != nil {
			t.Fatal(err)
		}
	}
	r.theirs = quickfix.NewValidator(quickfix.ValidatorSettings{CheckFieldsOutOfOrder: s.ValidateFieldsOutOfOrder,
		RejectInvalidMessage: s.RejectInvalidMessage, AllowUnknownMessageFields: s.AllowUnknownMsgFields,
		CheckUserDefinedFields: s.ValidateUserDefinedFields}, r.all, r.transport)
	return r
}

func parseTheirs(t testing.TB, version string) *datadictionary.DataDictionary {
	t.Helper()
	name := "FIX" + version
	if parsed[name] == nil {
		dd, err := datadictionary.Parse(filepath.Join(specDir(), name+".xml"))
		if err != nil {
			t.Fatal(err)
		}
		parsed[name] = dd
	}
	return parsed[name]
}

// unread is the Code of a message that quickfixgo cannot read; it ignores such a message.
const unread fix.FaultCode = -7

// judge gives quickfixgo's verdict in our words, and why it could not read the message.
func (r *rival) judge(msg *quickfix.Message, raw []byte) (f fix.Fault, why string) {
	defer func() {
		if p := recover(); p != nil {
			f, why = fix.Fault{Code: unread}, fmt.Sprint("panic: ", p)
		}
	}()
	if err := quickfix.ParseMessageWithDataDictionary(msg, bytes.NewBuffer(bytes.Clone(raw)), r.transport, r.all); err != nil {
		return fix.Fault{Code: unread}, err.Error()
	}
	reject := r.theirs.Validate(msg)
	if reject == nil {
		return fix.Fault{Code: fix.NoFault}, ""
	}
	f = fix.Fault{Code: fix.FaultCode(reject.RejectReason())}
	if tag := reject.RefTagID(); tag != nil && *tag > 0 {
		f.Tag = uint32(*tag)
	}
	return f, ""
}

// comparison is a message and the two verdicts on it.
type comparison struct {
	*rival
	m           fix.Message
	ours, quick fix.Fault
	why         string            // quickfixgo could not read it
	msg         *quickfix.Message // as quickfixgo read it
}

func (r *rival) compare(raw []byte) *comparison {
	c := &comparison{rival: r, msg: quickfix.NewMessage()}
	c.m.Index(raw)
	c.ours = r.validator.Judge(&c.m)
	c.quick, c.why = r.judge(c.msg, raw)
	return c
}

// reason names the disagreement: "" if there is none, "unexplained" if no reason is known.
func (c *comparison) reason() string {
	if c.ours == c.quick || c.ours.Code == fix.Garbled && c.quick.Code == unread {
		return ""
	}
	for _, d := range disagreements {
		if d.holds(c) {
			return d.name
		}
	}
	return "unexplained"
}

// TestAgainstQuickFIXGo judges messages made from the dictionaries, and then damaged, with both.
func TestAgainstQuickFIXGo(t *testing.T) {
	count := 1000
	if testing.Short() {
		count = 200
	}
	for n, l := range links {
		for s, switches := range switchesTried {
			r := newRival(t, n, switches)
			rng := rand.New(rand.NewPCG(uint64(n), uint64(s)))
			unexplained := 0
			for range count {
				raw := whole(r.begin, r.forge(rng))
				c := r.compare(raw)
				if c.reason() == "unexplained" {
					if unexplained++; unexplained <= 3 {
						t.Errorf("%s %+v\n%s\nours %+v, quickfixgo %+v %s", l.name, switches,
							bytes.ReplaceAll(raw, []byte{fix.SOH}, []byte{'|'}), c.ours, c.quick, c.why)
					}
				}
			}
		}
	}
}

// FuzzAgainstQuickFIXGo does the same for any body, version and switches.
func FuzzAgainstQuickFIXGo(f *testing.F) {
	var rivals []*rival
	for n := range links {
		for _, s := range switchesTried {
			rivals = append(rivals, newRival(f, n, s))
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for n, r := range rivals {
		f.Add(uint8(n), r.forge(rng))
	}
	f.Fuzz(func(t *testing.T, n uint8, body string) {
		r := rivals[int(n)%len(rivals)]
		raw := whole(r.begin, body)
		if size, framing := fix.Frame(raw, 1<<16); framing != fix.Whole || size != len(raw) {
			return
		}
		if c := r.compare(raw); c.reason() == "unexplained" {
			t.Errorf("%s %+v\n%q\nours %+v, quickfixgo %+v %s", r.app.name, r.switches, raw, c.ours, c.quick, c.why)
		}
	})
}

var switchesTried = []Switches{
	DefaultSwitches(),
	{ValidateFieldsOutOfOrder: true, ValidateFieldsHaveValues: true, ValidateUnorderedGroupFields: true,
		AllowUnknownMsgFields: true, RejectInvalidMessage: true},
	{ValidateFieldsHaveValues: true, ValidateUserDefinedFields: true, ValidateUnorderedGroupFields: true, RejectInvalidMessage: true},
	{ValidateFieldsOutOfOrder: true, ValidateFieldsHaveValues: true, ValidateUserDefinedFields: true, ValidateUnorderedGroupFields: true},
}

// Every reason is shown by a message of the table.
func TestDisagreementsAreShown(t *testing.T) {
	text, err := os.ReadFile(tableDir + "/quickfixgo.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range disagreements {
		if !strings.Contains(string(text), "\ncase "+d.name+"\n") {
			t.Errorf("no message shows %q", d.name)
		}
	}
}
