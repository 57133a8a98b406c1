package admission

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"portcullis/clocksync"
	"portcullis/fix"
	"portcullis/fix/schedule"
	"portcullis/gate/calm"
	"portcullis/gate/engine"
	"portcullis/gate/transport"
	"portcullis/session"
)

// Engine is what admission needs of the engine; *engine.Engine satisfies it.
type Engine interface {
	Claim(link uint32) bool
	Release(link uint32)
	Idle(link uint32) bool
	Held(link uint32) bool
	Handover(c engine.Conn) (number uint32, err error)
}

// Participant is a link that others connect to.
type Participant struct {
	Link         uint32
	Name         string
	Listen       string // host:port; links may share it
	BeginString  string
	SenderCompID string        // ours: the peer's TargetCompID(56)
	TargetCompID string        // the peer's SenderCompID(49)
	SenderSubID  string        // ours: the peer's TargetSubID(57); empty: not compared
	TargetSubID  string        // the peer's SenderSubID(50); empty: not compared
	ApplVerID    string        // the peer's DefaultApplVerID(1137), where links differ in it alone
	Precision    fix.Precision // of the SendingTime(52) of a refusal
	LogonTimeout time.Duration
	Schedule     *schedule.Schedule                   // when it may log on; nil: always
	Allowed      func(netip.Addr) bool                // source address list; nil lets nobody in
	Verify       func(username, password []byte) bool // nil: no password was configured
	TLS          *transport.Policy                    // nil: plain; links that share Listen have all TLS or none
	UseProxy     bool                                 // connections come from Config.Proxies; as TLS the same for all
}

// Venue is a link that we dial.
type Venue struct {
	Link      uint32
	Name      string
	Address   string // host:port
	Reconnect time.Duration
	Timeout   time.Duration      // to connect and shake hands; 0: as long as Reconnect, within bounds
	Schedule  *schedule.Schedule // when it is dialled; nil: always
	TLS       *transport.Policy  // nil: plain
}

// Strangers are peers that Participants does not name. A gate has none: who is not listed has no rights there. It is for
// a server that has nothing to lose.
type Strangers struct {
	Listen string            // host:port
	TLS    *transport.Policy // nil: plain
	// Admit gives the link of a Logon; the error says why it has none. Several Logons may come at once.
	Admit func(logon *fix.Message) (*Participant, error)
}

// Config is all that admission is told. A zero Bounds means DefaultBounds.
type Config struct {
	Participants    []Participant
	Strangers       *Strangers // nil: who is not among Participants is refused
	Venues          []Venue
	Proxies         []netip.Prefix // who may say for whom it speaks, with the PROXY protocol
	MessageBytesMax int            // longest FIX message
	Bounds          Bounds
	Clock           clocksync.Source // nil: the host's
	Log             zerolog.Logger
}

// Bounds keep floods away. What is above them is closed unread and logged.
type Bounds struct {
	HalfOpenMax           int // connections without a Logon
	HalfOpenPerAddressMax int
	ConnectionsMax        int // connections of one address within Window
	LogonsMax             int // Logons of one link within Window, right or wrong
	Window                time.Duration
	HashingMax            int // passwords checked at once: each takes a tenth of a second of a processor
	Lockout               session.LockoutConfig
}

// DefaultBounds leave room for a broker that reconnects a hundred links from one address.
var DefaultBounds = Bounds{
	HalfOpenMax: 1024, HalfOpenPerAddressMax: 256, ConnectionsMax: 512, LogonsMax: 10, Window: 10 * time.Second,
	HashingMax: max(1, runtime.NumCPU()/2),
	Lockout: session.LockoutConfig{FailuresMax: 5, IdentityFailuresMax: 30, AddressFailuresMax: 200,
		WindowNs: 60_000_000_000, LockNs: 60_000_000_000, EntriesMax: 10_000},
}

// Admission owns the listeners, the half-open connections and the dialers.
type Admission struct {
	cfg     Config
	engine  Engine
	log     *calm.Log // of refusals: a flood of them does not flood it
	lockout *session.Lockout
	hashing chan struct{}
	ctx     context.Context // ends with Stop
	cancel  context.CancelFunc
	running sync.WaitGroup

	acceptors atomic.Pointer[acceptors]
	dialers   map[uint32]*dialer // by link

	mu       sync.Mutex
	halfOpen map[net.Conn]netip.Addr
	from     map[netip.Addr]int // half-open connections by address
	accepts  windows[netip.Addr]
	logons   windows[uint32]
	secured  map[uint32]secured // by link: its last connection
}

// Start opens the listeners and starts the dialers.
func Start(cfg Config, e Engine) (*Admission, error) {
	if cfg.Bounds == (Bounds{}) {
		cfg.Bounds = DefaultBounds
	}
	if cfg.Clock == nil {
		clock, err := clocksync.New()
		if err != nil {
			return nil, fmt.Errorf("admission: %w", err)
		}
		cfg.Clock = clock
	}
	lockout, err := session.NewLockout(cfg.Bounds.Lockout)
	if err != nil {
		return nil, fmt.Errorf("admission: %w", err)
	}
	a := &Admission{
		cfg: cfg, engine: e, lockout: lockout, hashing: make(chan struct{}, max(cfg.Bounds.HashingMax, 1)),
		log: calm.New(cfg.Log), dialers: make(map[uint32]*dialer),
		halfOpen: make(map[net.Conn]netip.Addr), from: make(map[netip.Addr]int), secured: make(map[uint32]secured),
		accepts: newWindows[netip.Addr](cfg.Bounds.ConnectionsMax, cfg.Bounds.Window),
		logons:  newWindows[uint32](cfg.Bounds.LogonsMax, cfg.Bounds.Window),
	}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	a.acceptors.Store(&acceptors{})
	next, err := a.Prepare(cfg.Participants, cfg.Venues)
	if err != nil {
		a.cancel()
		return nil, err
	}
	next.Commit()
	return a, nil
}

// Addr is the address that a configured host:port came to listen on, for port 0; nil if it is not configured.
func (a *Admission) Addr(listen string) net.Addr {
	if d, ok := a.acceptors.Load().at[listen]; ok {
		return d.Addr()
	}
	return nil
}

// Stop closes the listeners, ends half-open connections and dialers, and waits for all goroutines or for ctx.
func (a *Admission) Stop(ctx context.Context) error {
	defer a.log.Flush()
	a.mu.Lock()
	a.cancel()
	a.acceptors.Load().close(nil)
	for c := range a.halfOpen {
		_ = c.Close() // its goroutine sees the error
	}
	a.mu.Unlock()
	done := make(chan struct{})
	go func() {
		a.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("admission: not all connections ended: %w", ctx.Err())
	}
}

func (a *Admission) nowNs() int64 { return a.cfg.Clock.Now().MonoNs }

func (a *Admission) open(s *schedule.Schedule) bool {
	_, _, open := s.At(a.cfg.Clock.Now().UTCNs)
	return open
}
