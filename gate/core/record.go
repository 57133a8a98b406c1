package core

import (
	"errors"
	"unsafe"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// RecordVersion is the version of the layout below. A build reads its own and the two before.
const RecordVersion = 3

// linkBytes1 is what version 1 has of a link's state: all before what the schedule needs.
const linkBytes1 = 96

const versionBytes = 1

// A record's payload is the event and the decision. After one byte with the version come the numbers,
// packed (pack.go); the sections in brackets are there only where flags or counts say so:
//
//	version | head outs… [quote] [link state] [resend] [reply] [judgement, checks…] effects… | event data | bytes sent
//
// Outs come early because the journal's index looks for them in every record.
//
// Structs are taken as they lie in memory, little endian, without pointers; TestRecordLayout
// holds their sizes. Time, clock state and link are in the journal's own header.
type recordHead struct {
	Kind        EventKind
	Code        uint8
	MsgType     byte
	LinkFault   uint8
	Reason      risk.Reason
	Flags       uint16
	Conn        uint32
	Request     uint32
	Order       uint32
	DecRequest  uint32
	RefTag      uint32
	ReportCount uint32
	DataLen     uint32
	OutLen      uint32
	Checks      uint8
	Effects     uint8
	Outs        uint8
	_           [5]byte
	Seq, Seq2   uint64
}

const (
	flagQuoted uint16 = 1 << iota
	flagSessionStep
	flagTaken
	flagNoted
	flagClose
	flagWithdraw
	flagResend
	flagReply
	flagJudged
)

// judged is the part of a Judgement that is recorded beside its checks.
type judged struct {
	Worst, Ref risk.Price
	K          risk.Factor
	RefAgeNs   int64
	Open       risk.Qty
	Reserved   risk.Money
	RefSource  risk.RefSource
	Closing    bool
	_          [6]byte
}

// bytesOf is the memory of a pointer-free value.
func bytesOf[T any](v *T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v))
}

// recordWords is how many counts the numbers of a record take.
func recordWords(f uint16, checks, effects, outs int) int {
	n := words[recordHead](1) + words[Effect](effects) + words[link.Out](outs)
	if f&flagQuoted != 0 {
		n += words[risk.Quote](1)
	}
	if f&flagSessionStep != 0 {
		n += words[link.State](1)
	}
	if f&flagResend != 0 {
		n += words[Range](1)
	}
	if f&flagReply != 0 {
		n += words[Reply](1)
	}
	if f&flagJudged != 0 {
		n += words[judged](1) + words[risk.Check](checks)
	}
	return n
}

// RecordSize is an upper bound of what EncodeRecord writes.
func (c *Core) RecordSize(ev *Event, d *Decision) int {
	n := recordWords(recordFlags(ev, d), d.checks(), d.EffectLen, d.Out.Count)
	return versionBytes + packedSizeMax(n) + len(ev.Data) + d.Out.Writer.Len()
}

// checks is how many checks are recorded.
func (d *Decision) checks() int { return min(d.Judgement.Count, risk.ChecksMax) }

// EncodeRecord writes event and decision to dst, which holds RecordSize bytes, and returns how
// many it used. Secrets in outgoing messages are overwritten; those of incoming ones were by Decide.
func (c *Core) EncodeRecord(dst []byte, ev *Event, d *Decision) int {
	var h recordHead
	h.Kind, h.Code, h.MsgType, h.LinkFault, h.Reason, h.Flags = ev.Kind, ev.Code, d.MsgType, d.LinkFault, d.Reason, recordFlags(ev, d)
	h.Conn, h.Request, h.Order, h.DecRequest, h.RefTag, h.ReportCount = ev.Conn, ev.Request, d.Order, d.Request, d.RefTag, d.ReportCount
	h.DataLen, h.Seq, h.Seq2 = uint32(len(ev.Data)), ev.Seq, ev.Seq2
	h.Checks, h.Effects, h.Outs = uint8(d.checks()), uint8(d.EffectLen), uint8(d.Out.Count)
	for i := range d.Out.Count {
		h.OutLen += d.Out.Outs[i].Size
	}
	dst[0] = RecordVersion
	body := dst[versionBytes:]
	p := newPacker(body, recordWords(h.Flags, d.checks(), d.EffectLen, d.Out.Count))
	pack(&p, &h)
	packOuts(&p, d)
	if h.Flags&flagQuoted != 0 {
		pack(&p, &ev.Quote)
	}
	if h.Flags&flagSessionStep != 0 {
		pack(&p, &d.Link)
	}
	if h.Flags&flagResend != 0 {
		pack(&p, &d.Resend)
	}
	if h.Flags&flagReply != 0 {
		pack(&p, &d.Reply)
	}
	if h.Flags&flagJudged != 0 {
		j := &d.Judgement
		var s judged
		s.Worst, s.Ref, s.K, s.RefAgeNs, s.Open, s.Reserved = j.Worst, j.Ref, j.K, j.RefAgeNs, j.Open, j.Reserved
		s.RefSource, s.Closing = j.RefSource, j.Closing
		pack(&p, &s)
		packAll(&p, j.Checks[:d.checks()])
	}
	packAll(&p, d.Effects[:d.EffectLen])
	return versionBytes + encodeBytes(body, p.at, ev, d)
}

