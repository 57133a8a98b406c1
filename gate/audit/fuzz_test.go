package audit

import (
	"bytes"
	"testing"

	"portcullis/gate/assemble"
	"portcullis/gate/core"
)

// FuzzDescribe: whatever bytes a record has, it is put into words or refused, in full and without a
// panic.
func FuzzDescribe(f *testing.F) {
	w := openDesk(f, f.TempDir(), morning, sampleFiles())
	w.logon()
	w.order(acme, "35=D|11=A-1|1=ACME-1|55=AAPL|54=1|38=1000|40=2|44=188.10|59=0|")
	w.close()
	for _, payload := range w.payloads {
		f.Add(payload)
	}
	j := must(Open(w.dir))(f)
	r := new(assemble.Record)
	f.Fuzz(func(t *testing.T, payload []byte) {
		r.Payload = payload
		if core.DecodeRecord(payload, &r.Event, &r.Decision) != nil {
			return
		}
		var out bytes.Buffer
		e := j.describe(r)
		e.write(&out)
		check(t, e.writeJSON(&out))
		of := share{newPlot(), 0, true}
		of.plot.of(r)
		j.namedBy(r, "A-1", of)
		told := &told{journal: j, clOrdIDs: map[givenAs]bool{}, sent: map[sentAs]bool{}}
		told.concerns(r)
		told.take(r, nil, of)
		told.write(&out)
		if bytes.ContainsAny(out.Bytes(), "\x00\x01\x1b") {
			t.Errorf("bytes that a terminal obeys: %q", out.String())
		}
	})
}
