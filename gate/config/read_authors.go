package config

// readAuthors reads who may stand behind an order beside its account: desks with their traders, and
// algorithms. Once traders are listed, an order that names another is refused; so with algorithms.
func (l *loader) readAuthors(parts []*mapping) {
	for _, part := range parts {
		for _, m := range part.entries("desks") {
			name := m.need("name")
			l.config.Desks = append(l.config.Desks, Desk{l.plainName(name), limits(m), l.orderRules(m), m.throttles()})
			l.desks.define(l, name)
			l.useLists(m, DeskNumber, name.text)
			l.warnNoCredit(name.at, "desk "+name.text, l.config.Desks[len(l.config.Desks)-1].Limits)
			m.close()
		}
	}
	for _, part := range parts {
		for _, m := range part.entries("traders") {
			name := m.need("name")
			t := Trader{Name: l.fixName(name), Desk: m.reference("desk", &l.desks), Client: m.reference("client", &l.clients), Limits: limits(m),
				Orders: l.orderRules(m), Throttles: m.throttles()}
			l.config.Traders = append(l.config.Traders, t)
			l.traders.define(l, name)
			l.useLists(m, TraderNumber, name.text)
			l.warnNoCredit(name.at, "trader "+name.text, t.Limits)
			m.close()
		}
		for _, m := range part.entries("algos") {
			name := m.need("name")
			a := Algo{Name: l.fixName(name), Client: m.reference("client", &l.clients), Limits: limits(m), Orders: l.orderRules(m), Throttles: m.throttles()}
			l.config.Algos = append(l.config.Algos, a)
			l.algos.define(l, name)
			l.useLists(m, AlgoNumber, name.text)
			l.warnNoCredit(name.at, "algo "+name.text, a.Limits)
			m.close()
		}
	}
}

// reference is the index of what a key names; None where it is absent.
func (m *mapping) reference(key string, to *names) int {
	if value := m.text(key, ""); value.text != "" {
		return to.find(m.l, value)
	}
	return None
}

// ownLimits reads the limits of a link or venue: nil where it has none of its own.
func ownLimits(m *mapping) *Limits {
	if !m.has("limits") {
		return nil
	}
	own := limits(m)
	return &own
}

// linkAuthors reads who stands behind the orders of a link that name nobody.
func (l *loader) linkAuthors(m *mapping, k *Link) {
	k.Trader, k.Algo = m.reference("trader", &l.traders), m.reference("algo", &l.algos)
	k.Limits = ownLimits(m)
	if k.Trader != None {
		l.ofClient(m.placeOf("trader"), "trader", l.config.Traders[k.Trader].Client, k)
	}
	if k.Algo != None {
		l.ofClient(m.placeOf("algo"), "algo", l.config.Algos[k.Algo].Client, k)
	}
	for _, demand := range []struct {
		needed, named bool
		what          string
		known         int
	}{{k.NeedsTrader, k.Trader != None, "trader", len(l.config.Traders)}, {k.NeedsAlgo, k.Algo != None, "algo", len(l.config.Algos)}} {
		if demand.needed && !demand.named && demand.known == 0 {
			l.add(m.at, "attribution: "+demand.what+", but "+demand.what+"s lists none", "list them, or leave it out of attribution")
		}
	}
}

// ofClient refuses an author who belongs to another client than the link.
func (l *loader) ofClient(at place, kind string, client int, k *Link) {
	if client != None && k.Client != None && client != k.Client {
		l.add(at, "the "+kind+" belongs to another client", "a link trades for its own client only")
	}
}
