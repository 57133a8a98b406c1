//go:build race

package sim

// seedsMeant is less under the race detector: worlds are played by one goroutine each and share nothing, and the tests
// that wait for real clocks run beside them.
const seedsMeant = 40
