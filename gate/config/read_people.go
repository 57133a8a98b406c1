package config

import (
	"bytes"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"portcullis/fix/settings"
	"portcullis/gate/transport"
	"portcullis/risk"
	"portcullis/session"
)

// readPeople reads clients, accounts and participants' links from gate.yaml and its includes.
// account_defaults and link_defaults, in gate.yaml alone, give the keys that an entry leaves out.
func (l *loader) readPeople(parts []*mapping) {
	accountBase, linkBase := parts[0].sub("account_defaults"), parts[0].sub("link_defaults")
	l.readDefaults(accountBase, linkBase)
	for _, part := range parts {
		for _, m := range part.entries("groups") {
			name := m.need("name")
			l.config.Groups = append(l.config.Groups, Group{l.plainName(name), limits(m), l.orderRules(m), m.throttles()})
			l.groups.define(l, name)
			l.useLists(m, GroupNumber, name.text)
			l.warnNoCredit(name.at, "group "+name.text, l.config.Groups[len(l.config.Groups)-1].Limits)
			m.close()
		}
	}
	for _, part := range parts {
		for _, m := range part.entries("clients") {
			name := m.need("name")
			group := m.reference("group", &l.groups)
			l.config.Clients = append(l.config.Clients, Client{l.plainName(name), group, limits(m), l.orderRules(m), m.throttles()})
			l.clients.define(l, name)
			l.useLists(m, ClientNumber, name.text)
			l.warnNoCredit(name.at, "client "+name.text, l.config.Clients[len(l.config.Clients)-1].Limits)
			m.close()
		}
	}
	l.readAuthors(parts)
	for _, part := range parts {
		for _, m := range part.entries("accounts") {
			m.base = accountBase
			l.account(m)
			m.close()
		}
	}
	for _, part := range parts {
		for _, m := range part.entries("links") {
			m.base = linkBase
			l.link(m)
			m.close()
		}
	}
}

// readDefaults reads the two default sections once on their own, so that their defects are named
// with their own lines, and even where nothing uses them.
func (l *loader) readDefaults(accountBase, linkBase *mapping) {
	var account Account
	var link Link
	l.accountControls(accountBase, &account)
	l.listNames(accountBase, "restricted")
	l.listNames(accountBase, "permitted")
	accountBase.close()
	l.linkRights(linkBase, &link)
	l.listNames(linkBase, "restricted")
	l.listNames(linkBase, "permitted")
	linkBase.close()
}

// account reads one entry of accounts.
func (l *loader) account(m *mapping) {
	name := m.need("name")
	a := Account{Name: l.fixName(name), Client: l.clients.find(l, m.need("client"))}
	l.accountControls(m, &a)
	l.useLists(m, AccountNumber, name.text)
	l.accounts.define(l, name)
	l.checkMatchAction(m, &a)
	l.config.Accounts = append(l.config.Accounts, a)
	l.warnClosed(name, &a)
	l.warnBorrow(name.at, name.text, &a)
}

var matchActions = map[string]risk.MatchAction{"cancel_new": risk.CancelNew, "cancel_resting": risk.CancelResting, "cancel_both": risk.CancelBoth}

// checkMatchAction demands of an account what its self-match group does so far: who of two orders goes may not depend on which of
// its accounts each is of.
func (l *loader) checkMatchAction(m *mapping, a *Account) {
	i := slices.IndexFunc(l.config.Accounts, func(of Account) bool {
		return a.SelfMatch != "" && of.Client == a.Client && of.SelfMatch == a.SelfMatch
	})
	if i >= 0 && l.config.Accounts[i].SelfMatchAction != a.SelfMatchAction {
		l.add(m.placeOf("self_match_action"), "self_match_action: account "+l.config.Accounts[i].Name+" of the group "+a.SelfMatch+" has another",
			"give all accounts of a group the same")
	}
}

