package watchdog

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// Held is what an engine leaves to the one that is started after it, should it crash. It stands behind the page, in the
// same memory without a name: it needs no disk, may hold secrets, and is gone with the watchdog.
type Held struct {
	file *os.File
	at   *atomic.Uint64 // of the length, which the bytes follow
}

const lengthBytes = 8

// Load returns what is held; nil: no engine has left anything, this is the first.
func (h *Held) Load() ([]byte, error) {
	at := int64(h.at.Load())
	if at == 0 {
		return nil, nil
	}
	length, err := h.length(at)
	if err != nil {
		return nil, err
	}
	data := make([]byte, length)
	if _, err := h.file.ReadAt(data, at+lengthBytes); err != nil {
		return nil, fmt.Errorf("watchdog: what the last engine left: %w", err)
	}
	return data, nil
}

// Store replaces what is held. An engine that dies on the way leaves what was held before, for that is not written over.
func (h *Held) Store(data []byte) error {
	now, next := int64(h.at.Load()), int64(pageBytes)
	if room := now - pageBytes; now != 0 && room < int64(len(data))+lengthBytes {
		length, err := h.length(now)
		if err != nil {
			return err
		}
		next = now + lengthBytes + length
	}
	w := io.NewOffsetWriter(h.file, next)
	if err := binary.Write(w, binary.LittleEndian, uint64(len(data))); err != nil {
		return fmt.Errorf("watchdog: memory for the next engine: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("watchdog: memory for the next engine: %w", err)
	}
	h.at.Store(uint64(next))
	return nil
}

func (h *Held) length(at int64) (int64, error) {
	var length uint64
	err := binary.Read(io.NewSectionReader(h.file, at, lengthBytes), binary.LittleEndian, &length)
	if err != nil {
		return 0, fmt.Errorf("watchdog: what the last engine left: %w", err)
	}
	return int64(length), nil
}
