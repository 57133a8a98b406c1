package transport

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Authorities are certificates of those who vouch for peers, as one file has them.
type Authorities []*x509.Certificate

// ParseAuthorities reads PEM. What is no certificate in it, such as a key, is passed over.
func ParseAuthorities(data []byte) (Authorities, error) {
	list, what := certificates(data)
	if what != "" {
		return nil, errors.New(what)
	}
	return list, nil
}

// PEM writes them in an order of its own, each once: whoever trusts the same has the same.
func (a Authorities) PEM() []byte {
	list := slices.SortedFunc(slices.Values(a), func(x, y *x509.Certificate) int { return bytes.Compare(x.Raw, y.Raw) })
	list = slices.CompactFunc(list, (*x509.Certificate).Equal)
	var out []byte
	for _, one := range list {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: one.Raw})...)
	}
	return out
}

// Among are those that others are as well.
func (a Authorities) Among(others Authorities) (both Authorities) {
	for _, one := range a {
		if slices.ContainsFunc(others, one.Equal) {
			both = append(both, one)
		}
	}
	return both
}

// String names them, each with the print of its certificate: names alone anybody can take.
func (a Authorities) String() string {
	var list []string
	for _, one := range a {
		list = append(list, fmt.Sprintf("%.64q (SHA-256 %x)", subject(one), sha256.Sum256(one.Raw)))
	}
	return strings.Join(list, ", ")
}
