package gate

import (
	"context"
	"time"

	"portcullis/gate/config"
	"portcullis/gate/core"
)

// rateLook is how often the rates of exchange in force are looked at.
const rateLook = time.Second

// keepRates alerts of each rate of exchange in force that goes stale, once, until ctx ends. The orders are refused by the engine,
// which asks nobody here.
func (g *Gate) keepRates(ctx context.Context) {
	var rates staleRates
	look := time.NewTicker(rateLook)
	defer look.Stop()
	for {
		rates.look(g.files(), g.now(), func(why string) error {
			g.log.Error().Msg(why)
			_, err := g.engine.Submit(ctx, core.Command{Kind: core.CmdRateStale, Actor: "gate", Reason: why})
			if err != nil && ctx.Err() == nil {
				g.logged("alert of a stale rate of exchange", err)
			}
			return err
		})
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// staleRates are the rates of a configuration, and of which of them somebody was told.
type staleRates struct {
	of   *config.Config
	list []config.FXRate
	told map[config.FXRate]bool
}

// look tells of each rate that is stale and was not told, and tells again of one that was good meanwhile, as after a clock was set.
func (s *staleRates) look(cfg *config.Config, now time.Time, tell func(why string) error) {
	if cfg != s.of {
		s.of, s.list = cfg, cfg.FXRates()
	}
	told := map[config.FXRate]bool{}
	for _, r := range s.list {
		if r.Stale(now) {
			told[r] = s.told[r] || tell(r.Warning(now)) == nil
		}
	}
	s.told = told
}
