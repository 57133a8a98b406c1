package assemble

import (
	"errors"
	"fmt"

	"portcullis/gate/config"
	"portcullis/risk"
)

// ScopeOf is the scope that names of a kind are of; NoNumber is the firm.
func ScopeOf(kind config.Kind) risk.Scope {
	if kind == config.NoNumber {
		return risk.ScopeFirm
	}
	return scopeKinds[kind]
}

// ClassOf is what a word in the type column of instruments says.
func ClassOf(word string) risk.Class { return classes[word] }

// place is the kind and number of a scope that has limits.
func (l lookup) place(s *config.Scoped) (kind risk.Scope, number uint32) {
	if s.Of == config.NoNumber {
		return risk.ScopeFirm, 0
	}
	return ScopeOf(s.Of), l.of(s.Of, s.Name)
}

// countOrderRules is how many rows they take.
func countOrderRules(cfg *config.Config) (count int) {
	for _, s := range cfg.Scopes() {
		count += len(*s.Orders)
	}
	return count
}

func (l lookup) setOrderRules(book *risk.Book) error {
	var errs []error
	for _, s := range l.cfg.Scopes() {
		kind, number := l.place(&s)
		for _, rule := range *s.Orders {
			if err := book.SetOrderLimits(kind, number, l.part(rule.Type, rule.Symbol), orderLimits(&rule.OrderLimits)); err != nil {
				errs = append(errs, fmt.Errorf("%s: limits of single orders: %w", &s, err))
			}
		}
	}
	return errors.Join(errs...)
}

// setSlices limits scopes in parts of their instruments.
func (l lookup) setSlices(book *risk.Book) error {
	var errs []error
	for _, s := range l.cfg.Scopes() {
		if s.Limits == nil {
			continue
		}
		kind, number := l.place(&s)
		for _, slice := range s.Limits.Slices {
			if err := book.SetSlice(kind, number, l.part(slice.Type, slice.Symbol), limits(slice.Limits)); err != nil {
				errs = append(errs, fmt.Errorf("%s: limits in %s%s: %w", &s, slice.Type, slice.Symbol, err))
			}
		}
	}
	return errors.Join(errs...)
}

// part is where a limit holds: in a type of instruments, or in one.
func (l lookup) part(kind, symbol string) risk.Part {
	if symbol != "" {
		return risk.Part{Class: risk.OneInstrument, Instrument: l.of(config.InstrumentNumber, symbol)}
	}
	return risk.Part{Class: classes[kind]}
}

func orderLimits(in *config.OrderLimits) risk.OrderLimits {
	return risk.OrderLimits{OrderQtyMax: risk.Qty(in.OrderQtyMax), OrderQtyMin: risk.Qty(in.OrderQtyMin),
		NotionalMax: risk.Money(in.NotionalMax), MarketMax: risk.Money(in.MarketNotionalMax), AdvBpsMax: int64(in.AdvBpsMax)}
}
