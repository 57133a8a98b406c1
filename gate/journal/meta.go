package journal

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"portcullis/gate/cell"
)

const (
	metaFormat   = 1
	metaBytesMax = 8 << 10
)

// meta is what a journal knows about itself, kept in a cell as JSON so that a human can read it with any tool.
type meta struct {
	Format         int    `json:"format"`
	ID             string `json:"id"` // 32 hex digits, made at birth
	SegmentBytes   int    `json:"segment_bytes"`
	MaxRecordBytes int    `json:"max_record_bytes"`  // the largest that was ever allowed
	Epoch          uint32 `json:"epoch"`             // counts Opens
	DurableTo      uint64 `json:"durable_to"`        // everything below was durable when this was written
	Clean          bool   `json:"clean"`             // the last writer closed; the journal ends at DurableTo
	LostAt         uint64 `json:"lost_at,omitempty"` // number of the first record after the last loss of a tail
	TailDir        string `json:"tail_dir"`          // empty: the tail is in the writer's heap
	TailReason     string `json:"tail_reason,omitempty"`
}

func metaPath(dir string) string { return filepath.Join(dir, "meta") }

func newMeta(o *Options) meta {
	var id [16]byte
	rand.Read(id[:]) // never fails
	return meta{
		Format: metaFormat, ID: hex.EncodeToString(id[:]), SegmentBytes: o.SegmentBytes,
		MaxRecordBytes: o.MaxRecordBytes, Clean: true,
	}
}

// parseMeta reads and checks the content of the meta cell.
func parseMeta(dir string, content []byte) (meta, error) {
	var m meta
	if err := json.Unmarshal(content, &m); err != nil {
		return m, fmt.Errorf("journal: %s: %w", metaPath(dir), err)
	}
	if m.Format != metaFormat {
		return m, fmt.Errorf("journal: %s has format %d, this program reads %d", dir, m.Format, metaFormat)
	}
	id, err := hex.DecodeString(m.ID)
	if err != nil || len(id) != 16 || m.SegmentBytes < pageBytes || m.SegmentBytes%pageBytes != 0 ||
		m.MaxRecordBytes < HeaderBytes || m.MaxRecordBytes > m.SegmentBytes/4 {
		return m, fmt.Errorf("journal: %s holds impossible values: %s", metaPath(dir), content)
	}
	return m, nil
}

// ErrNone: a folder holds no journal, or there is no such folder.
var ErrNone = errors.New("is no journal")

// readMeta is parseMeta for readers.
func readMeta(dir string) (meta, error) {
	content, err := cell.Read(metaPath(dir))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return meta{}, fmt.Errorf("journal: %s %w: %w", dir, ErrNone, err)
	case err != nil:
		return meta{}, fmt.Errorf("journal: %w", err)
	}
	return parseMeta(dir, content)
}

func (m *meta) encode() []byte {
	b, err := json.Marshal(m)
	if err != nil {
		panic("journal: meta of plain values did not marshal: " + err.Error())
	}
	return b
}
