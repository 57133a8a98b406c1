package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"unsafe"

	"github.com/cespare/xxhash/v2"
)

// Position is a byte offset in the journal as a whole; segment number = Position / SegmentBytes.
type Position uint64

// Sizes of the record, in bytes.
const (
	HeaderBytes = 64
	alignment   = 64 // a record starts on a cache line of its own, and a pad's header always fits
)

// FormatVersion is the record format this package writes. It reads this and, once there are some, the two before.
const FormatVersion = 1

// NoLink in Header.Link says that the record belongs to no link and no session.
const NoLink = 1<<32 - 1

// typePad fills the end of a segment; callers never see it and must not use it.
const typePad = 0xFFFF

// Header is what the journal keeps about a record beside its payload. The caller fills all but Seq, Epoch and
// Version, which Commit sets.
//
// On the wire, little endian:
//
//	 0 length u32       header and payload in bytes, stored last; 0 = nothing here yet
//	 4 checksum u64     xxhash64 of bytes 12 to length (a pad: of its header only)
//	12 lag u32          position minus durable position at Commit, in units of 64 bytes
//	16 seq u64 | 24 utc i64 | 32 mono i64
//	40 link u32 | 44 config version u32 | 48 clock bound u32 | 52 epoch u32
//	56 type u16 | 58 flags u16 | 60 clock state u8 | 61 version u8 | 62 zero u16
//	64 payload, then zeros up to the next multiple of 64
//
// The lag lets a reader without the writer's knowledge tell a record that was torn by a power cut from one that
// was damaged later: any younger record proves what was durable before it.
type Header struct {
	Seq           uint64 // 1, 2, 3 ... over the journal's whole life
	UTCNs         int64  // ns since 1970, UTC
	MonoNs        int64  // ns of the monotonic clock; comparable within one Epoch only
	Link          uint32 // link or session the record belongs to, or NoLink
	ConfigVersion uint32 // configuration that was in force
	BoundNs       uint32 // error bound of UTCNs in ns
	Epoch         uint32 // which Open wrote it, 1, 2, 3 ...
	Type          uint16 // the caller's meaning; 0xFFFF is taken
	Flags         uint16 // the caller's meaning
	ClockState    uint8  // the caller's meaning (clocksync)
	Version       uint8  // format version of the record
}

// Decoding outcomes that are not always damage.
var (
	errEmpty = errors.New("its length is zero")
	errShort = errors.New("it continues beyond the newest byte")
)

// badRecord says what is wrong with the bytes of a record, unlike an error of reading them.
type badRecord string

func (b badRecord) Error() string { return string(b) }

func bad(format string, a ...any) error { return badRecord(fmt.Sprintf(format, a...)) }

// alignUp rounds n up to the next record start.
func alignUp(n int) int { return (n + alignment - 1) &^ (alignment - 1) }

// encode writes everything of the record but its length into rec: header, zeros behind the payload, checksum.
// rec is the whole record with its padding, length what counts of it; a pad's checksum covers its header only.
func encode(rec []byte, h *Header, length int, lag uint64) {
	le := binary.LittleEndian
	le.PutUint32(rec[12:], uint32(min(lag/alignment, 1<<32-1)))
	le.PutUint64(rec[16:], h.Seq)
	le.PutUint64(rec[24:], uint64(h.UTCNs))
	le.PutUint64(rec[32:], uint64(h.MonoNs))
	le.PutUint32(rec[40:], h.Link)
	le.PutUint32(rec[44:], h.ConfigVersion)
	le.PutUint32(rec[48:], h.BoundNs)
	le.PutUint32(rec[52:], h.Epoch)
	le.PutUint16(rec[56:], h.Type)
	le.PutUint16(rec[58:], h.Flags)
	rec[60], rec[61], rec[62], rec[63] = h.ClockState, h.Version, 0, 0
	hashed := length
	if h.Type == typePad {
		hashed = HeaderBytes
	} else {
		clear(rec[length:])
	}
	le.PutUint64(rec[4:], xxhash.Sum64(rec[12:hashed]))
}

