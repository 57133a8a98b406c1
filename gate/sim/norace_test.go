//go:build !race

package sim

// seedsMeant is enough for every fault and verdict that TestSeed asks for; gate sim plays more.
const seedsMeant = 120
