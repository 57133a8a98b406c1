package audit

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
)

// Pending prints what was offered and waits for a second person: what it would loosen, and what stays until then.
func (s *State) Pending(w io.Writer) {
	held := s.config.Held()
	if len(held) == 0 {
		fmt.Fprintln(w, "nothing waits for approval")
		return
	}
	waits := s.core.Offer() != ""
	if waits {
		fmt.Fprintf(w, "PENDING APPROVAL: configuration %s, offered by %s\n", offeredHash(s.config), s.offeredBy())
		if others := s.alsoBehind(); others != "" {
			fmt.Fprintf(w, "nor do these approve it, who logged on for that or own its file: %s\n", others)
		}
	} else {
		fmt.Fprintf(w, "configuration %s is approved; this comes into force at the next start:\n", offeredHash(s.config))
	}
	for _, h := range held {
		fmt.Fprintf(w, "    %s\n", h)
	}
	for _, o := range s.config.Offered().Overlay() {
		if !s.config.Holds(&o) {
			fmt.Fprintf(w, "    %s: %s until %s is asked for by %s: %s\n", &o, o.Value, o.Ends(), o.By, o.Why)
		}
	}
	if !waits {
		return
	}
	fmt.Fprintf(w, "what it tightens is in force; for the rest another member of admin_group says gate approve %s -r WHY\n", offeredHash(s.config))
}

// offer is somebody's word that a configuration is to be put in force.
type offer struct {
	user  uint32
	words string // who and why
}

// offered notes who stands behind what waits, before the core does. What the gate offers by itself is no one's.
func (s *State) offered(r *assemble.Record, e *core.Effect) {
	waits := s.core.Offer()
	if e.Len == 0 || waits == "" || e.Status == core.OffersAnew && text(&r.Event, e) != waits {
		s.offers = nil
	}
	if e.Len == 0 || waits != "" && e.Status == core.OffersFor {
		return
	}
	by := offer{uint32(e.Seq), giver(r.Event.Data)}
	s.offers = slices.DeleteFunc(s.offers, func(o offer) bool { return o.user == by.user })
	s.offers = append(s.offers, by)
}

// offeredBy says who offered what waits, and why.
func (s *State) offeredBy() string {
	var words []string
	for _, o := range s.offers {
		words = append(words, o.words)
	}
	return strings.Join(words, "; and by ")
}

// alsoBehind are the users who stand behind what waits and have not offered it themselves.
func (s *State) alsoBehind() string {
	waits := s.core.Offered()
	users, all := waits.Behind()
	var words []string
	for _, user := range users {
		if !slices.ContainsFunc(s.offers, func(o offer) bool { return o.user == user }) {
			words = append(words, fmt.Sprintf("user %d", user))
		}
	}
	if all {
		words = append(words, "everybody, for more stand behind it than are told apart")
	}
	return strings.Join(words, ", ")
}

// offeredHash is as much of the hash of what is offered as gate approve wants.
func offeredHash(cfg *config.Config) string {
	hash := cfg.Offered().Governed()
	return fmt.Sprintf("%x", hash[:hashBytes])
}
