package quickfixgate

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/store/file"
)

// Wiring says between whom the gate stands.
type Wiring struct {
	VenueAddr     string
	ClientCompIDs []string // of the clients' sessions: 49 of their messages
	GateCompID    string   // 56 of the clients' messages, 49 of ours to the venue
	VenueCompID   string
	FileStore     bool   // false = memory
	Dir           string // of the file store
}

// settings of one side; a session for each peer follows. FileStoreSync stays at its default, Y.
const settings = `[DEFAULT]
BeginString=FIX.4.4
HeartBtInt=30
ResetOnLogon=Y
ReconnectInterval=1
FileStorePath=%s
ConnectionType=%s
%s
SenderCompID=%s
`

// Start brings up both sides and returns where the clients' side listens. It runs until the process ends.
func Start(w Wiring, book *Book) (address string, err error) {
	app := &App{book: book, clients: map[string]quickfix.SessionID{}}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	address = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	listen := fmt.Sprintf("SocketAcceptHost=127.0.0.1\nSocketAcceptPort=%d", port)
	host, venuePort, err := net.SplitHostPort(w.VenueAddr)
	if err != nil {
		return "", fmt.Errorf("venue address: %w", err)
	}
	dial := fmt.Sprintf("SocketConnectHost=%s\nSocketConnectPort=%s", host, venuePort)

	in, err := w.parse("acceptor", listen, w.ClientCompIDs...)
	if err != nil {
		return "", err
	}
	out, err := w.parse("initiator", dial, w.VenueCompID)
	if err != nil {
		return "", err
	}
	for id := range in.SessionSettings() {
		app.clients[id.TargetCompID] = id
	}
	for id := range out.SessionSettings() { // the only one
		app.venue = id
	}
	acceptor, err := quickfix.NewAcceptor(app, w.store(in), in, yieldLog{})
	if err != nil {
		return "", fmt.Errorf("acceptor: %w", err)
	}
	initiator, err := quickfix.NewInitiator(app, w.store(out), out, yieldLog{})
	if err != nil {
		return "", fmt.Errorf("initiator: %w", err)
	}
	if err := acceptor.Start(); err != nil {
		return "", fmt.Errorf("acceptor: %w", err)
	}
	if err := initiator.Start(); err != nil {
		return "", fmt.Errorf("initiator: %w", err)
	}
	return address, nil
}

func (w Wiring) store(s *quickfix.Settings) quickfix.MessageStoreFactory {
	if w.FileStore {
		return file.NewStoreFactory(s)
	}
	return quickfix.NewMemoryStoreFactory()
}

func (w Wiring) parse(connection, socket string, targets ...string) (*quickfix.Settings, error) {
	text := fmt.Sprintf(settings, w.Dir, connection, socket, w.GateCompID)
	for _, target := range targets {
		text += "[SESSION]\nTargetCompID=" + target + "\n"
	}
	s, err := quickfix.ParseSettings(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s settings: %w", connection, err)
	}
	return s, nil
}

func freePort() (int, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port, nil
}
