package verbs

import (
	"strconv"
	"time"

	"portcullis/gate/audit"
	"portcullis/gate/config"
)

type controlsVerb struct {
	Config string `short:"c" default:"gate.yaml" help:"The configuration."`
}

// Run prints the matrix of controls with who answers for each.
func (v *controlsVerb) Run() error {
	cfg, err := config.Load(v.Config)
	if err != nil {
		return err
	}
	today, err := strconv.Atoi(time.Now().UTC().Format("20060102"))
	if err != nil {
		return err
	}
	audit.Controls(out, cfg, today)
	return nil
}
