package audit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"portcullis/gate/admin"
)

// AsOf says that what the last verb told is how things stood at the last record, and no more: no gate is at work on the
// journal, or the one that holds it does not answer. "" where one is at work, so that the verb told the present.
// socket is the gate's admin socket, "" where that is not known.
func (j *Journal) AsOf(ctx context.Context, socket string) string {
	what := ""
	if lockHolder(filepath.Join(j.dir, "LOCK")) == "" {
		what = "the gate is not running"
	} else if socket != "" {
		_, err := admin.Client{Path: socket, AnswerWithin: pingWithin}.Do(ctx, admin.Request{Verb: admin.Ping})
		if errors.Is(err, os.ErrDeadlineExceeded) {
			what = "the gate does not answer: it is stopped or stuck"
		}
	}
	if what == "" {
		return ""
	}
	return fmt.Sprintf("%s; as of record %d, %s", what, j.last.Seq, utc(j.last.UTCNs))
}
