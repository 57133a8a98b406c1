package gate

import (
	"strings"
	"testing"

	"portcullis/gate/config"
)

// TestSessionSettings: what a settings file says of a session is what its link does.
func TestSessionSettings(t *testing.T) {
	files := config.SampleFiles(pathDate)
	files["participants.cfg"] = []byte(strings.Replace(string(files["participants.cfg"]), "TargetCompID=ACME\n",
		"TargetCompID=ACME\nHeartBtIntOverride=Y\nHeartBtInt=7\nResendRequestChunkSize=100\nEnableLastMsgSeqNumProcessed=Y\n", 1))
	p, err := newPathOf(t, files)
	if err != nil {
		t.Fatal(err)
	}
	acme, globex := p.links["ACME"], p.links["GLOBEX"]
	if got := p.core.LinkState(acme).HeartBtNs; got != 7e9 {
		t.Errorf("HeartBtIntOverride: an interval of %d ns", got)
	}
	p.message(acme, "35=1|112=x|")
	if !strings.Contains(p.toClient, "|369=2|") {
		t.Errorf("EnableLastMsgSeqNumProcessed: %s", p.toClient)
	}
	p.seq[acme] += 500
	p.message(acme, "35=1|112=y|")
	if !strings.Contains(p.toClient, "|7=3|16=102|") {
		t.Errorf("ResendRequestChunkSize: %s", p.toClient)
	}
	if s := p.core.Setup().Links[globex].Settings; s.HeartBtOverride || s.ResendChunk != 0 || s.LastProcessed {
		t.Errorf("GLOBEX has none of it: %+v", s)
	}
}
