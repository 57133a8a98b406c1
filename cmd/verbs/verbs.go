package verbs

import (
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"portcullis/gate/admin"
)

// cli lists the verbs in the order of the help text.
type cli struct {
	Demo     demoVerb     `cmd:"" help:"Show a gate at work: simulated venue and participants over real FIX, one order for each reason."`
	Init     initVerb     `cmd:"" help:"Write a commented sample configuration into a folder."`
	Check    checkVerb    `cmd:"" help:"Validate a configuration; names file, line and cure."`
	Controls controlsVerb `cmd:"" help:"The matrix of controls: what each judges, where it is set, owner, why, review date."`
	Run      runVerb      `cmd:"" help:"Run the gate: starts its engine as a process of its own, looks after it, and can kill it."`

	Engine engineVerb `cmd:"" hidden:""`

	Kill       killVerb       `cmd:"" help:"Block a scope and cancel what is open in it. Sticky until revived."`
	Revive     reviveVerb     `cmd:"" help:"Lift one kill by its id. Restores nothing."`
	Halt       haltVerb       `cmd:"" help:"Halt a symbol or a venue. Sticky until resumed."`
	Resume     resumeVerb     `cmd:"" help:"Lift the halt of a symbol or a venue that an operator has set."`
	Phase      phaseVerb      `cmd:"" help:"Say in which phase trading is at a venue, where the venue itself does not."`
	Restrict   restrictVerb   `cmd:"" help:"Refuse a symbol in a scope, from now on. Sticky until lifted."`
	Enable     enableVerb     `cmd:"" help:"Enable again who a control has disabled when it tripped. It counts anew."`
	Unrestrict unrestrictVerb `cmd:"" help:"Lift that; what a list of the configuration refuses stays refused."`
	Limit      limitVerb      `cmd:"" help:"Set a limit for a time in place of that of the files, while the gate runs."`
	Pass       passVerb       `cmd:"" help:"Let an order that a soft control has refused pass it once, when it is sent again."`
	Accept     acceptVerb     `cmd:"" help:"Accept a venue again: after a difference at egress, or a lost end of the journal."`
	Resolve    resolveVerb    `cmd:"" help:"End the doubt about an order by a human's word. What ends it takes two users under approval: four_eyes."`
	Assign     assignVerb     `cmd:"" help:"Book a fill in a venue's suspense account to an account. Takes two users."`
	Adjust     adjustVerb     `cmd:"" help:"Book a position of an account by hand, with its money where it has a price. Takes two users."`
	Mark       markVerb       `cmd:"" help:"Say what a symbol is worth, or those of the file data.marks are. Takes two users."`
	Cancel     cancelVerb     `cmd:"" help:"Cancel an order at a venue that the gate does not know. Takes two users."`
	Link       linkVerb       `cmd:"" help:"Hold a link down, let it up, set its numbers, while the gate runs."`
	Client     clientVerb     `cmd:"" help:"Bring a client's session into the configuration's files."`
	Approve    approveVerb    `cmd:"" help:"Put in force what another person has offered and what loosens a check."`
	Reload     reloadVerb     `cmd:"" help:"Follow the configuration's files in the settings of links, in lists of symbols and in limits, while the gate runs."`
	Drain      drainVerb      `cmd:"" help:"No new orders over a link, to a venue or at all; wait until nothing is open. Sticky until lifted."`
	Certs      certsVerb      `cmd:"" name:"certificates" help:"Show until when certificates are good; with --renew read their files again, links kept."`
	Roll       rollVerb       `cmd:"" help:"Begin the trade date of today."`
	ShortSale  shortSaleVerb  `cmd:"" name:"shortsale" help:"Hold short sales of a symbol above the best bid (Rule 201), for the rest of the day and the next; or lift that."`
	Borrow     borrowVerb     `cmd:"" help:"Read locates and what is easy to borrow again, for short sales of the trade date."`
	Splits     splitsVerb     `cmd:"" help:"Take the splits of the file data.splits: positions go by them on their ex-dates. Takes two users."`
	SOD        sodVerb        `cmd:"" help:"Read the positions file again: accounts with sod: file begin the day with it."`
	Stop       stopVerb       `cmd:"" help:"Log every link out and end; orders are kept."`

	Status   statusVerb   `cmd:"" help:"One screen: how the gate stands, by its journal."`
	Orders   ordersVerb   `cmd:"" help:"Open orders, by the journal; with --csv the sheet for a venue's desk."`
	Exposure exposureVerb `cmd:"" help:"Credit of a scope, or of all; with --explain what it is made of, recomputed."`
	Recon    reconVerb    `cmd:"" help:"Breaks between drop copies and the gate; with close a human's word that one is dealt with."`
	Why      whyVerb      `cmd:"" help:"An order's whole story, by any of its ids."`
	Changes  changesVerb  `cmd:"" help:"Who changed what, when and why, from what to what: commands and configurations."`
	Audit    auditVerb    `cmd:"" help:"Read the journal record by record."`
	Replay   replayVerb   `cmd:"" help:"Judge the whole journal again; fails on any difference."`

	Upgrade  upgradeVerb  `cmd:"" help:"Whether this program may take over a journal from the one that wrote it: with --check it loads a copy and compares exposure."`
	Snapshot snapshotVerb `cmd:"" help:"Write a snapshot of the journal's state, so that a start with this configuration and program is quick."`

	Shadow shadowVerb `cmd:"" help:"Follow the journal with a second core: snapshots, and an alert where the states differ. gate run starts it."`

	Alert    alertVerb    `cmd:"" help:"Give a test line to every sink for alerts, and say which took it."`
	Dropcopy dropcopyVerb `cmd:"" help:"Serve surveillance: read-only FIX sessions fed by the journal, in a process of their own."`
	Fixecho  fixechoVerb  `cmd:"" help:"An acceptor that sends orders back: certify a FIX session layer against the gate's."`

	Bench      benchVerbs     `cmd:"" help:"Measure the gate beside a plain relay and a gate on quickfixgo; or its kill switch."`
	Sim        simVerb        `cmd:"" help:"Play simulated worlds full of faults, one to a seed; fails on any defect."`
	BenchChild benchChildVerb `cmd:"" hidden:""`

	Passwd passwdVerb `cmd:"" help:"Read a password from standard input and print its hash."`
}

// Main carries out the verb that the command line names, and ends the process where that failed.
func Main() {
	var c cli
	parser := kong.Must(&c, kong.Name("gate"), kong.UsageOnError(), kong.Exit(misused), kong.Vars{"limit_help": limitHelp},
		kong.Description("Pre-trade risk and access gate for the FIX order path."))
	parsed, err := parse(parser, longFlags(help(os.Args[1:])))
	parser.FatalIfErrorf(err)
	if err = parsed.Run(); err == nil {
		err = out.err
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gate:", err)
		os.Exit(exitCode(err))
	}
}

// help makes gate help VERB what gate VERB --help is.
func help(args []string) []string {
	if len(args) > 0 && args[0] == "help" {
		return append(args[1:len(args):len(args)], "--help")
	}
	return args
}

// misused ends a command that was written wrong: it was not carried out, like any other that fails.
func misused(code int) { os.Exit(min(code, 1)) }

// exitCode tells a script what became of its command: 1, it was not carried out; 3, nobody knows.
func exitCode(err error) int {
	if unknown := new(admin.UnknownError); errors.As(err, &unknown) {
		return 3
	}
	return 1
}
