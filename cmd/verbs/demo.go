package verbs

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"portcullis/gate/demo"
)

type demoVerb struct {
	Stay bool `help:"Keep the gate and the venue running afterwards, until Ctrl-C."`
	Keep bool `help:"Leave configuration, log and journal behind."`
}

// Run plays the demo; it fails if a verdict or a figure is not what it must be.
func (v *demoVerb) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	return demo.Run(ctx, demo.Options{Out: os.Stdout, Stay: v.Stay, Keep: v.Keep})
}
