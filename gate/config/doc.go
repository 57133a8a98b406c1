// Package config turns the files an operator writes into one typed, checked Config.
//
// gate.yaml is the main file. It names the others: the QuickFIX settings of the participants' and
// the venues' FIX sessions (package fix/settings), further YAML files with clients, accounts and
// links, and CSV tables with instruments, previous closes and start-of-day positions.
//
// The package judges text, nothing else. It opens no socket, asks no clock and knows no order; the
// wiring maps its plain structs to the tables of the core.
//
// # Reading order
//
//	types        config.go, people.go (clients, accounts, links), venue.go, instrument.go; places.go (where a gate is found)
//	reading      load.go: the order in which files are read; then read_*.go, one section each; timetable.go, calendar.go
//	of a file    yaml.go, yaml_value.go, csv.go, amount.go (exact numbers), codes.go (words for FIX codes), file.go (how it is
//	             read), problem.go (file, line, what is wrong, the cure)
//	checks       check.go: what must hold across sections; room.go; reviews.go, future.go, fxrates.go (what deserves a look by the date)
//	names        numbers.go: a number for life for each; owners.go (whose it is), moved.go (places in other tables), scoped.go
//	secrets      keys.go (certificates), authorities.go (who vouches for peers), login.go (passwords)
//	at rest      kept.go: where a configuration lies beside the journal; resume.go: what a start after a crash goes on with
//	changes      change*.go: what a running gate follows, and what needs a start
//	approval     offer.go, rules.go, tighten.go, tighter.go, held.go, governed.go, copies.go
//	for a time   overlay.go, overlay_key.go: limits that people set over those of the files
//	sample.go    the commented sample
//
// What is offered comes into force as a whole only where it loosens no check, or where a second person has approved it
// (behaviour 12). offer.go says what does, by the rule that rules.go has for every setting; tighten.go goes through all of
// them; tighter.go compares two values by a rule; held.go says what is held back; governed.go names what an approval is of.
//
// # Invariants
//
//   - Fail closed. A missing limit is 0, and 0 means no trading; "unlimited" is a word one must
//     write. A key nobody reads is an error. On any error there is no Config at all.
//   - Every error names file, line, what is wrong and the cure, and one run names them all.
//   - Numbers never pass through a float: digits with at most one point, no exponent, no thousands
//     separator (gate.yaml alone allows 10_000_000), never rounded. Prices, quantities and factors
//     are int64 at 1e-8, money is int64 at 1e-4 of the limit currency.
//   - No secret is in Config.Files, in Hash or in an error: those files are stored beside the
//     journal. Passwords stand in files of their own; of their hashes a print is kept.
//   - References between sections are resolved to slice indices here, so nothing later can miss.
//   - A setting without a rule is held back whatever it is changed to.
//   - No input panics.
package config