// storeLength publishes (or, with 0, ends) the record at rec[0]; rec must start at a multiple of 4 in memory.
func storeLength(rec []byte, length uint32) {
	(*atomic.Uint32)(unsafe.Pointer(&rec[0])).Store(length)
}

// record is one decoded record; payload points into the bytes it was decoded from.
type record struct {
	payload []byte
	size    int // bytes up to the next record start
	lag     uint64
	pad     bool
}

// decode reads the record at the start of b. room is how many bytes the segment has from here on, lengthMax the
// largest length a record may have. The error is errEmpty, errShort or a badRecord.
func decode(h *Header, b []byte, room, lengthMax int) (record, error) {
	if len(b) < HeaderBytes {
		return record{}, errShort
	}
	le := binary.LittleEndian
	length := int(le.Uint32(b))
	if length == 0 {
		return record{}, errEmpty
	}
	h.Type = le.Uint16(b[56:])
	hashed := length
	r := record{size: alignUp(length), pad: h.Type == typePad}
	switch {
	case length < HeaderBytes || length > room:
		return record{}, bad("length %d, must be %d to %d here", length, HeaderBytes, room)
	case r.pad && length != room:
		return record{}, bad("pad of %d bytes, the segment has %d left", length, room)
	case !r.pad && length > lengthMax:
		return record{}, bad("length %d, the largest record has %d", length, lengthMax)
	case r.pad:
		hashed = HeaderBytes
	case len(b) < r.size:
		return record{}, errShort
	}
	if want, got := le.Uint64(b[4:]), xxhash.Sum64(b[12:hashed]); want != got {
		return record{}, bad("checksum %016x, its bytes give %016x", want, got)
	}
	if b[61] != FormatVersion || b[62]|b[63] != 0 {
		return record{}, bad("format version %d, this program reads %d", b[61], FormatVersion)
	}
	h.take(b)
	r.lag = uint64(le.Uint32(b[12:])) * alignment
	if r.pad {
		return r, nil
	}
	for _, c := range b[length:r.size] {
		if c != 0 {
			return record{}, bad("bytes behind the payload are not zero")
		}
	}
	r.payload = b[HeaderBytes:length:length]
	return r, nil
}

// take fills h from the record at the start of b, as encode wrote it.
func (h *Header) take(b []byte) {
	le := binary.LittleEndian
	h.Seq = le.Uint64(b[16:])
	h.UTCNs = int64(le.Uint64(b[24:]))
	h.MonoNs = int64(le.Uint64(b[32:]))
	h.Link = le.Uint32(b[40:])
	h.ConfigVersion = le.Uint32(b[44:])
	h.BoundNs = le.Uint32(b[48:])
	h.Epoch = le.Uint32(b[52:])
	h.Type, h.Flags = le.Uint16(b[56:]), le.Uint16(b[58:])
	h.ClockState, h.Version = b[60], b[61]
}

// DamageError names a record that is not what was written.
type DamageError struct {
	Position Position
	Seq      uint64 // the number the record must have; 0 = not known
	File     string // segment or tail file
	Offset   int64  // of the record in File
	What     string
}

// Error names the record, the place and the way out.
func (e *DamageError) Error() string {
	name := "record"
	if e.Seq != 0 {
		name = fmt.Sprintf("record %d", e.Seq)
	}
	cure := "restore the file from a copy"
	if filepath.Ext(e.File) == tailExt {
		cure = tailCure(e.File)
	}
	return fmt.Sprintf("journal: %s at position %d (%s, offset %d) is damaged: %s; %s",
		name, e.Position, e.File, e.Offset, e.What, cure)
}

// tailCure says what to do about a file of the tail, of which nobody has a copy. The disk has all that was durable, and
// what it has not is the loss of a tail like any other.
func tailCure(file string) string {
	return fmt.Sprintf("while no gate runs, move %s away: a start then takes what the disk has, and says so if that is less", filepath.Dir(file))
}
