package rehearsal

import (
	"fmt"
	"slices"

	"portcullis/gate/config"
	"portcullis/risk"
)

// named is who has made an order, and whom it has to name for it.
type named struct {
	risk.Author
	trader, algo string
}

// within tells whether orders of an account over a link count in a scope, and whom they have to name for it.
func (t *selfTest) within(s *config.Scoped, l *config.Link, a *config.Account) (by named, ok bool) {
	client := &t.cfg.Clients[a.Client]
	switch s.Of {
	case config.GroupNumber:
		return by, client.Group != config.None && t.cfg.Groups[client.Group].Name == s.Name
	case config.ClientNumber:
		return by, client.Name == s.Name
	case config.AccountNumber:
		return by, a.Name == s.Name
	case config.LinkNumber:
		return by, l.Session.Name == s.Name
	case config.DeskNumber:
		for i := range t.cfg.Traders {
			x := &t.cfg.Traders[i]
			if x.Desk != config.None && t.cfg.Desks[x.Desk].Name == s.Name {
				if by, ok = t.author(l, a, config.TraderNumber, x.Name, x.Client, l.Trader == i, l.Trader == config.None); ok {
					return by, ok
				}
			}
		}
		return by, false
	case config.TraderNumber:
		i := slices.IndexFunc(t.cfg.Traders, func(x config.Trader) bool { return x.Name == s.Name })
		return t.author(l, a, config.TraderNumber, s.Name, t.cfg.Traders[i].Client, l.Trader == i, true)
	case config.AlgoNumber:
		i := slices.IndexFunc(t.cfg.Algos, func(x config.Algo) bool { return x.Name == s.Name })
		return t.author(l, a, config.AlgoNumber, s.Name, t.cfg.Algos[i].Client, l.Algo == i, true)
	}
	return by, true
}

// author is a trader or algorithm that orders over a link are of by its configuration, or may name: FIX has parties from 4.3 on.
func (t *selfTest) author(l *config.Link, a *config.Account, kind config.Kind, name string, client int, own, may bool) (by named, ok bool) {
	number, _ := t.stage.numbers.Of(kind, name)
	to, text := &by.Trader, &by.trader
	if kind == config.AlgoNumber {
		to, text = &by.Algo, &by.algo
	}
	*to = uint16(number + 1)
	if own {
		return by, true
	}
	*text = name
	return by, may && l.Session.BeginString >= "FIX.4.3" && (client == config.None || client == l.Client)
}

// attribute has the orders of a seat name whom its link demands and does not name itself.
func (t *selfTest) attribute(s *seat) {
	l, a := s.link, s.account
	if l.NeedsTrader && l.Trader == config.None {
		for i := range t.cfg.Traders {
			if by, ok := t.author(l, a, config.TraderNumber, t.cfg.Traders[i].Name, t.cfg.Traders[i].Client, false, true); ok {
				s.name(by)
				break
			}
		}
	}
	if l.NeedsAlgo && l.Algo == config.None {
		for i := range t.cfg.Algos {
			if by, ok := t.author(l, a, config.AlgoNumber, t.cfg.Algos[i].Name, t.cfg.Algos[i].Client, false, true); ok {
				s.name(by)
				break
			}
		}
	}
	s.name(named{})
}

// name has its orders name somebody.
func (s *seat) name(by named) {
	if by.Trader != 0 {
		s.by.Trader, s.trader = by.Trader, by.trader
	}
	if by.Algo != 0 {
		s.by.Algo, s.algo = by.Algo, by.algo
	}
	s.sound.more = capacities(s.link, s.account) + parties(s.trader, s.algo)
}

// parties are the fields by which an order names its trader and its algorithm.
func parties(trader, algo string) string {
	text, count := "", 0
	if trader != "" {
		text += "448=" + trader + "|447=D|452=12|"
		count++
	}
	if algo != "" {
		text += "448=" + algo + "|447=D|452=12|2376=22|"
		count++
	}
	if count == 0 {
		return ""
	}
	return fmt.Sprintf("453=%d|%s", count, text)
}
