package watchdog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"portcullis/gate/cell"
)

// Kill is a hard kill: of the whole firm.
type Kill struct {
	Number uint64 `json:"number"` // UTC ns at which it came; above that of every kill before
	UID    uint32 `json:"uid"`    // who gave it, as the kernel knows the peer; of the watchdog's own, its process
	PID    uint32 `json:"pid"`
	Actor  string `json:"actor"` // user name behind UID
	Reason string `json:"reason"`
}

// At is when the kill came.
func (k *Kill) At() time.Time { return time.Unix(0, int64(k.Number)).UTC() }

const (
	killsMax      = 16
	killBytesMax  = 2 << 10 // one kill as JSON, every byte of its texts escaped
	killsBytesMax = killsMax * killBytesMax
	folderMode    = 0o750
)

// recordPath is where the kills of the gate with this journal are recorded.
func recordPath(journalDir string) string { return filepath.Join(journalDir, "hardkills") }

// Recorded reads the newest hard kills of the gate with this journal, oldest first. Which of them the journal has, the
// journal says: they stay here.
func Recorded(journalDir string) ([]Kill, error) {
	content, err := cell.ReadNewest(recordPath(journalDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(err)
	}
	return parseKills(content)
}

// unreadable is the error of a record that may have lost a kill.
func unreadable(err error) error {
	return fmt.Errorf("whether the gate was killed hard cannot be read: %w, or remove it if you know that it was not", err)
}

func parseKills(content []byte) (list []Kill, err error) {
	if len(content) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(content, &list); err != nil {
		return nil, fmt.Errorf("watchdog: its record of hard kills: %w", err)
	}
	return list, nil
}

// record keeps hard kills where the engine finds them. The file has its room from the start: a full disk does not
// matter.
type record struct {
	writing sync.Mutex // one write at a time
	cell    *cell.Cell

	mu      sync.Mutex
	list    []Kill // oldest first
	durable bool   // so is list
}

func openRecord(journalDir string) (*record, error) {
	if err := os.MkdirAll(journalDir, folderMode); err != nil {
		return nil, err
	}
	c, content, err := cell.Open(recordPath(journalDir), killsBytesMax)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = c.Create(nil)
	case err == nil && c.Damaged():
		err = unreadable(cell.DamagedError(c.Path()))
	}
	if err != nil {
		return nil, err
	}
	list, err := parseKills(content)
	if err != nil {
		return nil, err
	}
	r := &record{cell: c, list: list, durable: true}
	if err := r.rewrite(); err != nil {
		return nil, fmt.Errorf("a hard kill could not be recorded, so nothing is started: %w", err)
	}
	return r, nil
}

// writable returns why a kill could not be recorded, as far as can be seen without writing. It may wait for the disk.
func (r *record) writable() error {
	f, err := os.OpenFile(r.cell.Path(), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// add takes a kill, with its number, to be written. The oldest makes room: they are all of the firm.
func (r *record) add(k Kill, now time.Time) Kill {
	r.mu.Lock()
	defer r.mu.Unlock()
	k.Number = max(uint64(now.UnixNano()), newest(r.list)+1)
	r.list = append(r.list, k)
	if len(r.list) > killsMax {
		r.list = r.list[len(r.list)-killsMax:]
	}
	r.durable = false
	return k
}

// write makes what was added durable. It waits for the disk.
func (r *record) write() error {
	r.writing.Lock()
	defer r.writing.Unlock()
	if r.isDurable() {
		return nil
	}
	return r.writeAll()
}

// rewrite writes what there is once more.
func (r *record) rewrite() error {
	r.writing.Lock()
	defer r.writing.Unlock()
	return r.writeAll()
}

// writeAll is called by whoever writes.
func (r *record) writeAll() error {
	r.mu.Lock()
	list := append([]Kill{}, r.list...)
	r.mu.Unlock()
	content, err := json.Marshal(list)
	if err != nil {
		return err
	}
	if err := r.cell.Write(content); err != nil {
		return fmt.Errorf("record the kill: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.durable = newest(r.list) == newest(list)
	return nil
}

// newest is the number of the last kill; 0: there is none.
func newest(list []Kill) uint64 {
	if len(list) == 0 {
		return 0
	}
	return list[len(list)-1].Number
}

// isDurable reports whether every kill is recorded.
func (r *record) isDurable() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.durable
}
