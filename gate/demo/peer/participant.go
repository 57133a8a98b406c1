package peer

import (
	"maps"
	"net"
	"strconv"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/config"
)

// ParticipantConfig is who connects where.
type ParticipantConfig struct {
	BeginString  string            // "FIX.4.4"
	ApplVerID    string            // with FIXT.1.1, see version
	Dictionaries string            // see version
	SenderCompID string            // the participant
	TargetCompID string            // the gate
	Address      string            // host:port of the gate
	Username     string            // 553; "" = no credentials in the Logon
	Password     string            // 554
	HeartBtSec   int               // 0 = 30
	Store        *Store            // nil = numbers begin at 1
	Reset        bool              // numbers begin anew with each Logon: 141=Y
	Settings     map[string]string // more of quickfixgo's, such as those of TLS
}

// Participant is a client of the gate: it connects, sends orders and reads the answers.
type Participant struct {
	*session
	initiator *quickfix.Initiator
}

// Dial starts a participant. It returns at once; AwaitLogon waits for the session. A connection
// that is refused or lost is tried again ten times a second.
func Dial(c ParticipantConfig) (*Participant, error) {
	p := newParticipant(c)
	host, port, err := net.SplitHostPort(c.Address)
	if err != nil {
		return nil, err
	}
	if c.HeartBtSec == 0 {
		c.HeartBtSec = 30
	}
	reset := "N"
	if c.Reset {
		reset = "Y"
	}
	pairs := map[string]string{
		config.ResetOnLogon: reset, config.SocketConnectHost: host, config.SocketConnectPort: port,
		config.HeartBtInt: strconv.Itoa(c.HeartBtSec), config.ReconnectInterval: "100ms",
	}
	maps.Copy(pairs, c.Settings)
	settings, err := p.settings(pairs)
	if err != nil {
		return nil, err
	}
	if p.initiator, err = quickfix.NewInitiator(p.session, stores{p.store}, settings, p.session); err != nil {
		return nil, err
	}
	return p, p.initiator.Start()
}

func newParticipant(c ParticipantConfig) *Participant {
	s := newSession(version{c.BeginString, c.ApplVerID, c.Dictionaries}, c.SenderCompID, c.TargetCompID, c.Store)
	s.username, s.password = c.Username, c.Password
	return &Participant{session: s}
}

// Stop logs out and ends the session.
func (p *Participant) Stop() { p.initiator.Stop() }
