package dict

import "testing"

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
