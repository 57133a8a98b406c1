// Command gate is the one program of Portcullis: it runs a gate, talks to a running one, and reads
// the journal of a running or a dead one. Its verbs are in cmd/verbs.
//
// Beside this file lies default.pgo, with which the go command compiles the program and everything in it. go.mod
// keeps the folder out of ./...: go test would compile all packages with it, a second time, and test nothing more.
package main

import "portcullis/cmd/verbs"

func main() { verbs.Main() }
