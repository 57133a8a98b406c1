package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// Decode reads one line as a request and validates it.
func Decode(line []byte) (Request, error) {
	if bytes.HasPrefix(line, []byte(killWord)) {
		return ParseKill(line)
	}
	in := json.NewDecoder(bytes.NewReader(line))
	in.DisallowUnknownFields()
	var r Request
	if err := in.Decode(&r); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the line ends too early")
		}
		return Request{}, fmt.Errorf("not a request: %w; want one JSON object on one line, or KILL SCOPE:NAME WHY", err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return Request{}, errors.New("not a request: something follows it; want one JSON object on one line")
	}
	if err := r.Validate(); err != nil {
		return Request{}, err
	}
	return r, nil
}

// form says which fields a verb must and may have.
type form struct{ must, may []string }

var forms = map[Verb]form{
	Kill:     {must: []string{"scope", "reason"}, may: []string{"name", "and", "mode", "keep_gtc", "drill"}},
	KillHard: {must: []string{"reason"}, may: []string{"drill"}},
	Revive:   {must: []string{"id", "reason"}},
	Roll:     {may: []string{"name", "reason"}},
	SOD:      {must: []string{"reason"}},
	Splits:   {must: []string{"reason"}},
	Borrow:   {must: []string{"reason"}},

	ShortSale:    {must: []string{"name", "reason"}},
	ShortSaleOff: {must: []string{"name", "reason"}},

	Halt:       {must: []string{"reason"}, may: []string{"name", "venue"}},
	Resume:     {must: []string{"reason"}, may: []string{"name", "venue"}},
	Phase:      {must: []string{"name", "venue", "reason"}, may: []string{"symbol"}},
	Stop:       {may: []string{"reason", "cancel_orders"}},
	Accept:     {must: []string{"name", "reason"}},
	Resolve:    {must: []string{"name", "as", "reason"}, may: []string{"qty", "price", "exec_id", "link"}},
	ResolveAll: {must: []string{"venue", "as", "count", "reason"}},
	CloseBreak: {must: []string{"name", "venue", "reason"}},
	Assign:     {must: []string{"name", "venue", "account", "reason"}},
	Cancel:     {must: []string{"name", "venue", "symbol", "side", "qty", "reason"}},
	Settle:     {must: []string{"account", "symbol", "reason"}},
	Adjust:     {must: []string{"account", "symbol", "side", "qty", "reason"}, may: []string{"price"}},
	Mark:       {must: []string{"reason"}, may: []string{"symbol", "price"}},
	Loss:       {must: []string{"scope", "qty", "reason"}, may: []string{"name"}},
	LossPrices: {must: []string{"reason"}},
	LossMarks:  {must: []string{"reason"}},
	SelfTest:   {must: []string{"name", "value", "reason"}, may: []string{"count", "id"}},
	Quotes:     {may: []string{"id", "count"}},
	LinkDown:   {must: []string{"name", "reason"}},
	LinkUp:     {must: []string{"name"}, may: []string{"reason"}},
	LinkSeq:    {must: []string{"name", "reason"}, may: []string{"next_in", "next_out"}},
	LinkReset:  {must: []string{"name", "reason"}},
	Reload:     {may: []string{"reason", "dry_run"}},
	Approve:    {must: []string{"name", "reason"}},
	Restrict:   {must: []string{"symbol", "scope", "reason"}, may: []string{"name", "until"}},
	Unrestrict: {must: []string{"symbol", "scope", "reason"}, may: []string{"name"}},
	LimitSet:   {must: []string{"scope", "key", "value", "reason"}, may: []string{"name", "until"}},
	LimitClear: {must: []string{"scope", "key", "reason"}, may: []string{"name"}},
	Pass:       {must: []string{"id", "reason"}},
	Enable:     {must: []string{"control", "scope", "reason"}, may: []string{"name"}},
	Drain:      {must: []string{"scope", "reason"}, may: []string{"name"}},
	Undrain:    {must: []string{"scope", "reason"}, may: []string{"name"}},
	Differs:    {must: []string{"id", "reason"}},
	Renew:      {must: []string{"reason"}},
	Ping:       {},
	Status:     {},

	Certificates: {},
}

