package config

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"portcullis/fix/settings"
	"portcullis/risk"
)

// Change is what a configuration has otherwise than the one before, as a running gate sees it: it follows in
// the settings of links, in venues that are new, in who else has a name and whose he is, in lists of symbols, in limits, in what orders of an
// instrument are judged by, in routes and in the profiles and hours of venues, and in nothing else. The sessions of gate dropcopy are that process's own.
type Change struct {
	Added   []string // participants' links, by name
	Changed []string // links whose settings differ; venues' lines too
	Removed []string
	New     []Named  // whoever else has a name that he had not
	Gone    []Named  // likewise
	Lists   bool     // other lists of symbols
	Limits  []string // scopes with other limits, instruments with other data
	Hours   []string // venues that take orders at the close, or cancels, at other hours
	Routes  []string // of new orders that lead elsewhere
	Moved   []Moved  // whoever belongs to another than before

	Profiles []string // venues with other settings, and which
	Renames  bool     // among these is what one calls accounts or symbols
	Restart  []string // what a running gate does not follow, in words
	Notes    []string // what it leaves for its next start, in words
}

// None reports whether a running gate would do nothing otherwise.
func (c *Change) None() bool {
	return len(c.Added)+len(c.Changed)+len(c.Removed)+len(c.New)+len(c.Gone)+len(c.Restart)+len(c.Limits)+len(c.Hours)+len(c.Routes)+len(c.Moved)+len(c.Profiles) == 0 && !c.Lists
}

// String says what a running gate would do otherwise; "": nothing.
func (c *Change) String() string {
	list := slices.Clone(c.Restart)
	for _, of := range []struct {
		what  string
		names []string
	}{{"added", c.Added}, {"changed", c.Changed}, {"removed", c.Removed}, {"limits of", c.Limits}, {"hours of", c.Hours}, {"route of", c.Routes}, {"profile of", c.Profiles}} {
		for _, name := range of.names {
			list = append(list, of.what+" "+name)
		}
	}
	for _, m := range c.Moved {
		list = append(list, m.String())
	}
	list = append(list, NamesText("added", c.New)...)
	list = append(list, NamesText("removed", c.Gone)...)
	if c.Lists {
		list = append(list, "restricted or permitted lists")
	}
	return strings.Join(list, "; ")
}

// Compare says how is differs from was.
func Compare(was, is *Config) *Change {
	c := &Change{Moved: Moves(was, is)}
	c.names(was, is)
	c.routes(was, is)
	was = was.Numbered(is)
	c.warnings(was, is)
	a, b, aStart := withoutFollowed(was, is)
	c.Restart = append(c.Restart, aStart...)
	c.sections(a, b)
	c.venues(a, b)
	c.Lists = !SameLists(was, is)
	for _, l := range LimitChanges(was, is) {
		c.Limits = append(c.Limits, l.Is.String())
	}
	for _, i := range InstrumentChanges(was, is) {
		c.Limits = append(c.Limits, i.text(is))
	}
	before := map[string]*Link{}
	for i := range was.Links {
		before[was.Links[i].Session.Name] = &was.Links[i]
	}
	for i := range is.Links {
		next := &is.Links[i]
		old := before[next.Session.Name]
		delete(before, next.Session.Name)
		switch {
		case old == nil:
			c.Added = append(c.Added, next.Session.Name)
			c.unfollowed(&Link{}, &b.Links[i])
		case !SameLink(old, next) || !sameLogin(old.Login, next.Login):
			c.Changed = append(c.Changed, next.Session.Name)
			c.unfollowed(a.linkNamed(next.Session.Name), &b.Links[i])
		}
	}
	for i := range was.Links {
		if name := was.Links[i].Session.Name; before[name] != nil {
			c.Removed = append(c.Removed, name)
		}
	}
	c.authorities(was, is)
	return c
}

// linkNamed is the entry of a link; nil: it has none.
func (c *Config) linkNamed(name string) *Link {
	for i := range c.Links {
		if c.Links[i].Session.Name == name {
			return &c.Links[i]
		}
	}
	return nil
}