// accountControls reads what account_defaults may also hold.
func (l *loader) accountControls(m *mapping, a *Account) {
	a.Limits = limits(m)
	a.OrderLimits, a.Orders = orderLimits(m, 0), l.orderParts(m)
	a.LongMax = m.amount("long_max", QtyDecimals)
	a.ShortMax = m.amount("short_max", QtyDecimals)
	a.OpenOrdersMax = m.amount("open_orders_max", 0)
	a.Throttles = m.throttles()
	if slices.ContainsFunc(a.Throttles, func(t risk.Throttle) bool { return t.Of == risk.EqualOrders }) {
		l.add(m.placeOf("throttles"), "throttles: an account counts equal_orders by a setting of its own", "write repeat: {count, window_ms}, and repeat_action")
	}
	a.Repeat = m.throttle("repeat", repeatMax)
	a.RepeatDisables = m.word("repeat_action", "reject", "reject", "disable") == "disable"
	a.Sides = m.codes("sides", sideCodes)
	a.OrdTypes = m.codes("ord_types", ordTypeCodes)
	a.TimeInForces = m.codes("tifs", timeInForceCodes)
	a.OrderFields = m.codes("order_fields", orderFieldCodes)
	a.ExecInsts = m.execInsts("exec_insts")
	a.Capacities, a.Tests = m.capacities(), m.testRule()
	a.SellLongChecked = m.flag("sell_long_checked", true)
	if group := m.text("self_match", "none"); group.text != "none" {
		a.SelfMatch = l.plainName(group)
	}
	a.SelfMatchAction = matchActions[m.word("self_match_action", "cancel_new", "cancel_new", "cancel_resting", "cancel_both")]
	a.ShortChecked = m.flag("short_checked", false)
	a.Locate = map[string]LocateRule{"declared": LocateDeclared, "required": LocateRequired}[m.word("locate", "none", "none", "declared", "required")]
	a.PhaseRules = m.reference("phase_rules", &l.phaseRules)
	a.StartOfDay = m.word("sod", "file", "file", "none") == "file"
}

// warnNoCredit names the limits of a firm, client, trader … that let nothing pass.
func (l *loader) warnNoCredit(at place, who string, limits Limits) {
	var zero []string
	if limits.Gross == 0 {
		zero = append(zero, "limits.gross")
	}
	if limits.Net == 0 {
		zero = append(zero, "limits.net")
	}
	if len(zero) > 0 {
		l.warn(at, "%s cannot trade: %s missing or 0", who, strings.Join(zero, ", "))
	}
}

// warnClosed names the limits that are 0 and therefore let nothing pass.
func (l *loader) warnClosed(name scalar, a *Account) {
	var zero []string
	for _, limit := range []struct {
		key    string
		closed bool
	}{
		{"limits.gross", a.Limits.Gross == 0}, {"limits.net", a.Limits.Net == 0},
		{"order_qty_max", a.OrderQtyMax == 0}, {"notional_max", a.NotionalMax == 0},
		{"long_max and short_max", a.LongMax == 0 && a.ShortMax == 0},
		{"open_orders_max", a.OpenOrdersMax == 0}, {"repeat", a.Repeat.CountMax == 0},
		{"sides", a.Sides == ""}, {"ord_types", a.OrdTypes == ""}, {"tifs", a.TimeInForces == ""},
	} {
		if limit.closed {
			zero = append(zero, limit.key)
		}
	}
	if len(zero) > 0 {
		l.warn(name.at, "account %s cannot trade: %s missing or 0", name.text, strings.Join(zero, ", "))
	}
}

// link reads one entry of links.
func (l *loader) link(m *mapping) {
	name := m.need("link")
	k := Link{DefaultAccount: None, Client: l.clients.find(l, m.need("client"))}
	k.Session = l.useSession(name, participantSide)
	l.linkAccounts(m, &k, name)
	l.linkRights(m, &k)
	l.useLists(m, LinkNumber, name.text)
	k.CertificateNames = l.certificateNames(m, &k.Session)
	l.credentials(m, &k.Login, name, k.Session.Security.Mutual)
	l.linkAuthors(m, &k)
	l.partyActions(m, &k)
	if k.OrderRate.CountMax == 0 {
		l.warn(name.at, "link %s cannot trade: order_rate missing or 0", name.text)
	}
	l.config.Links = append(l.config.Links, k)
}

// sessionSide says which settings file has a session.
type sessionSide uint8

const (
	participantSide sessionSide = iota // that dials the gate
	venueSide                          // that the gate dials
	eitherSide
)

