package risk

// ShortRules are what an account's short sales (54=5 and 6) are held to.
type ShortRules uint8

const (
	// ShortMarkChecked: what the position held covers is a long sale, and marked as one (Reg SHO 200(g)).
	ShortMarkChecked ShortRules = 1 << iota
)

// checkShort judges a short sale by the rules of its account.
func (b *Book) checkShort(o *Order, j *Judgement, a *account, p *position) Reason {
	if a.short&ShortMarkChecked != 0 && j.Open > 0 {
		held := max(0, p.p-(p.os-o.OpenBooked)) // that no other open sale takes
		j.note(ShortMarkWrong, o.Account, int64(j.Open), int64(held))
		if j.Open <= held {
			return ShortMarkWrong
		}
	}
	return Accepted
}
