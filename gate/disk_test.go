package gate

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

// TestDiskIsTold: that little room is left is told once, and again only after there was more; a disk that cannot be asked says nothing.
func TestDiskIsTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	left := []uint64{100, 99, 50, 0, 124, 99, 125, 99, 10}
	looks := make(chan time.Time, len(left))
	for range left[1:] {
		looks <- time.Time{}
	}
	var told []uint64
	n := -1
	watchDisk(ctx, looks, func() (uint64, error) {
		if n++; n == len(left)-1 {
			cancel()
		}
		if left[n] == 0 {
			return 0, errors.New("gone")
		}
		return left[n], nil
	}, 100, func(left uint64) { told = append(told, left) })
	if !slices.Equal(told, []uint64{99, 99}) {
		t.Error(told)
	}
}
