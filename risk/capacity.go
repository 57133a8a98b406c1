package risk

// CapacitySet is a set of capacities in which orders are given: whether the firm acts for another or for itself, and for
// whom the customer does.
type CapacitySet uint16

const (
	Agency            CapacitySet = 1 << iota // OrderCapacity(528) or Rule80A(47) A
	Proprietary                               // 528=G
	Individual                                // I
	Principal                                 // P
	RisklessPrincipal                         // 528=R
	AgentForMember                            // W
	OtherCapacity                             // any other value
	CapacityUnstated                          // neither tag

	MemberOwn        // CustOrderCapacity(582) 1
	FirmOwn          // 2
	ForMember        // 3
	OtherCustomer    // 4
	RetailCustomer   // 5
	UnknownCustomer  // any other value
	CustomerUnstated // not the tag

	OrderCapacities    = Agency | Proprietary | Individual | Principal | RisklessPrincipal | AgentForMember | OtherCapacity | CapacityUnstated
	CustomerCapacities = MemberOwn | FirmOwn | ForMember | OtherCustomer | RetailCustomer | UnknownCustomer | CustomerUnstated
)

// ParseOrderCapacity reads the one character of OrderCapacity(528).
func ParseOrderCapacity(c byte) CapacitySet {
	switch c {
	case 'A':
		return Agency
	case 'G':
		return Proprietary
	case 'I':
		return Individual
	case 'P':
		return Principal
	case 'R':
		return RisklessPrincipal
	case 'W':
		return AgentForMember
	}
	return OtherCapacity
}

// ParseRule80A reads that of Rule80A(47), which says the same until FIX.4.2 and more: programs, index arbitrage, and R for
// something else.
func ParseRule80A(c byte) CapacitySet {
	switch c {
	case 'A', 'I', 'P', 'W':
		return ParseOrderCapacity(c)
	}
	return OtherCapacity
}

// ParseCustomerCapacity reads that of CustOrderCapacity(582).
func ParseCustomerCapacity(c byte) CapacitySet {
	if i := c - '1'; i < 5 {
		return MemberOwn << i
	}
	return UnknownCustomer
}

// SayCapacity notes a capacity, of the order or of the customer.
func (f *Form) SayCapacity(tag uint32, c CapacitySet) {
	kind := WithCapacity
	if c&CustomerCapacities != 0 {
		kind = WithCustomer
	}
	f.Say(kind, tag)
	f.capacities |= c
}

// capacityKinds are what an order can tell of capacities.
var capacityKinds = [...]struct {
	kind          FieldSet
	all, unstated CapacitySet
}{{WithCapacity, OrderCapacities, CapacityUnstated}, {WithCustomer, CustomerCapacities, CustomerUnstated}}

// CapacityJudged tells whether anything is barred to an account or to who sends for it.
func (b *Book) CapacityJudged(o *Order) bool {
	return o.Account < uint32(len(b.accounts)) && (b.accounts[o.Account].capacitiesBarred|o.CapacitiesBarred)&OrderCapacities != 0
}

// checkCapacity: in which capacities an account, and who sends for it, may act. Each is one of them, told or not.
func (b *Book) checkCapacity(o *Order, j *Judgement) Reason {
	barred := b.accounts[o.Account].capacitiesBarred | o.CapacitiesBarred
	if barred == 0 {
		return Accepted
	}
	for i := range capacityKinds {
		k := &capacityKinds[i]
		var told CapacitySet
		if o.Form != nil {
			told = o.Form.capacities & k.all
		}
		switch {
		case told == 0 && barred&k.unstated != 0:
			return j.fail(CapacityMissing, o.Account, 0, 0)
		case told&barred != 0:
			return j.failAt(o.Form.tag(k.kind), CapacityForbidden, o.Account, 0, 0)
		}
	}
	return Accepted
}
