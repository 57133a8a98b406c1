//go:build !race

package system

// buildFlags make the gate under test as the tests are made.
var buildFlags []string
