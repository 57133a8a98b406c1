package audit

import (
	"fmt"
	"io"

	"portcullis/gate/config"
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
		fmt.Fprintf(w, "PENDING APPROVAL: configuration %s, offered by %s\n", offeredHash(s.config), s.offeredBy)
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

// offeredHash is as much of the hash of what is offered as gate approve wants.
func offeredHash(cfg *config.Config) string {
	hash := cfg.Offered().Governed()
	return fmt.Sprintf("%x", hash[:hashBytes])
}