// Validate tells what is wrong with a request. A field that its verb does not use is an error: who
// names a client and writes scope "all" does not mean to kill the firm.
func (r Request) Validate() error {
	f, known := forms[r.Verb]
	if !known {
		return fmt.Errorf("unknown verb %q; want kill, kill_hard, revive, roll, sod, borrow, short_sale, short_sale_off, stop, halt, resume, phase, accept, resolve, resolve_all, assign, cancel, adjust, settle, mark, splits, loss, "+
			"link_down, link_up, link_seq, link_reset, reload, approve, restrict, unrestrict, limit_set, limit_clear, pass, enable, drain, undrain, differs, certificates, renew, ping or status",
			short(string(r.Verb)))
	}
	given := map[string]bool{"scope": r.Scope != "", "name": r.Name != "", "id": r.ID != 0,
		"reason": strings.TrimSpace(r.Reason) != "", "and": r.And != "", "mode": r.Mode != "", "keep_gtc": r.KeepGTC, "drill": r.Drill,
		"as": r.As != "", "qty": r.Qty != "", "price": r.Price != "", "exec_id": r.ExecID != "", "count": r.Count != 0, "link": r.Link != "",
		"venue": r.Venue != "", "account": r.Account != "",
		"symbol": r.Symbol != "", "control": r.Control != "", "until": r.Until != "", "key": r.Key != "", "value": r.Value != "", "side": r.Side != "", "next_in": r.NextIn != 0, "next_out": r.NextOut != 0,
		"dry_run": r.DryRun, "cancel_orders": r.CancelOrders}
	if r.Verb == Reload && !r.DryRun {
		f = form{must: []string{"reason"}} // nothing is journaled of a dry run
	}
	for _, field := range f.must {
		if !given[field] {
			return &NeedError{Verb: r.Verb, Fields: []string{field}}
		}
		delete(given, field)
	}
	for _, field := range f.may {
		delete(given, field)
	}
	for _, field := range []string{"scope", "name", "and", "id", "reason", "mode", "keep_gtc", "drill", "as", "qty", "price", "exec_id", "count", "link", "venue", "account",
		"symbol", "control", "until", "key", "value", "side", "next_in", "next_out", "dry_run", "cancel_orders"} {
		if given[field] {
			return fmt.Errorf("%s takes no %q", r.Verb, field)
		}
	}
	if err := errors.Join(r.validScope(), r.validMode(), r.validOutcome(), r.validNumbers()); err != nil {
		return err
	}
	return errors.Join(plain("name", r.Name, NameBytesMax), plain("and", r.And, partsBytesMax), plain("exec_id", r.ExecID, NameBytesMax), plain("link", r.Link, NameBytesMax), plain("venue", r.Venue, NameBytesMax), plain("account", r.Account, NameBytesMax), plain("symbol", r.Symbol, NameBytesMax), plain("control", r.Control, NameBytesMax), plain("until", r.Until, NameBytesMax), plain("key", r.Key, NameBytesMax), plain("value", r.Value, NameBytesMax),
		plain("qty", r.Qty, NameBytesMax), plain("price", r.Price, NameBytesMax), plain("reason", r.Reason, ReasonBytesMax))
}

// scopes are what a verb may be about beside everything.
var scopes = map[Verb][]Scope{Kill: {GroupScope, ClientScope, AccountScope, DeskScope, TraderScope, AlgoScope,
	LinkScope, VenueScope, InstrumentScope}, Drain: {LinkScope, VenueScope}, Undrain: {LinkScope, VenueScope},
	Restrict: TradingScopes, Unrestrict: TradingScopes, Enable: TradingScopes, LimitSet: TradingScopes, LimitClear: TradingScopes, Loss: TradingScopes}

// TradingScopes are those that an order is in, beside everything.
var TradingScopes = []Scope{GroupScope, ClientScope, AccountScope, DeskScope, TraderScope, AlgoScope, LinkScope, VenueScope}

