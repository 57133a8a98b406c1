//go:build !race

package sim

const seedsMeant = 200
