package admin

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	for line, want := range map[string]Request{
		`{"verb":"kill","scope":"all","reason":"drill"}`: {Verb: Kill, Scope: AllScope, Reason: "drill"},
		`{"verb":"kill","scope":"client","name":"ACME","reason":"algo ran away","mode":"disconnect","keep_gtc":true}`: {Verb: Kill,
			Scope: ClientScope, Name: "ACME", Reason: "algo ran away", Mode: ModeDisconnect, KeepGTC: true},
		`{"verb":"kill","scope":"trader","name":"ANN","and":"instrument:IBM venue:XSIM","reason":"drill"}`: {Verb: Kill,
			Scope: TraderScope, Name: "ANN", And: "instrument:IBM venue:XSIM", Reason: "drill"},
		`{"verb":"stop","cancel_orders":true}`:                                   {Verb: Stop, CancelOrders: true},
		"KILL all  feed is stale \n":                                             {Verb: Kill, Scope: AllScope, Reason: "feed is stale"},
		"KILL trader:ANN,instrument:IBM,venue:XSIM x":                            {Verb: Kill, Scope: TraderScope, Name: "ANN", And: "instrument:IBM venue:XSIM", Reason: "x"},
		` {"verb":"revive","id":18446744073709551615,"reason":"Käse"} ` + "\r\n": {Verb: Revive, ID: 1<<64 - 1, Reason: "Käse"},
		`{"verb":"roll"}`:                                 {Verb: Roll},
		`{"verb":"roll","name":"XNAS"}`:                   {Verb: Roll, Name: "XNAS"},
		`{"verb":"stop","reason":"x"}`:                    {Verb: Stop, Reason: "x"},
		`{"verb":"halt","name":"AAPL","reason":"news"}`:   {Verb: Halt, Name: "AAPL", Reason: "news"},
		`{"verb":"resume","name":"AAPL","reason":"news"}`: {Verb: Resume, Name: "AAPL", Reason: "news"},
		`{"verb":"accept","name":"XNAS","reason":"by phone"}`: {Verb: Accept, Name: "XNAS",
			Reason: "by phone"},
		`{"verb":"resolve","name":"A-1","as":"cancelled","reason":"desk says so","qty":"40","price":"12.5","link":"L"}`: {
			Verb: Resolve, Name: "A-1", As: AsCancelled, Reason: "desk says so", Qty: "40", Price: "12.5", Link: "L"},
		`{"verb":"close_break","name":"E1","venue":"XNAS","reason":"spoke to them"}`: {Verb: CloseBreak, Name: "E1", Venue: "XNAS", Reason: "spoke to them"},
		`{"verb":"assign","name":"E1","venue":"XNAS","account":"A","reason":"theirs"}`: {Verb: Assign, Name: "E1",
			Venue: "XNAS", Account: "A", Reason: "theirs"},
		`{"verb":"cancel","name":"V7","venue":"XNAS","symbol":"A","side":"sell","qty":"10","reason":"stray"}`: {Verb: Cancel,
			Name: "V7", Venue: "XNAS", Symbol: "A", Side: Sell, Qty: "10", Reason: "stray"},
		`{"verb":"link_down","name":"L","reason":"their request"}`: {Verb: LinkDown, Name: "L", Reason: "their request"},
		`{"verb":"link_up","name":"L"}`:                            {Verb: LinkUp, Name: "L"},
		`{"verb":"link_seq","name":"L","next_in":7,"next_out":9,"reason":"agreed"}`: {Verb: LinkSeq, Name: "L",
			NextIn: 7, NextOut: 9, Reason: "agreed"},
		`{"verb":"link_reset","name":"L","reason":"agreed"}`: {Verb: LinkReset, Name: "L", Reason: "agreed"},
		`{"verb":"self_test","name":"ab12","count":159,"id":1,"value":"1.5s","reason":"did not refuse: COLLAR of AAPL"}`: {Verb: SelfTest, Name: "ab12",
			Count: 159, ID: 1, Value: "1.5s", Reason: "did not refuse: COLLAR of AAPL"},
		`{"verb":"ping"}`:   {Verb: Ping},
		`{"verb":"status"}`: {Verb: Status},
	} {
		if got, err := Decode([]byte(line)); err != nil || got != want {
			t.Errorf("%s: %+v, %v", line, got, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for line, want := range map[string]string{
		"":                               "ends too early",
		`{"verb":"ping"`:                 "ends too early",
		"null":                           "unknown verb",
		"[]":                             "not a request",
		`"kill"`:                         "not a request",
		"kill all":                       "not a request",
		`{"verb":"ping"}x`:               "something follows",
		`{"verb":"ping"}{"verb":"ping"}`: "something follows",
		`{"verb":"ping","uid":0}`:        "unknown field",
		`{"verb":"ping","reason":1}`:     "not a request",
		`{"verb":"KILL","scope":"all","reason":"x"}`:                                               "unknown verb",
		`{"verb":"kill","reason":"x"}`:                                                             `needs "scope"`,
		`{"verb":"kill","scope":"all"}`:                                                            `needs "reason"`,
		`{"verb":"kill","scope":"all","reason":"  "}`:                                              `needs "reason"`,
		`{"verb":"kill","scope":"firm","reason":"x"}`:                                              "unknown scope",
		`{"verb":"kill","scope":"client","reason":"x"}`:                                            `needs "name"`,
		`{"verb":"kill","scope":"account","reason":"x"}`:                                           `needs "name"`,
		`{"verb":"kill","scope":"link","reason":"x"}`:                                              `needs "name"`,
		`{"verb":"kill","scope":"all","name":"ACME","reason":"x"}`:                                 `takes no "name"`,
		`{"verb":"kill","scope":"all","and":"client:ACME","reason":"x"}`:                           `no "and"`,
		`{"verb":"kill","scope":"client","name":"A","and":"client:B","reason":"x"}`:                "one client",
		`{"verb":"kill","scope":"client","name":"A","and":"instrument","reason":"x"}`:              "no scope with its name",
		`{"verb":"kill","scope":"client","name":"A","and":"all:B","reason":"x"}`:                   "no scope with its name",
		`{"verb":"revive","id":1,"and":"client:B","reason":"x"}`:                                   `takes no "and"`,
		`{"verb":"kill","scope":"all","id":1,"reason":"x"}`:                                        `takes no "id"`,
		`{"verb":"revive","reason":"x"}`:                                                           `needs "id"`,
		`{"verb":"revive","id":-1,"reason":"x"}`:                                                   "not a request",
		`{"verb":"revive","id":1}`:                                                                 `needs "reason"`,
		`{"verb":"revive","id":1,"scope":"all","reason":"x"}`:                                      `takes no "scope"`,
		`{"verb":"halt","name":"A","venue":"V","reason":"x"}`:                                      "a symbol, which it means at every venue, or a whole venue, not both",
		`{"verb":"halt","reason":"x"}`:                                                             `needs "name"`,
		`{"verb":"resolve","name":"A","reason":"x"}`:                                               `needs "as"`,
		`{"verb":"resolve","name":"A","as":"filled"}`:                                              `needs "reason"`,
		`{"verb":"resolve","name":"A","as":"gone","reason":"x"}`:                                   "unknown outcome",
		`{"verb":"resolve","name":"A","as":"open","qty":"1","reason":"x"}`:                         "belong together",
		`{"verb":"resolve","name":"A","as":"open","exec_id":"E","reason":"x"}`:                     "names an execution",
		`{"verb":"resolve_all","venue":"X","as":"open","reason":"x"}`:                              `needs "count"`,
		`{"verb":"resolve_all","venue":"X","as":"filled","count":3,"reason":"x"}`:                  "to be said of each",
		`{"verb":"assign","name":"E1","venue":"X","reason":"x"}`:                                   `needs "account"`,
		`{"verb":"cancel","name":"V","venue":"X","symbol":"A","side":"up","qty":"1","reason":"x"}`: "unknown side",
		`{"verb":"accept","name":"A","as":"open","reason":"x"}`:                                    `takes no "as"`,
		`{"verb":"link_down","name":"L"}`:                                                          `needs "reason"`,
		`{"verb":"link_up","reason":"x"}`:                                                          `needs "name"`,
		`{"verb":"link_seq","name":"L","reason":"x"}`:                                              `needs "next_in" or "next_out"`,
		`{"verb":"link_seq","name":"L","next_in":-1,"reason":"x"}`:                                 "not a request",
		`{"verb":"link_seq","name":"L","next_out":2147483648,"reason":"x"}`:                        "at most 2147483647",
		`{"verb":"link_reset","name":"L","next_in":1,"reason":"x"}`:                                `takes no "next_in"`,
		`{"verb":"kill","scope":"all","reason":"x","mode":"gently"}`:                               `unknown mode "gently"; want block`,
		`{"verb":"roll","cancel_orders":true}`:                                                     `takes no "cancel_orders"`,
		"KILL all":                                                                                 `needs "reason"`,
		"KILL ":                                                                                    "not a kill: want",
		"KILL\n":                                                                                   "not a kill: want",
		"garbage":                                                                                  "or KILL SCOPE:NAME WHY",
		"KILL ACME why":                                                                            `"ACME" is no scope with its name`,
		"KILL street:WALL x":                                                                       `unknown scope "street"`,
		"KILL client:A,B x":                                                                        `"B:" in "and" is no scope`,
		"KILL all, too\x07":                                                                        "no scope with its name",
		"KILL all too\x07":                                                                         "does not print",
		`{"verb":"stop","mode":"block"}`:                                                           `takes no "mode"`,
		`{"verb":"stop","keep_gtc":true}`:                                                          `takes no "keep_gtc"`,
		`{"verb":"ping","reason":"x"}`:                                                             `takes no "reason"`,
		`{"verb":"halt","name":"A","reason":"two\nlines"}`:                                         "does not print",
		`{"verb":"halt","name":"A\u0001B","reason":"x"}`:                                           "does not print",
		`{"verb":"halt","name":"` + strings.Repeat("A", 65) + `","reason":"x"}`:                    `"name" has 65 bytes`,
		`{"verb":"halt","name":"A","reason":"` + strings.Repeat("x", 201) + `"}`:                   `"reason" has 201 bytes`,
		`{"verb":"` + strings.Repeat("k", 3000) + `"}`:                                             "kkk...",
		strings.Repeat("[", 4000):                                                                  "not a request",
	} {
		if got, err := Decode([]byte(line)); err == nil || !strings.Contains(err.Error(), want) || got != (Request{}) {
			t.Errorf("%s: %+v, %v; want %q", line, got, err, want)
		}
	}
}

// FuzzDecode: nothing panics, and what was accepted is valid, bounded and survives being written.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"verb":"kill","scope":"client","name":"ACME","reason":"algo","keep_gtc":true}`))
	f.Add([]byte(`{"verb":"revive","id":7,"reason":"ok"}`))
	f.Add([]byte(`{"verb":"ping"}`))
	f.Add([]byte(`{"verb":"kill","scope":"all","reason":"\ud800\u0000"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := Decode(line)
		if err != nil {
			if r != (Request{}) {
				t.Fatalf("%q: refused, yet %+v", line, r)
			}
			return
		}
		if len(r.Name) > NameBytesMax || len(r.Reason) > ReasonBytesMax ||
			r.Verb == Kill && (r.Scope == AllScope) != (r.Name == "") {
			t.Fatalf("%q: accepted %+v", line, r)
		}
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Decode(b); err != nil || again != r {
			t.Fatalf("%q written as %s: %+v %v", line, b, again, err)
		}
	})
}