func (r Request) validScope() error {
	named, scoped := scopes[r.Verb]
	switch {
	case !scoped:
	case r.Scope == AllScope:
		if r.Name != "" || r.And != "" {
			return fmt.Errorf(`%s of scope "all" takes no "name" and no "and"; it covers the whole firm`, r.Verb)
		}
	case !slices.Contains(named, r.Scope):
		return fmt.Errorf("unknown scope %q; want all or of %v", short(string(r.Scope)), named)
	case r.Name == "":
		return fmt.Errorf(`%s of scope %q needs "name"`, r.Verb, r.Scope)
	}
	if r.And == "" {
		return nil
	}
	seen := map[Scope]bool{}
	for _, p := range r.Parts() {
		switch {
		case !slices.Contains(named, p.Scope) || p.Name == "":
			return fmt.Errorf(`%q in "and" is no scope with its name; want one of %v, such as instrument:IBM`, short(string(p.Scope)+":"+p.Name), named)
		case seen[p.Scope]:
			return fmt.Errorf("a kill covers one %s: give one for each", p.Scope)
		}
		seen[p.Scope] = true
	}
	return nil
}

func (r Request) validMode() error {
	switch r.Mode {
	case "", ModeBlock, ModeCancel, ModeReduceOnly, ModeDisconnect:
		return nil
	}
	return fmt.Errorf("unknown mode %q; want block, cancel, reduce-only or disconnect", short(string(r.Mode)))
}

func (r Request) validOutcome() error {
	switch r.Side {
	case "", Buy, Sell, Short:
	default:
		return fmt.Errorf("unknown side %q; want buy, sell or short", short(string(r.Side)))
	}
	if r.Verb == Mark && (r.Symbol == "") != (r.Price == "") {
		return errors.New(`"symbol" and "price" belong together; without both, the file of marks is read`)
	}
	if r.Verb == Resolve && (r.Qty == "") != (r.Price == "") {
		return errors.New(`"qty" and "price" belong together: what was executed, and at which price`)
	}
	if r.Verb == Resolve && r.ExecID != "" && r.Qty == "" {
		return errors.New(`"exec_id" names an execution: give "qty" and "price" with it`)
	}
	if r.Verb == ResolveAll && r.As == AsFilled {
		return errors.New("what was filled, and at which price, is to be said of each order: use resolve")
	}
	switch r.As {
	case "", AsOpen, AsFilled, AsCancelled, AsRejected:
		return nil
	}
	return fmt.Errorf("unknown outcome %q; want open, filled, cancelled or rejected", short(string(r.As)))
}

func (r Request) validNumbers() error {
	switch {
	case (r.Verb == Halt || r.Verb == Resume) && r.Name != "" && r.Venue != "":
		return fmt.Errorf("%s takes a symbol, which it means at every venue, or a whole venue, not both; one symbol at one venue is for phase", r.Verb)
	case (r.Verb == Halt || r.Verb == Resume) && r.Name == "" && r.Venue == "":
		return &NeedError{Verb: r.Verb, Fields: []string{"name", "venue"}}
	case r.Verb == LinkSeq && r.NextIn|r.NextOut == 0:
		return &NeedError{Verb: r.Verb, Fields: []string{"next_in", "next_out"}}
	case max(r.NextIn, r.NextOut) > SeqNumMax:
		return fmt.Errorf("number %d; at most %d are counted to", max(r.NextIn, r.NextOut), SeqNumMax)
	}
	return nil
}

// plain refuses text that would not fit a record or would break the lines of a log.
func plain(field, text string, bytesMax int) error {
	if len(text) > bytesMax {
		return fmt.Errorf("%q has %d bytes; at most %d are kept", field, len(text), bytesMax)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Errorf("%q has a character that does not print", field)
	}
	return nil
}

// short keeps an error message readable whatever was sent.
func short(text string) string {
	if len(text) > NameBytesMax {
		return text[:NameBytesMax] + "..."
	}
	return text
}