// SameLink reports whether two entries of a link give it the same settings and rights. How it proves who it is
// does not count: that is not kept beside the journal.
func SameLink(a, b *Link) bool {
	x, y := *a, *b
	for _, k := range []*Link{&x, &y} {
		k.Session.File, k.Session.Line = "", 0
		for _, file := range []*settings.NamedFile{&k.Session.Security.Certificate, &k.Session.Security.Key, &k.Session.Security.CA} {
			file.Line = 0
		}
		k.Session.Security.Lists.Line = 0
		k.Login, k.TLS = Login{}, nil
	}
	return reflect.DeepEqual(x, y)
}

// SameLine does that for a venue's line.
func SameLine(a, b *Venue) bool {
	return SameLink(&Link{Session: a.Session}, &Link{Session: b.Session})
}

// sameCopier reports whether two entries of a drop copy are the same, wherever their lines stand by now.
func sameCopier(a, b Copier) bool {
	return a.Venue == b.Venue && a.TradeAcks == b.TradeAcks && sameLogin(a.Login, b.Login) && string(a.Password) == string(b.Password) &&
		SameLink(&Link{Session: a.Session, CertificateNames: a.CertificateNames}, &Link{Session: b.Session, CertificateNames: b.CertificateNames})
}

// unfollowed finds what a running gate would not apply of a link, so that nobody believes that it did.
func (c *Change) unfollowed(was, is *Link) {
	rest := func(l *Link) Link {
		x := *l
		x.Session, x.Login, x.Client = settings.Session{}, Login{}, 0
		x.TLS, x.CertificateNames = nil, nil
		x.Accounts, x.DefaultAccount, x.OrderRate, x.Throttles, x.OrderAgeMaxNs = nil, 0, Throttle{}, nil, 0
		x.Limits, x.Orders = nil, nil
		x.Answers, x.TellLimits, x.ResendNone, x.CancelAny = 0, false, false, false
		x.Trader, x.Algo, x.NeedsTrader, x.NeedsAlgo, x.DirectAccess = 0, 0, false, false, 0
		x.Capacities, x.Tests, x.PartyActions = Capacities{}, 0, PartyActions{}
		return x
	}
	if !reflect.DeepEqual(rest(was), rest(is)) {
		c.Restart = append(c.Restart, "link "+is.Session.Name+": settings that it takes up at a start")
	}
	if was.Session.Name != "" && is.Session.DefaultApplVerID != was.Session.DefaultApplVerID {
		c.Restart = append(c.Restart, "link "+is.Session.Name+": it speaks another version")
	}
}

// looserThan reports whether there are orders that t lets pass and was does not.
func (t Throttle) looserThan(was Throttle) bool {
	switch {
	case was.CountMax == Unlimited || t.CountMax == 0:
		return false
	case t.CountMax == Unlimited || t.CountMax > was.CountMax:
		return true
	}
	return t.WindowNs < was.WindowNs
}

// asTight reports whether each throttle that was there has one that lets no more pass.
func asTight(is, was []risk.Throttle) bool {
	for _, w := range was {
		if !slices.ContainsFunc(is, func(t risk.Throttle) bool {
			return t.Of == w.Of && (t.Disable || !w.Disable) && t.Least <= w.Least && t.Warn == w.Warn && !Throttle{t.Max, t.WindowNs}.looserThan(Throttle{w.Max, w.WindowNs})
		}) {
			return false
		}
	}
	return true
}

// warnings finds those that are new, wherever their line stands by now.
func (c *Change) warnings(was, is *Config) {
	known := map[string]bool{}
	for _, w := range was.Warnings {
		_, text, _ := strings.Cut(w, ": ")
		known[text] = true
	}
	for _, w := range is.Warnings {
		if _, text, _ := strings.Cut(w, ": "); !known[text] {
			c.Notes = append(c.Notes, "warning: "+w)
		}
	}
}

