package gate

import (
	"fmt"
	"net"
	"strconv"
	"time"

	"portcullis/fix/settings"
	"portcullis/gate/admission"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/engine"
	"portcullis/gate/prices"
	"portcullis/gate/transport"
)

func (g *Gate) engineLinks() []engine.Link {
	setup := g.core.Setup()
	links := make([]engine.Link, g.core.LinkRows())
	for i := range setup.Links {
		links[i] = engine.Link{Name: setup.Links[i].Name, Venue: setup.Links[i].Venue != core.NoIndex}
	}
	return links
}

// admissionConfig says who may connect and whom to dial, by a configuration.
func (g *Gate) admissionConfig(cfg *config.Config) admission.Config {
	a := admission.Config{MessageBytesMax: cfg.Gate.MessageBytesMax, Proxies: cfg.Gate.Proxies, Log: g.log}
	for i := range cfg.Links {
		in := &cfg.Links[i]
		a.Participants = append(a.Participants, g.participant(&in.Session, &in.Login, in.TLS))
	}
	for i := range cfg.Venues {
		a.Venues = append(a.Venues, g.venueLine(&cfg.Venues[i].Session, cfg.Venues[i].TLS))
	}
	for i := range cfg.Copiers {
		if in := &cfg.Copiers[i]; in.Session.Initiator {
			a.Venues = append(a.Venues, g.venueLine(&in.Session, in.TLS))
		} else {
			a.Participants = append(a.Participants, g.participant(&in.Session, &in.Login, in.TLS))
		}
	}
	return a
}

// participant is what admission is told of a session that dials the gate.
func (g *Gate) participant(s *settings.Session, login *config.Login, tls *transport.Policy) admission.Participant {
	number, _ := g.numbers.Of(config.LinkNumber, s.Name)
	return admission.Participant{
		Link: number, Name: s.Name, Listen: hostPort(s.AcceptHost, s.AcceptPort),
		BeginString: s.BeginString, SenderCompID: s.SenderCompID, TargetCompID: s.TargetCompID,
		SenderSubID: s.SenderSubID, TargetSubID: s.TargetSubID, Precision: s.Link().Precision,
		LogonTimeout: time.Duration(s.LogonTimeoutSec) * time.Second, Schedule: s.Schedule,
		Allowed: login.Allows, Verify: g.verify(s.Name, login), TLS: tls, UseProxy: s.UseProxy,
	}
}

// venueLine is what admission is told of a session that the gate dials.
func (g *Gate) venueLine(s *settings.Session, tls *transport.Policy) admission.Venue {
	number, _ := g.numbers.Of(config.LinkNumber, s.Name)
	return admission.Venue{
		Link: number, Name: s.Name, Address: hostPort(s.ConnectHost, s.ConnectPort),
		Reconnect: time.Duration(s.ReconnectSec) * time.Second, Timeout: time.Duration(s.TimeoutSec) * time.Second,
		Schedule: s.Schedule, TLS: tls,
	}
}

func hostPort(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }

// verify is the check of a link's password; nil: none was configured.
func (g *Gate) verify(link string, login *config.Login) func(username, password []byte) bool {
	check, err := login.Verifier()
	if err != nil {
		g.log.Error().Err(err).Str("link", link).Msg("password hash: nobody can log on")
		return func(_, _ []byte) bool { return false }
	}
	return check
}

// symbols are what the price socket has to know of the instruments of a configuration.
func (g *Gate) symbols(cfg *config.Config) map[string]prices.Symbol {
	symbols := make(map[string]prices.Symbol, len(cfg.Instruments))
	for i := range cfg.Instruments {
		in := &cfg.Instruments[i]
		if n, ok := g.numbers.Of(config.InstrumentNumber, in.Symbol); ok {
			symbols[in.Symbol] = prices.Symbol{Number: n, MayBeNegative: in.NegativePrices, AgeMaxNs: in.QuoteAgeMaxNs}
		}
	}
	return symbols
}

// loadCloses brings the previous closes of a configuration into the price table, of all symbols or of those that are chosen.
func (g *Gate) loadCloses(cfg *config.Config, chosen func(symbol string) bool) {
	for i := range cfg.Instruments {
		in := &cfg.Instruments[i]
		number, ok := g.numbers.Of(config.InstrumentNumber, in.Symbol)
		if !ok || in.CloseDate == 0 || !chosen(in.Symbol) {
			continue
		}
		if !g.prices.SetClose(number, in.Close, config.DayNs(in.CloseDate)) {
			g.log.Error().Str("symbol", in.Symbol).Msg(fmt.Sprintf("no room for its close in a table of %d", g.cfg.Gate.Capacity.Instruments))
		}
	}
}
