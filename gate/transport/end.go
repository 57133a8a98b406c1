package transport

import (
	"fmt"
	"time"
)

// End says until when a certificate is good, or a list of revoked ones.
type End struct {
	File    string    `json:"file"`
	Subject string    `json:"subject"`
	At      time.Time `json:"at"`
	Listed  time.Time `json:"listed,omitzero"` // of a list: when it was made; zero: it is a certificate
}

// soon is how long before its end a certificate deserves a warning: time to have another made and brought to all peers.
const soon = 14 * 24 * time.Hour

// List reports whether it is of a list of revoked certificates.
func (e End) List() bool { return !e.Listed.IsZero() }

// Soon reports whether the end is near, or past. Authorities make lists for a day or for a month, and the next one well before
// the end: it is late in the last quarter.
func (e End) Soon(now time.Time) bool {
	lead := soon
	if e.List() {
		lead = min(soon, e.At.Sub(e.Listed)/4)
	}
	return now.Add(lead).After(e.At)
}

// Ended reports whether it is past.
func (e End) Ended(now time.Time) bool { return !now.Before(e.At) }

// Warning says how near it is.
func (e End) Warning(now time.Time) string {
	switch {
	case e.List() && e.Ended(now):
		return "the list of what " + e.Subject + " has revoked ended on " + day(e.At) + ": whoever has a certificate of it is refused until there is a newer list"
	case e.List():
		return "the list of what " + e.Subject + " has revoked ends on " + day(e.At) + ": get the next one, or whoever has a certificate of it is refused"
	case e.Ended(now):
		return "the certificate of " + e.Subject + " ended on " + day(e.At) + ": peers refuse it"
	}
	return fmt.Sprintf("the certificate of %s ends on %s, in %d days: have it renewed", e.Subject, day(e.At), int(e.At.Sub(now).Hours()/24))
}

// ends lists until when what is shown, who is trusted, and what they have revoked, is good.
func (k *Keys) ends() (list []End) {
	m := k.current.Load()
	if m.certificate != nil {
		list = append(list, End{File: k.files.Certificate, Subject: subject(m.certificate.Leaf), At: m.certificate.Leaf.NotAfter})
	}
	for _, authority := range m.authorities {
		list = append(list, End{File: k.files.CA, Subject: subject(authority), At: authority.NotAfter})
	}
	for i := range m.lists {
		l := &m.lists[i]
		list = append(list, End{File: l.file, Subject: subject(l.authority), At: l.end, Listed: l.from})
	}
	return list
}
