package audit

import (
	"fmt"
	"io"
	"time"

	"portcullis/gate/transport"
)

// Certificates prints until when certificates are good, the soonest end first; nothing where there are none.
func Certificates(w io.Writer, ends []transport.End, now time.Time) {
	t := newTable("certificate", "of", "ends", ">days left", "")
	for _, end := range ends {
		remark := ""
		switch {
		case end.List() && end.Ended(now):
			remark = "ENDED: its peers are refused"
		case end.List() && end.Soon(now):
			remark = "get the next list"
		case end.Soon(now):
			remark = "have it renewed"
		}
		of := end.Subject
		if end.List() {
			of = "revoked by " + of
		}
		t.add(end.File, of, end.At.UTC().Format(time.RFC3339), fmt.Sprint(int(end.At.Sub(now).Hours())/24), remark)
	}
	t.write(w, "")
}
