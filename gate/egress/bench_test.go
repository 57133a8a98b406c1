package egress

import "testing"

// TestNoAllocs: neither a pass nor a difference allocates.
func TestNoAllocs(t *testing.T) {
	c := New(64, 3, nil)
	msg, bad := wire(goodBody), wire(goodBody[:40])
	a := good()
	id := uint32(0)
	n := testing.AllocsPerRun(200, func() {
		number(a, msg, &id)
		c.Accept(a)
		c.Check(2, msg, noon)
		c.Check(2, msg, noon)
		c.Check(2, bad, noon)
		c.Withdraw(2, a.ID[:a.IDLen])
		c.Cut(2)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

const idAt = len("8=FIX.4.4|9=123|35=D|34=7|49=GATE|56=XNAS|52=20260105-12:00:00.000|11=P1A")

// number gives the next of 2^24 ids to the order and to its message.
func number(a *Accepted, msg []byte, id *uint32) {
	*id++
	for i := range 4 {
		msg[idAt+i] = '0' + byte(*id>>(6*i))&63
	}
	copy(a.ID[3:7], msg[idAt:idAt+4])
}

func BenchmarkAcceptAndCheck(b *testing.B) {
	c := New(1<<14, 3, nil)
	msg, a, id := wire(goodBody), good(), uint32(0)
	b.ReportAllocs()
	b.SetBytes(int64(len(msg)))
	for b.Loop() {
		number(a, msg, &id)
		if c.Accept(a) == Equal && c.Check(2, msg, noon) != Equal {
			b.Fatal("difference")
		}
	}
}
