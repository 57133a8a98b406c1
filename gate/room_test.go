package gate

import (
	"context"
	"slices"
	"testing"
	"time"
)

// TestRoomIsTold: that the journal has no room is told once for as long as it lasts, and so is its end.
func TestRoomIsTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	states := []bool{false, true, true, true, false, false, true}
	looks := make(chan time.Time, len(states))
	for range states {
		looks <- time.Time{}
	}
	var told []string
	n := 0
	watchRoom(ctx, looks, func() bool {
		if n++; n == len(states) {
			cancel()
		}
		return states[n-1]
	}, func(text string) { told = append(told, text) })
	if want := []string{noRoomText, roomText, noRoomText}; !slices.Equal(told, want) {
		t.Errorf("%q", told)
	}
}
