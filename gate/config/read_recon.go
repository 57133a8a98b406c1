package config

import "slices"

// breakMsMax is how long a break may go unnoticed (behaviour 12).
const breakMsMax = 5000

// readRecon reads the drop copies that the gate takes, and how long a side may leave the other waiting.
func (l *loader) readRecon(m *mapping) {
	defer m.close()
	wait := m.count("break_after_ms", 3000, 100, breakMsMax)
	l.config.BreakNs = int64(wait) * 1_000_000
	for _, entry := range m.entries("drop_copies") {
		l.copier(entry)
		entry.close()
	}
}

// copier reads one entry of recon.drop_copies.
func (l *loader) copier(m *mapping) {
	name := m.need("link")
	c := Copier{Session: l.useSession(name, eitherSide)}
	venue := m.need("venue")
	c.Venue = l.venues.find(l, venue)
	if c.Venue != None && slices.ContainsFunc(l.config.Copiers, func(x Copier) bool { return x.Venue == c.Venue }) {
		l.add(venue.at, "venue "+show(venue.text)+" has two drop copies", "keep one: an execution is compared with one other side")
	}
	switch {
	case c.Session.Line == 0: // not found, which is reported already
		for _, key := range []string{"username", "password", "password_hash", "password_file"} {
			m.text(key, "")
		}
		m.list("source_addresses")
	case c.Session.Initiator:
		c.Username = m.text("username", "").text
		if file := m.text("password_file", ""); file.text != "" {
			c.Password, _ = l.readSecret(file)
		}
	default:
		l.sources(m, &c.Login)
		c.CertificateNames = l.certificateNames(m, &c.Session)
		l.credentials(m, &c.Login, name, c.Session.Security.Mutual)
	}
	if c.TradeAcks = m.flag("trade_acks", false); c.TradeAcks && slices.Contains(noTradeAcks, c.Session.BeginString) {
		l.add(name.at, "link "+show(name.text)+" has trade_acks, and "+c.Session.BeginString+" no TradeCaptureReportAck(35=AR)",
			"leave it out, or speak FIX.4.4 or later")
	}
	l.config.Copiers = append(l.config.Copiers, c)
}

// noTradeAcks are the versions without TradeCaptureReportAck(35=AR).
var noTradeAcks = []string{"FIX.4.0", "FIX.4.1", "FIX.4.2", "FIX.4.3"}
