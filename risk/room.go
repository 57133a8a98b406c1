package risk

// Room is what settings take of the tables beside what is there already.
type Room struct {
	Windows, Meters int
	Stamps          uint64
	Trips           int // throttles that disable
	Entitlements    int
	Measured        int // scopes and slices with limits beside gross and net
	Slices          int
	OrderRows       int // of limits of single orders

	Backfills bool               // something begins to count what is booked already
	newFrom   [scopeKinds]uint32 // see NewFrom; 0: nobody said
	keepers   []keeper           // which begin to keep positions, for which there have to be rows
	moved     []uint32           // what gets other owners, by its place in the table of scopes, likewise
}

// NewFrom says how many numbers of a kind there were so far: nothing was ever booked under those that follow.
func (r *Room) NewFrom(kind Scope, count int) { r.newFrom[kind] = uint32(count) + 1 }

// isNew reports whether nothing can have been booked yet in a scope, by its place in the table of scopes.
func (b *Book) isNew(r *Room, n uint32) bool {
	from := b.bearer(n)
	return b.blank() || r.newFrom[from.of] != 0 && from.index+1 >= r.newFrom[from.of]
}

// Throttles adds what the throttles of a scope take that has none, with so many instruments.
func (r *Room) Throttles(list []Throttle, instruments int) {
	for i := range list {
		slots, _ := throttleSlots(list, i)
		r.window(list[i].Of, instruments)
		r.rings(list[i].Of, uint32(slots), instruments)
		if list[i].Disable {
			r.Trips++
		}
	}
}

func (r *Room) window(m Flow, instruments int) {
	r.Windows++
	r.Meters += m.meters(instruments)
}

func (r *Room) rings(m Flow, slots uint32, instruments int) {
	r.Stamps += uint64(m.meters(instruments)) * m.span(slots)
}

// NeedThrottles adds what SetThrottles would take for a scope.
func (b *Book) NeedThrottles(r *Room, kind Scope, i uint32, list []Throttle) {
	n, ok := b.number(kind, i)
	if !ok {
		return
	}
	claimed := uint64(0)
	for at := range list {
		m := list[at].Of
		row := b.claimable(n, m, &claimed)
		if row == nil {
			r.window(m, len(b.instruments))
			row = &noWindow
		}
		if slots, _ := throttleSlots(list, at); uint32(slots) > row.slots {
			r.rings(m, uint32(slots), len(b.instruments))
		}
	}
}

var noWindow window // read only

// NeedEntitled adds what Entitle would take for a link.
func (b *Book) NeedEntitled(r *Room, lnk uint32, accounts []uint32) {
	for _, acc := range accounts {
		if b.entitlement(pair(lnk, acc)).key == 0 {
			r.Entitlements++
		}
	}
}

// HasRoom reports whether the tables, as they were laid out, hold that much more.
func (b *Book) HasRoom(r Room) bool {
	t := &b.totals[0]
	return int(t.windows)+r.Windows <= len(b.windows) && int(t.meters)+r.Meters <= len(b.meters) &&
		t.stamps+r.Stamps <= uint64(len(b.stamps)) && t.entitled+int64(r.Entitlements) <= int64(b.capacity.Entitlements) &&
		t.measured+int64(r.Measured) <= int64(b.capacity.Measured) && t.slices+int64(r.Slices) <= int64(b.capacity.Slices) &&
		t.orderRows+int64(r.OrderRows) <= int64(b.capacity.OrderLimits) && t.positions+int64(b.rowsLacking(r.keepers)+b.rowsMoved(&r)) <= int64(b.capacity.Positions)
}
