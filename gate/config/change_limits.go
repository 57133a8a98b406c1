package config

import (
	"slices"

	"portcullis/risk"
)

// ScopeLimits are the limits of credit of one scope.
type ScopeLimits struct {
	Of   Kind
	Name string // "": the firm, whatever Of says
	Limits
}

// ChangedLimits are the limits of credit, gross, net and what closing orders may use beyond, that a running gate follows:
// those of scopes that are in both configurations and limit nothing else.
func ChangedLimits(was, is *Config) (list []ScopeLimits) {
	type scope struct {
		of   Kind
		name string
	}
	before := map[scope]Limits{}
	for _, s := range was.scopeLimits() {
		before[scope{s.Of, s.Name}] = s.Limits
	}
	for _, s := range is.scopeLimits() {
		old, known := before[scope{s.Of, s.Name}]
		same := old.Gross == s.Gross && old.Net == s.Net && old.ClosingReserveBps == s.ClosingReserveBps
		if known && !same && old.plain() && s.plain() {
			list = append(list, s)
		}
	}
	return list
}

// plain tells whether limits are nothing but gross and net.
func (l *Limits) plain() bool {
	return l.Measures == nil && len(l.Slices) == 0 && l.Warn == (risk.WarnLevels{})
}

// scopeLimits are the limits of all scopes that have some of themselves. Links and venues have them by choice: whether
// one does is for a start.
func (c *Config) scopeLimits() []ScopeLimits {
	list := []ScopeLimits{{Limits: c.Firm}}
	add := func(of Kind, name string, l Limits) { list = append(list, ScopeLimits{of, name, l}) }
	for i := range c.Groups {
		add(GroupNumber, c.Groups[i].Name, c.Groups[i].Limits)
	}
	for i := range c.Clients {
		add(ClientNumber, c.Clients[i].Name, c.Clients[i].Limits)
	}
	for i := range c.Desks {
		add(DeskNumber, c.Desks[i].Name, c.Desks[i].Limits)
	}
	for i := range c.Traders {
		add(TraderNumber, c.Traders[i].Name, c.Traders[i].Limits)
	}
	for i := range c.Algos {
		add(AlgoNumber, c.Algos[i].Name, c.Algos[i].Limits)
	}
	for i := range c.Accounts {
		add(AccountNumber, c.Accounts[i].Name, c.Accounts[i].Limits)
	}
	return list
}

// String names the scope.
func (s *ScopeLimits) String() string {
	if s.Name == "" {
		return "firm"
	}
	return s.Of.String() + " " + s.Name
}

// withoutCredit are entries without the limits that a running gate follows.
func withoutCredit[T any](list []T, limits func(*T) *Limits) []T {
	list = slices.Clone(list)
	for i := range list {
		if l := limits(&list[i]); l.plain() {
			*l = Limits{}
		}
	}
	return list
}

// Where the entries of a table have them.
func groupLimits(x *Group) *Limits     { return &x.Limits }
func deskLimits(x *Desk) *Limits       { return &x.Limits }
func traderLimits(x *Trader) *Limits   { return &x.Limits }
func algoLimits(x *Algo) *Limits       { return &x.Limits }
func clientLimits(x *Client) *Limits   { return &x.Limits }
func accountLimits(x *Account) *Limits { return &x.Limits }
