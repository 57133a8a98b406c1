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
	VenueAddr              string
	ClientCompID, GateComp string // the client's session: 49 and 56 of its messages
	VenueCompID            string
	FileStore              bool   // false = memory
	Dir                    string // of the file store
}

// settings of both sessions. FileStoreSync stays at its default, Y.
const settings = `[DEFAULT]
BeginString=FIX.4.4
HeartBtInt=30
ResetOnLogon=Y
ReconnectInterval=1
FileStorePath=%[1]s

[SESSION]
ConnectionType=%[2]s
%[3]s
SenderCompID=%[4]s
TargetCompID=%[5]s
`

// Start brings up both sides and returns where the client's side listens. It runs until the process ends.
func Start(w Wiring, book *Book) (address string, err error) {
	app := &App{book: book}
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

	in, err := parse(w.Dir, "acceptor", listen, w.GateComp, w.ClientCompID)
	if err != nil {
		return "", err
	}
	out, err := parse(w.Dir, "initiator", dial, w.GateComp, w.VenueCompID)
	if err != nil {
		return "", err
	}
	app.client, app.venue = only(in), only(out)
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

func parse(dir, connection, socket, sender, target string) (*quickfix.Settings, error) {
	text := fmt.Sprintf(settings, dir, connection, socket, sender, target)
	s, err := quickfix.ParseSettings(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s settings: %w", connection, err)
	}
	return s, nil
}

// only is the one session that the settings name.
func only(s *quickfix.Settings) quickfix.SessionID {
	for id := range s.SessionSettings() {
		return id
	}
	return quickfix.SessionID{}
}

func freePort() (int, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port, nil
}
