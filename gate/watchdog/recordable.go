package watchdog

import (
	"context"
	"fmt"
	"time"
)

const (
	recordEvery      = 10 * time.Second
	unrecordableText = "a hard kill could NOT BE RECORDED: it would end the engine, and none would be started until its file can be written"
)

// watchRecord looks whether a hard kill could be recorded, and has people told when it no longer can: at the kill is too late to find out.
func (w *Watchdog) watchRecord(ctx context.Context, every time.Duration) {
	var looked chan error // of a look that the disk has not answered yet
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
		if looked == nil {
			looked = make(chan error, 1)
			go func(looked chan<- error) { looked <- w.record.writable() }(looked)
		}
		err, answered := await(looked, recordWithin)
		if answered {
			looked = nil
		} else {
			err = fmt.Errorf("the disk has not answered within %v", recordWithin)
		}
		w.noteRecordable(err)
	}
}

// noteRecordable tells of a change.
func (w *Watchdog) noteRecordable(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	w.mu.Lock()
	before := w.unrecordable
	w.unrecordable = text
	w.mu.Unlock()
	switch {
	case before == "" && text != "":
		w.cfg.Log.Error().Err(err).Msg(unrecordableText)
		w.alert(unrecordableText + ": " + text)
	case before != "" && text == "":
		w.cfg.Log.Info().Msg("a hard kill can be recorded again")
	}
}
