package gate

import (
	"context"

	"portcullis/gate/core"
)

// endRevoked ends the connections of peers whose certificates are revoked by now, or whose authorities are trusted no more. One that has ended by itself meanwhile is
// no matter, and the next one of its link is another; one that could not be ended is found again at the next look.
func (g *Gate) endRevoked(ctx context.Context) {
	for _, peer := range g.admission.Revoked() {
		g.log.Warn().Str("link", peer.Name).Str("reason", peer.Why.Error()).Msg("nobody vouches for the peer any more: its connection ends")
		if _, err := g.engine.Submit(ctx, core.Command{Kind: core.CmdRevoked, Index: peer.Link, Target: uint64(peer.Conn), Reason: peer.Why.Error(), Actor: "gate"}); err != nil && ctx.Err() == nil {
			g.logged("end of a revoked peer", err)
		}
	}
}