// useSession finds the session of a link, venue or drop copy; each has exactly one entry.
func (l *loader) useSession(name scalar, of sessionSide) settings.Session {
	use, ok := l.sessions[name.text]
	switch {
	case name.text == "":
	case !ok && !l.partial:
		l.add(name.at, "link "+show(name.text)+" is in neither settings file",
			settings.DidYouMean(name.text, slices.Sorted(maps.Keys(l.sessions)),
				"write it as BeginString:SenderCompID->TargetCompID of a [SESSION]"))
	case !ok:
	case of != eitherSide && use.session.Initiator != (of == venueSide):
		l.add(name.at, "link "+show(name.text)+" belongs to the other side",
			"sessions of participants go under links, sessions of venues under venues")
	case use.used:
		l.add(name.at, "link "+show(name.text)+" has a second entry", "keep one")
	default:
		use.used = true
		return use.session
	}
	return settings.Session{Name: name.text, Initiator: of == venueSide}
}

// linkAccounts resolves which accounts a link may trade for: all of its client unless listed.
func (l *loader) linkAccounts(m *mapping, k *Link, name scalar) {
	for _, value := range m.list("accounts") {
		i := l.accounts.find(l, value)
		switch {
		case i == None:
		case l.config.Accounts[i].Client != k.Client:
			l.add(value.at, "account "+show(value.text)+" belongs to another client",
				"a link trades for accounts of its own client only")
		case slices.Contains(k.Accounts, i):
			l.add(value.at, "account "+show(value.text)+" is listed twice", "keep one")
		default:
			k.Accounts = append(k.Accounts, i)
		}
	}
	if !m.has("accounts") {
		for i := range l.config.Accounts {
			if k.Client != None && l.config.Accounts[i].Client == k.Client {
				k.Accounts = append(k.Accounts, i)
			}
		}
	}
	if len(k.Accounts) == 0 {
		l.warn(name.at, "link %s cannot trade: its client has no account for it", name.text)
	}
	if value := m.text("default_account", ""); value.text != "" {
		k.DefaultAccount = l.accounts.find(l, value)
		if k.DefaultAccount != None && !slices.Contains(k.Accounts, k.DefaultAccount) {
			l.add(value.at, "default_account "+show(value.text)+" is not an account of this link", "choose one of its accounts")
		}
	}
}

// linkRights reads what link_defaults may also hold.
func (l *loader) linkRights(m *mapping, k *Link) {
	k.OrderRate = m.throttle("order_rate", orderRateMax)
	k.Orders = l.orderRules(m)
	k.Throttles = m.throttles(k.OrderRate.ofOrders()...)
	for _, value := range m.list("attribution") {
		switch value.text {
		case "trader":
			k.NeedsTrader = true
		case "algo":
			k.NeedsAlgo = true
		default:
			l.add(value.at, "attribution: "+show(value.text)+" is not known", "write trader, algo, or both")
		}
	}
	switch m.word("direct_access", "any", "any", "yes", "no") {
	case "yes":
		k.DirectAccess = OnlyDirect
	case "no":
		k.DirectAccess = NoDirect
	}
	k.Capacities, k.Tests = m.capacities(), m.testRule()
	if m.word("answers", "execution", "execution", "business") == "business" {
		k.Answers = Business
	}
	k.TellLimits = m.flag("tell_limits", false)
	k.ResendNone = m.word("after_reset", "resend", "resend", "none") == "none"
	k.CancelAny = m.word("cancel_scope", "link", "link", "client") == "client"
	k.OrderAgeMaxNs = m.millis("max_order_age_ms", 5000, 1)
	k.CancelOnDisconnect = m.cancelOnDisconnect()
	l.sources(m, &k.Login)
}

func (m *mapping) cancelOnDisconnect() CancelOnDisconnect {
	f, ok := m.take("cancel_on_disconnect")
	if text, _ := textOf(f.node); !ok || text == "off" {
		return CancelOnDisconnect{}
	}
	sub := m.l.mapping(f, "cancel_on_disconnect")
	defer sub.close()
	return CancelOnDisconnect{On: true, GraceNs: sub.millis("grace_ms", 5000, 0), GTC: sub.flag("gtc", false), Logout: sub.flag("logout", false)}
}