// packOuts writes where each message lies, within the bytes sent.
func packOuts(p *packer, d *Decision) {
	off := uint32(0)
	for i := range d.Out.Count {
		out := d.Out.Outs[i]
		out.Off = off
		off += out.Size
		pack(p, &out)
	}
}

// encodeBytes writes the event's bytes and the bytes sent behind the numbers.
func encodeBytes(dst []byte, n int, ev *Event, d *Decision) int {
	n += copy(dst[n:], ev.Data)
	for i := range d.Out.Count {
		out := &d.Out.Outs[i]
		sent := dst[n : n+copy(dst[n:], d.Out.Bytes(i))]
		for s := range int(out.SecretSize) {
			sent[int(out.SecretOff)+s] = '*'
		}
		n += len(sent)
	}
	return n
}

func recordFlags(ev *Event, d *Decision) uint16 {
	return when(ev.Quoted, flagQuoted) | when(d.SessionStep, flagSessionStep) | when(d.Taken, flagTaken) |
		when(d.Noted, flagNoted) | when(d.Close, flagClose) | when(d.Withdraw, flagWithdraw) |
		when(d.Resend.From != 0, flagResend) | when(d.Reply.ID != 0, flagReply) | when(d.Judgement.Count > 0, flagJudged)
}

func when(set bool, flag uint16) uint16 {
	if set {
		return flag
	}
	return 0
}

var errRecord = errors.New("record is shorter than its own counts")

// readable tells whether this build reads a record.
func readable(b []byte) error {
	if len(b) < versionBytes {
		return errRecord
	}
	if v := b[0]; v == 0 || v > RecordVersion {
		return versionError(v)
	}
	return nil
}

// versionError is the version of a record that this build does not read.
type versionError uint8

func (v versionError) Error() string {
	text := fix.AppendUint([]byte("its version is "), uint64(v))
	text = fix.AppendUint(append(text, ", this program reads up to "...), RecordVersion)
	return string(append(text, ": use the program that wrote it"...))
}

// linkBytes is what a record of a version has of a link's state.
func linkBytes(version byte) uintptr {
	if version == 1 {
		return linkBytes1
	}
	return unsafe.Sizeof(link.State{})
}

