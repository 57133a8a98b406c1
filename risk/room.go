package risk

// LinkRoom is what the window and the accounts of links take of the tables beside what those links have.
type LinkRoom struct{ Stamps, Entitlements int }

// Need adds what SetLink and Entitle would take for a link.
func (b *Book) Need(r *LinkRoom, lnk uint32, l LinkLimits, accounts []uint32) {
	if lnk < uint32(len(b.links)) && l.OrderCountMax != Unlimited && uint64(l.OrderCountMax) > b.links[lnk].ringSlots {
		r.Stamps += powerOfTwo(l.OrderCountMax)
	}
	for _, acc := range accounts {
		if b.entitlement(pair(lnk, acc)).key == 0 {
			r.Entitlements++
		}
	}
}

// HasRoom reports whether the tables, as they were laid out, hold that much more.
func (b *Book) HasRoom(r LinkRoom) bool {
	t := &b.totals[0]
	return t.stamps+uint64(r.Stamps) <= uint64(len(b.orderTimes)) && t.entitled+int64(r.Entitlements) <= int64(b.capacity.Entitlements)
}
