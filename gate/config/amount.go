package config

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// amountBytesMax bounds a number's text: 19 digits before and a few after the point are all that fits.
const amountBytesMax = 40

// parseAmount reads a decimal number as an integer of 10^-decimals units. The canonical form is
// digits with at most one point and an optional leading minus. The second result is "" or says what
// is wrong with the text; the cure is always the same and left to the caller.
func parseAmount(text string, decimals int) (int64, string) {
	if wrong := amountForm(text); wrong != "" {
		return 0, wrong
	}
	number, err := decimal.NewFromString(text)
	if err != nil {
		return 0, "is not a number"
	}
	scaled := number.Shift(int32(decimals))
	if !scaled.IsInteger() {
		return 0, fmt.Sprintf("has more than %d decimals", decimals)
	}
	units := scaled.BigInt()
	if !units.IsInt64() || units.Int64() == Unlimited {
		return 0, "is too large"
	}
	return units.Int64(), ""
}

// amountForm checks the spelling before any arithmetic, so that no later step sees odd input.
func amountForm(text string) string {
	digits, points := 0, 0
	for i, c := range []byte(text) {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '-' && i == 0:
		case c == '.' && digits > 0 && points == 0 && i < len(text)-1:
			points++
		case c == ',' || c == '\'' || c == '_':
			return "has a thousands separator"
		case (c == 'e' || c == 'E') && digits > 0:
			return "has an exponent"
		default:
			return "is not a number"
		}
	}
	switch {
	case digits == 0:
		return "is not a number"
	case len(text) > amountBytesMax:
		return "is too large"
	}
	return ""
}

// stripUnderscores removes the underscores of 10_000_000, which gate.yaml allows between digits.
func stripUnderscores(text string) string {
	for i := range len(text) {
		if text[i] == '_' && (i == 0 || i == len(text)-1 || !isDigit(text[i-1]) || !isDigit(text[i+1])) {
			return text
		}
	}
	return strings.ReplaceAll(text, "_", "")
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// multiply gives the product of three factors at 1e-8 as a factor at 1e-8, or says what is wrong:
// it must be exact, positive and fit, because a rounded k would misstate every exposure.
func multiply(a, b, c int64) (int64, string) {
	product := decimal.New(a, -QtyDecimals).Mul(decimal.New(b, -QtyDecimals)).Mul(decimal.New(c, -QtyDecimals))
	scaled := product.Shift(QtyDecimals)
	switch {
	case !scaled.IsInteger():
		return 0, fmt.Sprintf("= %s has more than %d decimals", product, QtyDecimals)
	case !scaled.BigInt().IsInt64():
		return 0, fmt.Sprintf("= %s is too large", product)
	}
	return scaled.IntPart(), ""
}