// sections compares all that is no link's.
func (c *Change) sections(was, is *Config) {
	say := func(what string, a, b any) {
		if !reflect.DeepEqual(a, b) {
			c.Restart = append(c.Restart, what)
		}
	}
	for _, key := range otherKeys("", reflect.ValueOf(was.Gate), reflect.ValueOf(is.Gate)) {
		at := is.gatePlace(key)
		c.Restart = append(c.Restart, fmt.Sprintf("gate.%s (%s:%d)", key, at.file, at.line))
	}
	say("money.currency", was.Currency, is.Currency)
	if !slices.Equal(was.Controls, is.Controls) {
		c.Notes = append(c.Notes, "who answers for controls differs; gate controls reads it from the files")
	}
	c.Restart = append(c.Restart, otherwise("group", was.Groups, is.Groups, func(x Group) string { return x.Name })...)
	c.Restart = append(c.Restart, otherwise("desk", was.Desks, is.Desks, func(x Desk) string { return x.Name })...)
	c.Restart = append(c.Restart, otherwise("trader", was.Traders, is.Traders, func(x Trader) string { return x.Name })...)
	c.Restart = append(c.Restart, otherwise("algo", was.Algos, is.Algos, func(x Algo) string { return x.Name })...)
	c.Restart = append(c.Restart, otherwise("client", was.Clients, is.Clients, func(x Client) string { return x.Name })...)
	c.Restart = append(c.Restart, otherwise("account", allApproved(was.Accounts), allApproved(is.Accounts), func(x Account) string { return x.Name })...)
	symbol := func(x Instrument) string { return x.Symbol }
	wasTable, wasCloses := taken(common(was.Instruments, is.Instruments, symbol))
	isTable, isCloses := taken(common(is.Instruments, was.Instruments, symbol))
	c.Restart = append(c.Restart, differences("instrument", wasTable, isTable, symbol)...)
	say("recon", was.BreakNs, is.BreakNs)
	if !slices.EqualFunc(was.Copiers, is.Copiers, sameCopier) {
		c.Restart = append(c.Restart, "recon.drop_copies")
	}
	say("other settings", others(was), others(is))
	if !slices.Equal(wasCloses, isCloses) {
		c.Notes = append(c.Notes, "previous closes differ; a gate reads them at its start")
	}
	if was.PositionsDate != is.PositionsDate || !slices.Equal(was.Positions, is.Positions) || !slices.Equal(was.Closes, is.Closes) {
		c.Notes = append(c.Notes, "start-of-day positions differ; gate roll and gate sod read them")
	}
	if !slices.Equal(was.Marks, is.Marks) {
		c.Notes = append(c.Notes, "marks by hand differ; gate mark reads them")
	}
	if !slices.Equal(was.Splits, is.Splits) {
		c.Notes = append(c.Notes, "splits differ; gate splits reads them")
	}
	if !slices.Equal(was.Borrow.Locates, is.Borrow.Locates) || !slices.Equal(was.Borrow.Easy, is.Borrow.Easy) ||
		!slices.Equal(was.Borrow.Triggers, is.Borrow.Triggers) {
		c.Notes = append(c.Notes, "locates, what is easy to borrow or triggers of the price test differ; gate roll and gate borrow read them")
	}
}

// otherKeys are the keys of what two values of a struct have not alike, by the rows of settingsTable.
func otherKeys(under string, was, is reflect.Value) (keys []string) {
	typ := was.Type()
	for i := range typ.NumField() {
		if reflect.DeepEqual(was.Field(i).Interface(), is.Field(i).Interface()) {
			continue
		}
		row := settingsTable[typ.Name()+"."+typ.Field(i).Name]
		key, _, _ := strings.Cut(row.key, ":")
		key = strings.Trim(under+"."+key, ".")
		if row.rule == inside {
			keys = append(keys, otherKeys(key, was.Field(i), is.Field(i))...)
		} else {
			keys = append(keys, key)
		}
	}
	return keys
}

// others is a configuration without what is compared by itself.
func others(c *Config) Config {
	x := *c
	x.Gate, x.Currency, x.Firm, x.FirmOrders, x.FirmThrottles, x.Routes = Gate{}, "", Limits{}, nil, nil, Routes{}
	x.Venues, x.Clients, x.Accounts, x.Instruments, x.Links = nil, nil, nil, nil, nil
	x.Copiers, x.BreakNs = nil, 0
	x.Positions, x.PositionsDate, x.DropCopy, x.Participants = nil, 0, DropCopy{}, ""
	x.Controls, x.Lists, x.ListUses = nil, nil, nil
	x.Borrow, x.Closes, x.Marks, x.Splits = Borrow{}, nil, nil, nil
	x.Groups, x.Desks, x.Traders, x.Algos = nil, nil, nil, nil
	x.Files, x.Warnings = nil, nil
	x.Keys, x.secret = nil, nil // what ReadKeys made, and reads
	x.read, x.resumed, x.main, x.offer, x.Unapproved = nil, false, "", nil, false
	x.overlay, x.bare = nil, nil
	return x
}