// sources reads from where a session may come.
func (l *loader) sources(m *mapping, k *Login) {
	for _, value := range m.list("source_addresses") {
		if value.text == "any" {
			k.Sources = append(k.Sources, netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0"))
			continue
		}
		if prefix, ok := l.network("source_addresses", value, "write 192.0.2.7, 192.0.2.0/24 or any"); ok {
			k.Sources = append(k.Sources, prefix)
		}
	}
}

// credentials reads how a session proves who it is. "password: none" must be written: an absent
// password is a mistake, not a decision. With a certificate a session may well do without.
func (l *loader) credentials(m *mapping, k *Login, name scalar, certified bool) {
	if len(k.Sources) == 0 {
		l.add(name.at, "link "+show(name.text)+" has no source_addresses", "list networks, or write any")
	}
	k.Username = m.text("username", "").text
	word := m.text("password", "")
	if word.text != "" && word.text != "none" { // not repeated: somebody may have written a password
		l.add(word.at, "password takes only the word none", "write password_hash, password_file or password: none")
		return
	}
	none := word.text == "none"
	hash, file := m.text("password_hash", ""), m.text("password_file", "")
	switch {
	case none && (hash.text != "" || file.text != "" || k.Username != ""):
		l.add(m.placeOf("password"), "password: none beside other credentials", "remove one of them")
		return
	case none:
		if k.NoPassword = true; !certified {
			l.warn(name.at, "link %s logs on without a password", name.text)
		}
		return
	case (hash.text == "") == (file.text == ""):
		l.add(name.at, "link "+show(name.text)+" needs exactly one of password_hash and password_file",
			"write one, or password: none")
		return
	case k.Username == "":
		l.add(name.at, "link "+show(name.text)+" has a password but no username", "add username")
	}
	if file.text != "" {
		secret, ok := l.readHash(file)
		if !ok {
			return
		}
		hash = scalar{string(secret), file.at}
	}
	if print, kept := printOfRedacted(hash.text); kept && l.kept() {
		if k.PasswordPrint = print; file.text != "" {
			l.config.Files[file.text] = []byte(hash.text)
		}
		return
	}
	if _, err := session.ParsePasswordHash(hash.text); err != nil {
		l.add(hash.at, err.Error(), "let gate passwd make the hash")
		return
	}
	k.PasswordHash, k.PasswordPrint = hash.text, passwordPrint(hash.text)
	if file.text == "" {
		l.redact(hash)
	} else {
		l.config.Files[file.text] = []byte(redacted(hash.text))
	}
}

// Bounds of counts in a window: each order of it is remembered, and equal orders are walked through.
// Who needs more uses a shorter window with a smaller count.
const (
	orderRateMax = 1 << 20
	repeatMax    = 1024
)

// redact takes an inline hash out of the content that is kept beside the journal.
func (l *loader) redact(hash scalar) {
	data := l.config.Files[hash.at.file]
	key := hash.at.file + "\x00" + hash.text
	if l.redacted[key] {
		return // two links with one hash: all of its places are gone already
	}
	if l.redacted == nil {
		l.redacted = map[string]bool{}
	}
	l.redacted[key] = true
	if !bytes.Contains(data, []byte(hash.text)) {
		l.add(hash.at, "the password hash is written with escapes", "write it plainly, without quotes")
		return
	}
	l.config.Files[hash.at.file] = bytes.ReplaceAll(data, []byte(hash.text), []byte(redacted(hash.text)))
}

// readSecret reads a one-line file that is never kept beside the journal.
func (l *loader) readSecret(name scalar) ([]byte, bool) {
	if l.secret == nil {
		return nil, false
	}
	data, err := l.secret(name.text)
	if err != nil {
		l.add(name.at, "cannot read "+show(name.text)+": "+transport.Cause(err), "check the name, its folder and its permissions")
		return nil, false
	}
	data = []byte(strings.TrimRight(string(data), "\r\n"))
	if len(data) == 0 || len(data) > 1024 || unprintable(string(data)) != "" {
		l.add(name.at, show(name.text)+" does not hold one line of printable text", "write the secret alone on one line")
		return nil, false
	}
	return data, true
}
