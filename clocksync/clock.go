package clocksync

import (
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const bootIDFile = "/proc/sys/kernel/random/boot_id"

// Clock reads the host's clock. It never changes after New, so any number of goroutines may use it.
type Clock struct {
	base   time.Time // some moment of this process, with Go's monotonic reading
	baseNs int64     // CLOCK_MONOTONIC at base
	skewNs int64     // baseNs is right within ± skewNs; below a microsecond unless the host was very busy
	bootID [16]byte
}

// New reads the boot id and ties Go's monotonic time to CLOCK_MONOTONIC.
func New() (*Clock, error) {
	text, err := os.ReadFile(bootIDFile)
	if err != nil {
		return nil, fmt.Errorf("reading the boot id (is /proc mounted?): %w", err)
	}
	c := &Clock{}
	if c.bootID, err = parseBootID(string(text)); err != nil {
		return nil, err
	}
	return c, c.tie()
}

// tie finds CLOCK_MONOTONIC at a Go time. Go reads the same kernel clock but hides its value, so the kernel's
// reading is taken between two of Go's; the tightest of several tries wins, since a try may be interrupted.
func (c *Clock) tie() error {
	const tries = 32
	for i := range tries {
		before := time.Now()
		var ts unix.Timespec
		if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
			return fmt.Errorf("reading CLOCK_MONOTONIC: %w", err)
		}
		half := int64(time.Since(before)) / 2
		if i == 0 || half < c.skewNs {
			c.base, c.baseNs, c.skewNs = before, ts.Nano()-half, half
		}
	}
	c.skewNs++ // the half that the division dropped
	return nil
}

// Now reads the clock. It does not allocate or lock.
func (c *Clock) Now() Stamp {
	t := time.Now()
	return Stamp{
		UTCNs:   t.UnixNano(),
		MonoNs:  c.baseNs + int64(t.Sub(c.base)), // both have a monotonic reading: a step of UTC does not show
		BoundNs: BoundUnknown,
		State:   Unsynchronised,
	}
}

// BootID names this boot of the host.
func (c *Clock) BootID() [16]byte { return c.bootID }

// parseBootID reads "01234567-89ab-cdef-0123-456789abcdef" and a line end.
func parseBootID(text string) (id [16]byte, err error) {
	digits := strings.ReplaceAll(strings.TrimSpace(text), "-", "")
	if len(digits) == 2*len(id) {
		_, err = hex.Decode(id[:], []byte(digits))
	}
	if len(digits) != 2*len(id) || err != nil || id == [16]byte{} {
		return [16]byte{}, fmt.Errorf("%s holds %.60q, not a boot id", bootIDFile, text)
	}
	return id, nil
}
