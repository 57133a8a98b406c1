package watchdog

import (
	"errors"
	"fmt"
	"time"

	"portcullis/gate/admin"
)

// drill makes sure that a hard kill would be carried out: there is an engine to end, and the disk takes the record. It
// writes the record as it is, and ends nothing.
func (w *Watchdog) drill() (admin.Answer, error) {
	s := w.status()
	if s.EnginePID == 0 {
		return admin.Answer{}, errors.New("no engine runs that a hard kill could end")
	}
	begun := time.Now()
	written := make(chan error, 1)
	go func() { written <- w.record.rewrite() }()
	err, told := await(written, recordWithin)
	if !told {
		err = fmt.Errorf("the disk has not taken the record within %v", recordWithin)
	}
	if err != nil {
		return admin.Answer{}, fmt.Errorf("a hard kill would end the engine, but not be recorded: %w", err)
	}
	took := time.Since(begun)
	note := fmt.Sprintf("would end engine process %d (%s, heartbeat %v ago); its record was on disk after %v",
		s.EnginePID, s.Phase, time.Duration(s.BeatNs), took.Round(time.Microsecond))
	return admin.Answer{OK: true, TookNs: int64(took), Note: note}, nil
}
