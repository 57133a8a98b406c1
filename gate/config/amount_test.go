package config

import (
	"math/big"
	"testing"
)

func TestParseAmount(t *testing.T) {
	for _, row := range []struct {
		text     string
		decimals int
		want     int64
		wrong    string
	}{
		{"0", 4, 0, ""},
		{"-0", 4, 0, ""},
		{"1", 4, 10000, ""},
		{"0.0001", 4, 1, ""},
		{"-1.5", 8, -150000000, ""},
		{"007", 0, 7, ""},
		{"1.00000000000000", 4, 10000, ""},
		{"922337203685477.5806", 4, 9223372036854775806, ""},
		{"922337203685477.5807", 4, 0, "is too large"}, // the value that stands for unlimited
		{"-922337203685477.5808", 4, -9223372036854775808, ""},
		{"922337203685477.5808", 4, 0, "is too large"},
		{"0.00001", 4, 0, "has more than 4 decimals"},
		{"1e3", 4, 0, "has an exponent"},
		{"1E3", 4, 0, "has an exponent"},
		{"e3", 4, 0, "is not a number"},
		{"1,000", 4, 0, "has a thousands separator"},
		{"1'000", 4, 0, "has a thousands separator"},
		{"1_000", 4, 0, "has a thousands separator"},
		{"1.000.000", 4, 0, "is not a number"},
		{"1.", 4, 0, "is not a number"},
		{".5", 4, 0, "is not a number"},
		{"", 4, 0, "is not a number"},
		{"-", 4, 0, "is not a number"},
		{"+1", 4, 0, "is not a number"},
		{" 1", 4, 0, "is not a number"},
		{"1 000", 4, 0, "is not a number"},
		{"NaN", 4, 0, "is not a number"},
		{"Inf", 4, 0, "is not a number"},
		{"0x10", 4, 0, "is not a number"},
		{"--1", 4, 0, "is not a number"},
		{"٣", 4, 0, "is not a number"},
		{"99999999999999999999999999999999999999999999", 0, 0, "is too large"},
	} {
		got, wrong := parseAmount(row.text, row.decimals)
		if got != row.want || wrong != row.wrong {
			t.Errorf("parseAmount(%q, %d) = %d %q, want %d %q", row.text, row.decimals, got, wrong, row.want, row.wrong)
		}
	}
}

func TestStripUnderscores(t *testing.T) {
	for text, want := range map[string]string{
		"10_000_000": "10000000", "1_0.5": "10.5", "_1": "_1", "1_": "1_", "1__0": "1__0", "1_.5": "1_.5", "": "",
	} {
		if got := stripUnderscores(text); got != want {
			t.Errorf("stripUnderscores(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestMultiply(t *testing.T) {
	for _, row := range []struct {
		a, b, c, want int64
		wrong         string
	}{
		{one, one, one, one, ""},
		{100 * one, one, one, 100 * one, ""},
		{one, one / 100, one * 5 / 4, one / 80, ""},
		{1, 1, one, 0, "= 0.0000000000000001 has more than 8 decimals"},
		{1 << 62, 1 << 62, one, 0, "= 2126764793255865396646.0912964485513216 has more than 8 decimals"},
		{one * 1000000, one * 1000000, one, 0, "= 1000000000000 is too large"},
	} {
		got, wrong := multiply(row.a, row.b, row.c)
		if got != row.want || wrong != row.wrong {
			t.Errorf("multiply(%d, %d, %d) = %d %q, want %d %q", row.a, row.b, row.c, got, wrong, row.want, row.wrong)
		}
	}
}

// FuzzAmount holds parseAmount against exact rational arithmetic, and units against parseAmount.
func FuzzAmount(f *testing.F) {
	for _, seed := range []string{"1.5", "-0.00000001", "92233720368.54775807", "1e9", "1/3", "0b1", "1_0"} {
		f.Add(seed, uint8(8))
	}
	f.Fuzz(func(t *testing.T, text string, decimals uint8) {
		decimals %= 9
		got, wrong := parseAmount(text, int(decimals))
		if wrong != "" {
			return
		}
		exact, ok := new(big.Rat).SetString(text)
		scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
		if !ok || exact.Mul(exact, scale).Cmp(new(big.Rat).SetInt64(got)) != 0 {
			t.Errorf("parseAmount(%q, %d) = %d", text, decimals, got)
		}
		if again, wrong := parseAmount(units(got), QtyDecimals); wrong != "" || again != got {
			t.Errorf("units(%d) = %q, read again %d %q", got, units(got), again, wrong)
		}
	})
}
