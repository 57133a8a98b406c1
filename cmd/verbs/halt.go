package verbs

import "portcullis/gate/admin"

// haltFlags are a symbol or a venue.
type haltFlags struct {
	socketFlag
	Symbol string `arg:"" optional:"" help:"The symbol, as in the configuration, at every venue."`
	Venue  string `help:"Instead of a symbol, a whole venue."`
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *haltFlags) request(verb admin.Verb) admin.Request {
	return admin.Request{Verb: verb, Name: v.Symbol, Venue: v.Venue, Reason: v.Reason}
}

type haltVerb struct{ haltFlags }

func (v *haltVerb) Run() error { return v.ask(v.request(admin.Halt)) }

type resumeVerb struct{ haltFlags }

func (v *resumeVerb) Run() error { return v.ask(v.request(admin.Resume)) }

type phaseVerb struct {
	socketFlag
	Phase  string `arg:"" help:"Where trading stands: pre_open, opening_auction, continuous, halted, intraday_auction, closing_auction, post_close, closed, unknown."`
	Venue  string `required:"" help:"At which venue."`
	Symbol string `help:"In this symbol there; otherwise of the venue itself."`
	Reason string `short:"r" required:"" help:"Why, such as who at the venue said so; it is journaled with who you are."`
}

func (v *phaseVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.Phase, Name: v.Phase, Venue: v.Venue, Symbol: v.Symbol, Reason: v.Reason})
}
