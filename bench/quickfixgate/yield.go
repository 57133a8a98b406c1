package quickfixgate

import (
	"runtime"

	"github.com/quickfixgo/quickfix"
)

// yieldLog is a quickfix log that writes nothing and lets the connection's writer run after each message.
//
// quickfixgo 0.9.10 hands a message to its writer over an unbuffered channel without waiting, and when the writer
// is still busy the session's loop tries again at once, without pause. On two cores both sessions' loops then keep
// both processors of the Go scheduler from the very writers they wait for, until the scheduler interrupts them after
// 10 ms: a flood fell to some hundred orders a second. OnOutgoing is the one place where an application gets hold of
// that loop. Giving way there costs nothing and makes the opponent as fast as it can be.
type yieldLog struct{}

func (yieldLog) OnIncoming([]byte)       {}
func (yieldLog) OnOutgoing([]byte)       { runtime.Gosched() }
func (yieldLog) OnEvent(string)          {}
func (yieldLog) OnEventf(string, ...any) {}

func (yieldLog) Create() (quickfix.Log, error)                             { return yieldLog{}, nil }
func (yieldLog) CreateSessionLog(quickfix.SessionID) (quickfix.Log, error) { return yieldLog{}, nil }
