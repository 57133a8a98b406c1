package risk

// What a running gate is given of names that it had not, or is not to have any more. A number is for life, so all that goes
// keeps its place among the scopes: what is still told of it counts there.
type (
	ClientSetting struct {
		Index  uint32
		Client Client
	}
	TraderSetting struct {
		Index  uint32
		Trader Trader
	}
	InstrumentSetting struct {
		Index      uint32
		Instrument Instrument
	}
	// InstrumentGone leaves of an instrument which slices count what is still told of it.
	InstrumentGone struct {
		Index uint32
		Class Class
	}
)

// Unbounded are the limits of who is not named any more: no order reaches it, and what is booked late is above nothing.
var Unbounded = Limits{Gross: Unlimited, Net: Unlimited}

// GoneAccount is an account that is not named any more.
func GoneAccount(client uint32) Account {
	return Account{Client: client, Limits: Unbounded, OrderLimits: NoOrderLimits, LongMax: Unlimited, ShortMax: Unlimited, OpenOrdersMax: Unlimited, Closed: true}
}

func (s *ClientSetting) Need(b *Book, r *Room) error {
	n, ok := b.number(ScopeClient, s.Index)
	switch {
	case !ok || s.Client.Group != NoIndex && s.Client.Group >= b.scopesOf[ScopeGroup]:
		return errIndex
	case s.moves(b):
		m := b.ownerMove(n, ScopeGroup, b.clients[s.Index].group, s.Client.Group+1)
		if err := b.needMove(r, &m); err != nil {
			return err
		}
	}
	return b.needCredit(r, n, Part{}, &s.Client.Limits)
}

func (s *ClientSetting) moves(b *Book) bool { return b.clients[s.Index].group != s.Client.Group+1 }

func (s *ClientSetting) Lowers(b *Book) bool {
	return s.moves(b) || b.lowersCredit(b.base[ScopeClient]+s.Index, &s.Client.Limits)
}

func (s *ClientSetting) Put(b *Book) error { return b.SetClient(s.Index, s.Client) }

func (s *TraderSetting) Need(b *Book, r *Room) error {
	n, ok := b.number(ScopeTrader, s.Index)
	switch {
	case !ok || s.Trader.Desk != NoIndex && s.Trader.Desk >= b.scopesOf[ScopeDesk]:
		return errIndex
	case s.moves(b):
		m := b.ownerMove(n, ScopeDesk, b.traders[s.Index].desk, s.Trader.Desk+1)
		if err := b.needMove(r, &m); err != nil {
			return err
		}
	}
	return b.needCredit(r, n, Part{}, &s.Trader.Limits)
}

func (s *TraderSetting) moves(b *Book) bool { return b.traders[s.Index].desk != s.Trader.Desk+1 }

func (s *TraderSetting) Lowers(b *Book) bool {
	return s.moves(b) || b.lowersCredit(b.base[ScopeTrader]+s.Index, &s.Trader.Limits)
}

func (s *TraderSetting) Put(b *Book) error { return b.SetTrader(s.Index, s.Trader) }

func (s *InstrumentSetting) Need(b *Book, _ *Room) error {
	if err := b.checkInstrumentNumber(s.Index); err != nil {
		return err
	}
	_, err := s.Instrument.validate()
	return err
}

func (s *InstrumentSetting) Lowers(*Book) bool { return false }

// Put leaves the halt of one that stays: what an operator has said of it since the start stands.
func (s *InstrumentSetting) Put(b *Book) error {
	in := s.Instrument
	if b.Factor(s.Index) != 0 {
		in.Halted = false
	}
	return b.SetInstrument(s.Index, in)
}

func (s *InstrumentGone) Need(b *Book, _ *Room) error { return b.checkInstrumentNumber(s.Index) }

func (s *InstrumentGone) Lowers(*Book) bool { return false }

// Put keeps the halt of an operator and the lists: should the symbol come back, they hold still.
func (s *InstrumentGone) Put(b *Book) error {
	err := b.checkInstrumentNumber(s.Index)
	if err == nil {
		row := &b.instruments[s.Index]
		*row = instrument{class: s.Class, halted: row.halted, lists: row.lists, listings: row.listings}
	}
	return err
}

func (b *Book) checkInstrumentNumber(i uint32) error {
	if i >= uint32(len(b.instruments)) {
		return errIndex
	}
	return nil
}