// DecodeRecord reads what EncodeRecord wrote. Event.Data is a view into b; the bytes sent are
// copied into d. Time, clock and link are the caller's to set, from the journal's header.
func DecodeRecord(b []byte, ev *Event, d *Decision) error {
	if err := readable(b); err != nil {
		return err
	}
	u := newUnpacker(b[versionBytes:])
	var h recordHead
	unpack(&u, &h)
	d.Reset()
	var outs [link.OutsMax]link.Out
	if int(h.Effects) > EffectsMax || int(h.Outs) > link.OutsMax {
		return errRecord
	}
	unpackAll(&u, outs[:h.Outs])
	*ev = Event{Kind: h.Kind, Code: h.Code, Conn: h.Conn, Request: h.Request, Seq: h.Seq, Seq2: h.Seq2, Link: NoIndex}
	d.MsgType, d.LinkFault, d.Reason, d.Order, d.Request = h.MsgType, h.LinkFault, h.Reason, h.Order, h.DecRequest
	d.RefTag, d.ReportCount = h.RefTag, h.ReportCount
	d.SessionStep, d.Taken, d.Noted = h.Flags&flagSessionStep != 0, h.Flags&flagTaken != 0, h.Flags&flagNoted != 0
	d.Close, d.Withdraw = h.Flags&flagClose != 0, h.Flags&flagWithdraw != 0
	if ev.Quoted = h.Flags&flagQuoted != 0; ev.Quoted {
		unpack(&u, &ev.Quote)
		ev.Quote.Has &= risk.HasAll // the seven bytes above were anything once
	}
	if d.SessionStep {
		d.Link = link.State{}
		u.block(bytesOf(&d.Link)[:linkBytes(b[0])])
	}
	if h.Flags&flagResend != 0 {
		unpack(&u, &d.Resend)
	}
	if h.Flags&flagReply != 0 {
		unpack(&u, &d.Reply)
	}
	if h.Flags&flagJudged != 0 {
		unpackJudgement(&u, &h, d)
	}
	unpackAll(&u, d.Effects[:h.Effects])
	d.EffectLen = int(h.Effects)
	if u.bad || u.word != u.total || uint64(h.DataLen)+uint64(h.OutLen) > uint64(len(u.bytes)) {
		return errRecord
	}
	ev.Data = u.bytes[:h.DataLen:h.DataLen]
	if !d.Out.Restore(outs[:h.Outs], u.bytes[h.DataLen:h.DataLen+h.OutLen]) {
		return errRecord
	}
	return nil
}

func unpackJudgement(u *unpacker, h *recordHead, d *Decision) {
	var s judged
	unpack(u, &s)
	if int(h.Checks) > risk.ChecksMax {
		u.bad = true
		return
	}
	j := &d.Judgement
	*j = risk.Judgement{Reason: h.Reason, Worst: s.Worst, Ref: s.Ref, K: s.K, RefAgeNs: s.RefAgeNs, Open: s.Open,
		Reserved: s.Reserved, RefSource: s.RefSource, Closing: s.Closing, Count: int(h.Checks)}
	unpackAll(u, j.Checks[:h.Checks])
}

// OutKeys calls add with the key of each message in a record that may be asked for again, so that
// the journal's index can find it by link and number.
func OutKeys(payload []byte, add func(key uint64)) {
	if readable(payload) != nil {
		return
	}
	u := newUnpacker(payload[versionBytes:])
	var h recordHead
	if unpack(&u, &h); h.Outs == 0 {
		return
	}
	var outs [link.OutsMax]link.Out
	if int(h.Outs) > len(outs) {
		return
	}
	if unpackAll(&u, outs[:h.Outs]); u.bad {
		return
	}
	for _, out := range outs[:h.Outs] {
		if out.Kind == link.ReportMessage {
			add(OutKey(out.Link, out.Seq))
		}
	}
}

// NoReports in a record's journal.Header.Flags says that OutKeys has nothing to give, as with half of all records.
// Records of before it have none.
const NoReports uint16 = 1

// Telling says that a record holds what operators are told at once, wherever they are.
const Telling uint16 = 2

// told are the kinds of effects that they are told of.
const told = 1<<Alerted | 1<<KillSet | 1<<KillLifted | 1<<Overshot | 1<<GateSet | 1<<RecordsLost | 1<<Recovered | 1<<LinkHeld | 1<<Drained

// HeaderFlags are the flags of d's record.
func (d *Decision) HeaderFlags() uint16 {
	flags := NoReports
	for i := range d.Out.Count {
		if d.Out.Outs[i].Kind == link.ReportMessage {
			flags = 0
			break
		}
	}
	for i := range d.EffectLen {
		if uint64(told)>>d.Effects[i].Kind&1 != 0 {
			return flags | Telling
		}
	}
	return flags
}

// OutKey names an outgoing message in the journal's index. Numbers above 2^40 share keys; whoever
// looks one up compares what it finds.
func OutKey(l uint32, seq uint64) uint64 { return uint64(l)<<40 | seq&(1<<40-1) }
