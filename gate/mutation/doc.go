// Package mutation proves that the tests watch every control: with one switched off on purpose, a named test fails.
//
// There is no switch in the gate. The test, which runs with the build tag mutation only, writes a copy of the checks
// in which each Reason goes through a function that an environment variable turns into Accepted, lays it over the
// source (go test -overlay), and runs the scripts of gate/core once for each Reason. controls.txt names the script
// that has to fail for it; a Reason without one, and a script that does not notice, are failures.
//
//	go test -tags mutation ./gate/mutation            # checks controls.txt
//	go test -tags mutation ./gate/mutation -update    # writes it anew, with the first script that fails
package mutation
