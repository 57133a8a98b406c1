package dict

import (
	"testing"

	"portcullis/fix"
)

func BenchmarkDefines(b *testing.B) {
	d := mustFor(b, "FIXT.1.1", "9")
	msgType := []byte("D")
	b.ReportAllocs()
	for b.Loop() {
		if !d.Defines(msgType, 448) {
			b.Fatal("448 not in D")
		}
	}
}

func BenchmarkEnumDefined(b *testing.B) {
	d := mustFor(b, "FIXT.1.1", "9")
	value := []byte("1")
	b.ReportAllocs()
	for b.Loop() {
		if !d.EnumDefined(54, value) {
			b.Fatal("54=1 not permitted")
		}
	}
}

// BenchmarkBuild is what the first use of the largest version costs.
func BenchmarkBuild(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		m, err := standard("FIXT.1.1", "9")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := build(m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJudge is what validation of a NewOrderSingle costs on top of the index, beside a pass that only reads the
// fields.
func BenchmarkJudge(b *testing.B) {
	for _, c := range []struct{ name, begin, appl, body string }{
		{"FIX.4.2", "FIX.4.2", "", order42},
		{"FIX.4.4", "FIX.4.4", "", order44},
		{"FIX.4.4 parties", "FIX.4.4", "", order44 + "453=2|448=A|447=D|452=1|448=B|447=D|452=3|"},
		{"FIX.5.0SP2", "FIXT.1.1", "9", order44},
	} {
		v := mustValidator(b, c.begin, c.appl, DefaultSwitches())
		var m fix.Message
		raw := whole(c.begin, c.body)
		m.Index(raw)
		if f := v.Judge(&m); f.Code != fix.NoFault {
			b.Fatalf("%s: %+v", c.name, f)
		}
		b.Run(c.name+"/empty pass", func(b *testing.B) {
			sum := 0
			for b.Loop() {
				for i := range m.Len() {
					sum += int(m.Field(i).Tag) + len(m.FieldValue(i))
				}
			}
			if sum == 0 {
				b.Fatal("nothing read")
			}
		})
		b.Run(c.name+"/index", func(b *testing.B) {
			for b.Loop() {
				m.Index(raw)
			}
		})
		b.Run(c.name+"/judge", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if v.Judge(&m).Code != fix.NoFault {
					b.Fatal("a fault")
				}
			}
		})
	}
}
