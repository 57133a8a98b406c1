package dict

import (
	"math/rand/v2"
	"testing"

	"portcullis/fix"
)

// TestGlance holds what is permitted at a glance to the syntax of the value, and plain values to the glance.
func TestGlance(t *testing.T) {
	v := mustValidator(t, "FIX.4.4", "", DefaultSwitches())
	random := rand.New(rand.NewPCG(1, 2))
	seeds := []string{"0", "7", "12345678", "187.50", ".5", "5.", ".", "1.2.3", "-5", "20261126-10:00:00", "20261126-23:59:59.123",
		"20261128-00:00:00.123456", "20261126-23:59:60.123456789", "20261126-10:00:00.", "N", "", "any text"}
	const letters = "0123456789.-: Nx\x80"
	plain := map[glance]int{}
	for range 200_000 {
		value := []byte(seeds[random.IntN(len(seeds))])
		for n := random.IntN(3); n > 0 && len(value) > 0; n-- {
			value[random.IntN(len(value))] = letters[random.IntN(len(letters))]
		}
		value = value[:len(value)-random.IntN(min(2, len(value))+1)]
		for _, tag := range []uint32{fix.TagMsgSeqNum, fix.TagPrice, fix.TagSendingTime, fix.TagSide, fix.TagText} {
			r := v.session.rule(tag)
			p := &part{dict: v.session.envelope}
			raw := append(append([]byte{}, value...), "\x0110=000\x01 and more of the message"...)
			if len(value) == 0 || !p.plain(r, raw, &fix.Field{Tag: tag, End: uint32(len(value))}) {
				continue
			}
			plain[r.glance]++
			if r.traits&listed != 0 && !p.dict.permits(int(r.field), value, false) || r.traits&listed == 0 && !r.format.accepts(value) {
				t.Fatalf("%d=%q is permitted at a glance", tag, value)
			}
		}
	}
	for _, g := range []glance{character, digital, amount, instant} {
		if plain[g] < 1000 {
			t.Errorf("only %d values of glance %d were plain", plain[g], g)
		}
	}
	for value, tag := range map[string]uint32{"12345678": fix.TagMsgSeqNum, "187.50": fix.TagPrice, "8": fix.TagSide,
		"20261128-23:59:59.123": fix.TagSendingTime, "20261128-23:59:59": fix.TagSendingTime} {
		raw := value + "\x0110=000\x01"
		p := &part{dict: v.session.envelope}
		if !p.plain(v.session.rule(tag), []byte(raw), &fix.Field{Tag: tag, End: uint32(len(value))}) {
			t.Errorf("%d=%s is not plain", tag, value)
		}
	}
}
