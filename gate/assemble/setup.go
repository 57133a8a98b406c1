package assemble

import (
	"cmp"
	"io/fs"

	"portcullis/fix/link"
	"portcullis/fix/schedule"
	"portcullis/fix/settings"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

const (
	secondNs = 1_000_000_000
	dayNs    = 86_400 * secondNs
)

// The configuration's words for OrderOrigination(1724) and for test symbols, and its bounds of authors
// and days, are the core's.
const (
	_ = -(risk.WithTests ^ risk.TestRule(config.WithTests)) | -(risk.OnlyTests ^ risk.TestRule(config.OnlyTests))
	_ = -(core.CancelsDay ^ core.VenueCOD(config.CancelsDay)) | -(core.CancelsAll ^ core.VenueCOD(config.CancelsAll))
	_ = -(core.DirectAccess ^ core.Origination(config.OnlyDirect)) | -(core.NoDirectAccess ^ core.Origination(config.NoDirect))
	_ = uint(risk.AuthorsMax - config.AuthorsMax)
	_ = uint(core.ExecutionDaysMax - config.ExecutionDaysMax)
)

// What the configuration allows fits: an id the core's table of ids, a request's slot the digits of
// its id toward the venue.
const (
	_ = uint(core.ClOrdIDBytesMax - config.IDBytesMax)
	_ = uint(core.RequestMax + 1 - config.RequestsPerOrder*config.OpenOrdersMax)
)

// Setup builds the core's setup. Every name has been through Assign.
func Setup(cfg *config.Config, n *config.Numbers, prices core.Prices, alloc func(int) []byte) (*core.Setup, error) {
	l := lookup{cfg, n}
	s := &core.Setup{
		Capacity: core.Capacity{
			Venues: venueRows(cfg, n), VenueJobs: cfg.Gate.Capacity.Venues,
			Links: cfg.Gate.Capacity.Links, Accounts: accountRows(&cfg.Gate.Capacity), Instruments: cfg.Gate.Capacity.Instruments,
			Orders: cfg.Gate.Capacity.OpenOrders, Requests: config.RequestsPerOrder * cfg.Gate.Capacity.OpenOrders,
			ClOrdIDs: cfg.Gate.Capacity.ClOrdIDs, Executions: cfg.Gate.Capacity.Executions,
			Jobs: 64 + 4*cfg.Gate.Capacity.Venues,
		},
		Links:       make([]core.LinkSetup, n.Count(config.LinkNumber)),
		Venues:      make([]core.VenueSetup, n.Count(config.VenueNumber)),
		Instruments: make([]core.InstrumentSetup, n.Count(config.InstrumentNumber)),
		Accounts:    make([]core.AccountSetup, n.Count(config.AccountNumber)),
		Prices:      prices,
		FourEyes:    cfg.Gate.Approval == config.FourEyes,
		CancelOpen:  cfg.CancelOpen, EgressKills: cfg.Gate.EgressKills, DifferenceKills: cfg.Gate.Shadow.DifferenceKills, SeenNs: secondNs, BreakNs: cfg.BreakNs,
		JournalKill: cfg.Gate.JournalKill, ClockKill: cfg.Gate.ClockKill, ExecutionDays: cfg.Gate.ExecutionDays,
		Alloc: alloc, HugePages: HugePages, Waits: cfg.Unapproved, Unapproved: cfg.Unapproved,
	}
	for _, soft := range cfg.Soft {
		s.Soft = append(s.Soft, core.SoftRule(soft))
	}
	for _, b := range cfg.Breaches {
		s.Breaches = append(s.Breaches, core.BreachRule(b))
	}
	all, err := versions()
	if err != nil {
		return nil, err
	}
	l.names(s, all)
	l.authors(s)
	if err := l.links(s, all); err != nil {
		return nil, err
	}
	l.venues(s, all)
	l.copiers(s, all)
	l.routes(s)
	return s, nil
}

// names fills in what belongs to a number whether or not the configuration still names it.
func (l lookup) names(s *core.Setup, all []version) {
	for i := range s.Links {
		s.Links[i] = core.LinkSetup{Venue: core.NoIndex, Client: core.NoIndex, DefaultAccount: core.NoIndex,
			Dialect: all[len(all)-1].dialect}
		s.Links[i].Name = l.n.Name(config.LinkNumber, uint32(i))
	}
	for i := range s.Venues {
		s.Venues[i] = core.VenueSetup{Link: core.NoIndex, Suspense: core.NoIndex}
		s.Venues[i].Name = l.n.Name(config.VenueNumber, uint32(i))
	}
	for i := range s.Instruments {
		s.Instruments[i] = core.InstrumentSetup{Symbol: l.n.Name(config.InstrumentNumber, uint32(i)), Gone: true}
	}
	for i := range s.Accounts {
		s.Accounts[i] = core.AccountSetup{Name: l.n.Name(config.AccountNumber, uint32(i)), Client: core.NoIndex}
	}
	for i := range l.cfg.Instruments {
		in, out := &l.cfg.Instruments[i], &s.Instruments[l.instrument(i)]
		out.Class, out.Currency, out.BandBps, out.Gone = classes[in.Type], in.Currency, int64(in.BandBps), false
		out.Halted, out.Underlying = in.Halted, in.Underlying
	}
	for i := range l.cfg.Accounts {
		a := &s.Accounts[l.account(i)]
		a.Client, a.Unapproved = l.client(l.cfg.Accounts[i].Client), l.cfg.Accounts[i].Unapproved
		s.Waits = s.Waits || a.Unapproved
	}
}

// authors fills in who may stand behind an order. What the configuration does not name any more has
// no name here, so that no order can name it.
func (l lookup) authors(s *core.Setup) {
	s.Clients = make([]string, l.n.Count(config.ClientNumber))
	for i := range l.cfg.Clients {
		s.Clients[l.client(i)] = l.cfg.Clients[i].Name
	}
	s.Groups = make([]string, l.n.Count(config.GroupNumber))
	for i := range l.cfg.Groups {
		s.Groups[l.group(i)] = l.cfg.Groups[i].Name
	}
	s.Desks = make([]string, l.n.Count(config.DeskNumber))
	for i := range l.cfg.Desks {
		s.Desks[l.desk(i)] = l.cfg.Desks[i].Name
	}
	s.Traders = make([]core.AuthorSetup, l.n.Count(config.TraderNumber))
	for i := range l.cfg.Traders {
		in := &l.cfg.Traders[i]
		s.Traders[l.trader(i)] = core.AuthorSetup{Name: in.Name, Client: l.anyClient(in.Client)}
	}
	s.Algos = make([]core.AuthorSetup, l.n.Count(config.AlgoNumber))
	for i := range l.cfg.Algos {
		in := &l.cfg.Algos[i]
		s.Algos[l.algo(i)] = core.AuthorSetup{Name: in.Name, Client: l.anyClient(in.Client)}
	}
}

// partyActions are what a link may do to parties, by their numbers.
func (l lookup) partyActions(in *config.PartyActions) core.PartyActions {
	may := core.PartyActions{Suspend: in.Suspend, Halt: in.Halt, Reinstate: in.Reinstate}
	for _, p := range in.Of {
		of := risk.WholeFirm
		if p.Of != config.NoNumber {
			of, _ = risk.Only(scopeKinds[p.Of], l.of(p.Of, p.Name))
		}
		may.Of = append(may.Of, of)
	}
	return may
}

// classes are the words of the type column of instruments.
var classes = map[string]risk.Class{"stock": risk.Stock, "etf": risk.ETF, "bond": risk.Bond, "option": risk.Option, "future": risk.Future}

func (l lookup) links(s *core.Setup, all []version) error {
	validators := settings.Validators{Open: l.dictionary}
	for i := range l.cfg.Links {
		in := &l.cfg.Links[i]
		s.Links[l.link(i)] = core.LinkSetup{
			Settings:       in.Session.Link(),
			Venue:          core.NoIndex,
			Client:         l.client(in.Client),
			DefaultAccount: l.account(in.DefaultAccount),
			CancelByClient: in.CancelAny,
			BusinessReject: in.Answers == config.Business,
			TellLimits:     in.TellLimits,
			ResendCut:      !in.ResendNone,
			MaxOrderAgeNs:  in.OrderAgeMaxNs,

			CancelOnDisconnect: core.CancelOnDisconnect(in.CancelOnDisconnect),
			PartyActions:       l.partyActions(&in.PartyActions),
			Author:             l.author(in.Trader, in.Algo),
			NeedsTrader:        in.NeedsTrader,
			NeedsAlgo:          in.NeedsAlgo,
			Origination:        core.Origination(in.DirectAccess),
			CapacitiesBarred:   barred(in.Capacities), Tests: risk.TestRule(in.Tests),
			Dialect: spoken(all, &in.Session).dialect,
		}
		validator, err := validators.Of(&in.Session)
		if err != nil {
			return err
		}
		if validator == nil {
			continue
		}
		if in.Username != "" {
			if err := in.Session.LogonProblem(validator); err != nil {
				return err
			}
		}
		s.Links[l.link(i)].Content = validator
	}
	return nil
}

// dictionary is a file that the configuration was loaded with.
func (l lookup) dictionary(name string) ([]byte, error) {
	data, kept := l.cfg.Dictionary(name)
	if !kept {
		return nil, fs.ErrNotExist
	}
	return data, nil
}

func (l lookup) venues(s *core.Setup, all []version) {
	for i := range l.cfg.Venues {
		in := &l.cfg.Venues[i]
		number := l.venue(i)
		v := core.VenueSetup{
			Name: in.Name, Link: l.venueLink(i), IDPrefix: in.IDPrefix, IDBytesMax: in.IDBytesMax, Preserve: in.PreserveClOrdID,
			ExecPrefix: in.Name + "-", StatusRequest: in.StatusRequest, MassCancel: in.MassCancel,
			Suspense:     l.of(config.AccountNumber, suspense(in.Name)),
			UnansweredNs: in.UnansweredNs, UnknownByLink: in.UnknownByLink, Statuses: statuses(&in.Statuses),
			DownNs: in.DownNs, DownMode: in.DownMode, COD: core.VenueCOD(in.COD),
		}
		if cut := in.CloseCutOff; cut != nil {
			v.CloseCutOff = l.closeCutOff(cut)
		}
		v.NoCancel = noCancel(in.NoCancel)
		if in.MessageBudget.CountMax != config.Unlimited {
			v.Budget = core.Budget{CountMax: int(in.MessageBudget.CountMax), WindowNs: in.MessageBudget.WindowNs}
		}
		speaks := spoken(all, &in.Session)
		policies(&v, in, speaks, all)
		s.Venues[number] = v
		at := &s.Links[v.Link]
		at.Settings, at.Venue, at.Dialect = in.Session.Link(), number, speaks.dialect
		at.Settle = true        // before orders leave
		at.DeliverFaulty = true // executions are booked whatever else is wrong with their report
		at.Username, at.Password, at.RawPassword = in.Username, string(in.Password), in.RawPassword
		for _, tag := range in.LogonTags {
			at.LogonTags = append(at.LogonTags, link.LogonTag(tag))
		}
		for _, alias := range in.AccountMap {
			a := &s.Accounts[l.account(alias.Account)]
			if a.AtVenue == nil {
				a.AtVenue = make([]string, len(s.Venues))
			}
			a.AtVenue[number] = alias.Alias
		}
		for _, alias := range in.SymbolMap {
			at := &s.Instruments[l.instrument(alias.Instrument)]
			if at.AtVenue == nil {
				at.AtVenue = make([]string, len(s.Venues))
			}
			at.AtVenue[number] = alias.Alias
		}
		s.Accounts[v.Suspense].Client = l.of(config.ClientNumber, suspenseClient)
	}
}

// noCancel is when a venue takes no cancels.
func noCancel(in *config.NoCancel) (n core.NoCancel) {
	if in == nil {
		return n
	}
	n.Replace, n.Owes = in.Replace, in.Owes
	for _, p := range in.Phases {
		n.Phases = n.Phases.With(p)
	}
	for _, p := range in.Periods {
		n.Periods = append(n.Periods, schedule.Daily(in.Zone, p.From, p.Until))
	}
	return n
}

// closeCutOff finds which cut-off each instrument has: its own, that of its type, or the venue's.
func (l lookup) closeCutOff(cut *config.CloseCutOff) core.CloseCutOff {
	c := core.CloseCutOff{Past: []link.Schedule{schedule.Daily(cut.Zone, cut.At, cut.Until)}, Replace: cut.Replace, Cancel: cut.Cancel}
	if len(cut.Parts) == 0 {
		return c
	}
	bySymbol, byType := map[string]uint8{}, map[string]uint8{}
	for i, part := range cut.Parts {
		c.Past = append(c.Past, schedule.Daily(cut.Zone, part.At, part.Until))
		if part.Symbol != "" {
			bySymbol[part.Symbol] = uint8(i + 1)
		} else {
			byType[part.Type] = uint8(i + 1)
		}
	}
	c.Which = make([]uint8, l.n.Count(config.InstrumentNumber))
	for i := range l.cfg.Instruments {
		in := &l.cfg.Instruments[i]
		c.Which[l.instrument(i)] = cmp.Or(bySymbol[in.Symbol], byType[in.Type])
	}
	return c
}

// copiers fills in the drop copies. As on a venue's line an execution counts whatever else is wrong with its report.
func (l lookup) copiers(s *core.Setup, all []version) {
	for i := range l.cfg.Copiers {
		in := &l.cfg.Copiers[i]
		at := &s.Links[l.of(config.LinkNumber, in.Session.Name)]
		at.Settings, at.Venue, at.DropCopy, at.Dialect = in.Session.Link(), l.venue(in.Venue), true, spoken(all, &in.Session).dialect
		at.DeliverFaulty, at.TradeAcks = true, in.TradeAcks
		if in.Session.Initiator {
			at.Username, at.Password = in.Username, string(in.Password)
		}
	}
}

// policies compiles a venue's tag policy for each message type it concerns (behaviour 1), toward participants of
// each version.
func policies(v *core.VenueSetup, in *config.Venue, venue *version, all []version) {
	o := core.PolicyOptions{Pass: tags(in.TagPass), Drop: tags(in.TagDrop), Reject: tags(in.TagReject), Symbols: len(in.SymbolMap) > 0}
	for _, set := range in.TagSet {
		o.Set = append(o.Set, core.SetTag{Tag: set.Tag, Value: set.Value})
	}
	v.Set = o.Set
	for i := range all {
		p := &all[i]
		v.Tags[p.dialect.Version] = core.NewTags(p.dialect, venue.dialect, p.carried(venue), venue.carried(p), o)
	}
}

func tags(ranges []config.TagRange) (list []core.TagRange) {
	for _, r := range ranges {
		list = append(list, core.TagRange(r))
	}
	return list
}

func (l lookup) routes(s *core.Setup) {
	none := func(n int) []uint32 {
		list := make([]uint32, n)
		for i := range list {
			list[i] = core.NoIndex
		}
		return list
	}
	r := core.Routes{BySymbol: none(len(s.Instruments)), ByAccount: none(len(s.Accounts)),
		Default: l.target(l.cfg.Routes.Default)}
	for _, in := range l.cfg.Routes.Symbols {
		r.BySymbol[l.instrument(in.From)] = l.target(in.Venue)
	}
	for _, in := range l.cfg.Routes.Accounts {
		r.ByAccount[l.account(in.From)] = l.target(in.Venue)
	}
	for _, in := range l.cfg.Routes.ExDestinations {
		r.ByDestination = append(r.ByDestination, core.Destination{Name: in.ExDestination, Venue: l.target(in.Venue)})
	}
	for _, in := range l.cfg.Routes.Lines {
		lines := core.Lines{BySymbol: in.BySymbol}
		for _, venue := range in.Venues {
			lines.Venues = append(lines.Venues, l.venue(venue))
		}
		r.Lines = append(r.Lines, lines)
	}
	s.Routes = r
}

// target is what a route leads to.
func (l lookup) target(to int) uint32 {
	if to >= config.LinesBase {
		return core.LinesBit | uint32(to-config.LinesBase)
	}
	return l.venue(to)
}
