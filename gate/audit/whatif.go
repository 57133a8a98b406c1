package audit

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// WhatIf judges every order and replace of the journal by another configuration's limits, each in the state that the
// records before it led to, and prints the first shown of those that would have been answered otherwise, and how many
// by which control. What would have followed from another answer is not played out: an order that these limits
// refuse still counts for those after it, as it did.
func (j *Journal) WhatIf(w io.Writer, cfg *config.Config, shown int) error {
	list, err := j.runs(math.MaxUint64)
	if err != nil || len(list) == 0 {
		return cmp.Or(err, fmt.Errorf("journal %s has no record yet", j.dir))
	}
	hash, err := j.judgedBy(list, len(list)-1)
	if err != nil {
		return err
	}
	kept, err := j.Kept(hash)
	if err != nil {
		return err
	}
	cfg.Gate.Capacity = kept.Gate.Capacity // tables hold what they held; limits are what is asked about
	q := whatIf{journal: j, decision: new(core.Decision), changed: map[change]int{}, shown: shown,
		table: newTable("at", "record", "link", "message", "was", "would be")}
	if q.core, err = j.core(cfg); err != nil {
		return err
	}
	if err := j.walk(q.take); err != nil {
		return err
	}
	q.write(w)
	return nil
}

type whatIf struct {
	journal  *Journal
	core     *core.Core
	decision *core.Decision
	judged   int
	unpriced int // without a price in the record, and these limits want one
	unrated  int // by a rate of exchange that is of another time
	changed  map[change]int
	count    int
	shown    int
	table    *table
}

// change is another verdict.
type change struct{ was, now risk.Reason }

func (q *whatIf) take(r *assemble.Record) error {
	d := &r.Decision
	if d.Reason != risk.Unjudged && (d.MsgType == 'D' || d.MsgType == 'G') {
		q.judge(r)
	}
	q.core.Apply(&r.Event, d)
	return nil
}

func (q *whatIf) judge(r *assemble.Record) {
	again := r.Event
	q.core.Decide(&again, q.decision)
	was, now := r.Decision.Reason, q.decision.Reason
	q.judged++
	switch {
	case was == now || now == risk.Unjudged:
		return
	case !r.Event.Quoted && (now == risk.ReferencePriceMissing || now == risk.ReferencePriceStale):
		q.unpriced++
		return
	case now == risk.FXRateStale: // a file has the rates of its own day alone
		q.unrated++
		return
	}
	q.changed[change{was, now}]++
	if q.count++; q.count > q.shown {
		return
	}
	would := now.String()
	if why := q.journal.failed(q.decision); why != "" {
		would += ": " + why
	}
	q.table.add(utc(r.Header.UTCNs), "#"+strconv.FormatUint(r.Header.Seq, 10), q.journal.link(r.Event.Link), orderText(r.Event.Data),
		was.String(), would)
}

func (q *whatIf) write(w io.Writer) {
	q.table.write(w, "")
	if q.count > q.shown {
		fmt.Fprintf(w, "... and %d more\n", q.count-q.shown)
	}
	fmt.Fprintf(w, "%d orders and replaces judged by these limits, %d otherwise than they were\n", q.judged, q.count)
	rows := slices.SortedFunc(maps.Keys(q.changed), func(a, b change) int {
		return cmp.Or(cmp.Compare(q.changed[b], q.changed[a]), cmp.Compare(a.was, b.was), cmp.Compare(a.now, b.now))
	})
	for _, c := range rows {
		fmt.Fprintf(w, "%8d  %s -> %s\n", q.changed[c], c.was, c.now)
	}
	if q.unrated > 0 {
		fmt.Fprintf(w, "%8d  cannot be judged: the rates of exchange of these limits are of another time\n", q.unrated)
	}
	if q.unpriced > 0 {
		fmt.Fprintf(w, "%8d  cannot be judged: these limits want a reference price, and none was read for them\n", q.unpriced)
	}
}

// orderText says an order or replace in the words of its message.
func orderText(data []byte) string {
	text := messageName(data)
	for _, tag := range []string{"11", "1", "54", "38", "55", "44"} {
		if _, v, ok := bytes.Cut(data, []byte("\x01"+tag+"=")); ok {
			v, _, _ = bytes.Cut(v, []byte{1})
			text += " " + tag + "=" + readable(v)
		}
	}
	return text
}