// allApproved are accounts without what a running gate follows of them: that somebody has approved them.
func allApproved(list []Account) []Account {
	list = slices.Clone(list)
	for i := range list {
		list[i].Unapproved = false
	}
	return list
}

// venues compares the lines and the profiles of those that were there before, of which how requests are named toward a venue stays a start's.
func (c *Change) venues(was, is *Config) {
	name := func(v Venue) string { return v.Name }
	naming := func(list []Venue) (of []Venue) {
		for _, v := range list {
			of = append(of, Venue{Name: v.Name, IDPrefix: v.IDPrefix, IDBytesMax: v.IDBytesMax, PreserveClOrdID: v.PreserveClOrdID,
				Session: settings.Session{DefaultApplVerID: v.Session.DefaultApplVerID}})
		}
		return of
	}
	other := otherwise("venue", naming(was.Venues), naming(is.Venues), name)
	if c.Restart = append(c.Restart, other...); len(other) > 0 {
		return
	}
	before := map[string]*Venue{}
	for i := range was.Venues {
		before[was.Venues[i].Name] = &was.Venues[i]
	}
	for i := range is.Venues {
		a, b := before[is.Venues[i].Name], &is.Venues[i]
		switch {
		case a == nil:
			continue
		case a.Session.Name != b.Session.Name:
			c.Restart = append(c.Restart, fmt.Sprintf("venue %s has another link", b.Name))
		case !SameLine(a, b) || a.logon() != b.logon() || !slices.Equal(a.LogonTags, b.LogonTags):
			c.Changed = append(c.Changed, b.Session.Name)
		}
		if !sameHours(a, b) {
			c.Hours = append(c.Hours, "venue "+b.Name)
		}
		if keys := otherKeys("", reflect.ValueOf(a.profile()), reflect.ValueOf(b.profile())); len(keys) > 0 {
			c.Profiles = append(c.Profiles, "venue "+b.Name+": "+strings.Join(keys, ", "))
		}
		c.Renames = c.Renames || !slices.Equal(a.AccountMap, b.AccountMap) || !slices.Equal(a.SymbolMap, b.SymbolMap)
	}
}

// logon is what a Logon to a venue says beside its tags.
func (v *Venue) logon() [3]string {
	return [...]string{v.Username, string(v.Password), strconv.FormatBool(v.RawPassword)}
}

// profile is a venue without what is compared by itself.
func (v *Venue) profile() Venue {
	x := *v
	x.Session, x.TLS = settings.Session{}, nil
	x.Username, x.Password, x.RawPassword, x.LogonTags = "", nil, false, nil
	x.CloseCutOff, x.NoCancel = nil, nil
	x.Limits, x.Orders = nil, nil
	return x
}

// sameHours reports whether a venue takes orders at the close, and cancels, at the same times and in the same phases.
func sameHours(a, b *Venue) bool {
	sum := func(v *Venue) []byte {
		w := governing{sha256.New()} // to which a time zone is its name
		w.value(reflect.ValueOf(v.CloseCutOff))
		w.value(reflect.ValueOf(v.NoCancel))
		return w.Sum(nil)
	}
	return bytes.Equal(sum(a), sum(b))
}

// otherwise says which entries that both lists have are other than before, wherever they stand.
func otherwise[T any](kind string, was, is []T, name func(T) string) []string {
	return differences(kind, common(was, is, name), common(is, was, name), name)
}

// differencesShown bounds how many of one kind are named.
const differencesShown = 5

// differences says which entries of a list are new, gone or other than before.
func differences[T any](kind string, was, is []T, name func(T) string) (list []string) {
	before := map[string]T{}
	for _, x := range was {
		before[name(x)] = x
	}
	same := len(was) == len(is)
	for i, x := range is {
		same = same && name(was[i]) == name(x)
		old, known := before[name(x)]
		delete(before, name(x))
		switch {
		case !known:
			list = append(list, kind+" "+name(x)+" is new")
		case !reflect.DeepEqual(old, x):
			list = append(list, kind+" "+name(x))
		}
	}
	for _, x := range was {
		if _, gone := before[name(x)]; gone {
			list = append(list, kind+" "+name(x)+" is gone")
		}
	}
	if len(list) == 0 && !same {
		list = append(list, "the order of the "+kind+"s")
	}
	if more := len(list) - differencesShown; more > 0 {
		list = append(list[:differencesShown], fmt.Sprintf("%d more %ss", more, kind))
	}
	return list
}
