package verbs

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/fixecho"
)

type fixechoVerb struct {
	Settings string `required:"" help:"QuickFIX settings file with the sessions to accept." type:"path"`
}

// Run serves until SIGTERM or SIGINT.
func (v *fixechoVerb) Run() error {
	log := zerolog.New(zerolog.ConsoleWriter{Out: os.Stderr, TimeFormat: time.RFC3339, NoColor: true}).
		With().Timestamp().Logger()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	s, err := fixecho.Start(v.Settings, log)
	if err != nil {
		return err
	}
	for _, addr := range s.Addrs() {
		fmt.Println("listening on", addr)
	}
	select {
	case <-ctx.Done():
	case err := <-s.Ended():
		if err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return s.Stop(ctx)
}

// longFlags gives flags that the QuickFIX family writes with one dash the two that they have here.
func longFlags(args []string) []string {
	long := make([]string, len(args))
	for i, arg := range args {
		if arg == "-settings" || strings.HasPrefix(arg, "-settings=") {
			arg = "-" + arg
		}
		long[i] = arg
	}
	return long
}
