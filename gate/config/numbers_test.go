package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func openNumbers(t *testing.T, dir string) *Numbers {
	t.Helper()
	n, err := OpenNumbers(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	return n
}

func numbersFile(t *testing.T, dir string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "numbers"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A number stays with its name over restarts, and a name that went away keeps its number.
func TestNumbersForLife(t *testing.T) {
	dir := t.TempDir()
	n := openNumbers(t, dir)
	steps := []struct {
		kind  Kind
		names []string
	}{
		{AccountNumber, []string{"ACME-1", "ACME-2", "ACME-1"}},
		{LinkNumber, []string{"FIX.4.4:GATE->ACME"}},
		{AccountNumber, []string{"NEW", "ACME-2"}},
		{ClientNumber, []string{"ACME-1"}},
	}
	for _, step := range steps {
		if err := n.Assign(step.kind, step.names...); err != nil {
			t.Fatal(err)
		}
	}
	const want = "account 0 ACME-1\naccount 1 ACME-2\nlink 0 FIX.4.4:GATE->ACME\n" +
		"account 2 NEW\nclient 0 ACME-1\n"
	if got := numbersFile(t, dir); got != want {
		t.Errorf("file\n%s\nwant\n%s", got, want)
	}
	again := openNumbers(t, dir)
	if err := again.Assign(AccountNumber, "NEW", "LATER"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]uint32{"ACME-1": 0, "ACME-2": 1, "NEW": 2, "LATER": 3} {
		got, ok := again.Of(AccountNumber, name)
		if !ok || got != want || again.Name(AccountNumber, want) != name {
			t.Errorf("%s has number %d (%v), want %d", name, got, ok, want)
		}
	}
	if _, ok := again.Of(VenueNumber, "ACME-1"); ok || again.Name(VenueNumber, 0) != "" || again.Count(AccountNumber) != 4 {
		t.Error("kinds are not apart")
	}
}

func TestNumbersDamaged(t *testing.T) {
	const good = "account 0 A\naccount 1 B\n"
	for _, row := range []struct{ name, content, want string }{
		{"lost line", "account 0 A\naccount 2 C\n", `:2: account number 2 where 1 was due; restore`},
		{"lost first line", "account 1 B\n", `:1: account number 1 where 0 was due`},
		{"repeated line", good + "account 1 B\n", `:3: account number 1 where 2 was due`},
		{"two numbers", good + "account 2 A\n", `:3: account "A" has a second number`},
		{"unknown kind", good + "acount 2 C\n", `:3: damaged line "acount 2 C"`},
		{"no number", good + "account C\n", `:3: damaged line "account C"`},
		{"negative", "account -1 C\n", `:1: damaged line`},
		{"leading zero", "account 00 C\n", `:1: damaged line`},
		{"no name", "account 0 \n", `:1: damaged line`},
		{"blank line", good + "\n" + "account 2 C\n", `:3: damaged line ""`},
		{"control character", "account 0 A\x00\n", `:1: damaged line`},
		{"too large", "account 4294967296 A\n", `:1: damaged line`},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "numbers")
			if err := os.WriteFile(file, []byte(row.content), 0o640); err != nil {
				t.Fatal(err)
			}
			_, err := OpenNumbers(dir)
			if err == nil || !strings.Contains(err.Error(), file+row.want) {
				t.Errorf("got %v, want %s", err, row.want)
			}
			if got := numbersFile(t, dir); got != row.content {
				t.Errorf("the damaged file was changed to %q", got)
			}
		})
	}
}

// A last line that was being written when the machine stopped is removed: nobody was told.
func TestNumbersTornTail(t *testing.T) {
	for _, tail := range []string{"acc", "account 1 B", "\x00\x00\x00"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "numbers"), []byte("account 0 A\n"+tail), 0o640); err != nil {
			t.Fatal(err)
		}
		n := openNumbers(t, dir)
		if err := n.Assign(AccountNumber, "C"); err != nil {
			t.Fatal(err)
		}
		if got := numbersFile(t, dir); got != "account 0 A\naccount 1 C\n" {
			t.Errorf("after tail %q: %q", tail, got)
		}
	}
}

// TestReadNumbers: who only reads leaves the file alone, what is being written in it above all; a draft of it gives numbers to
// itself.
func TestReadNumbers(t *testing.T) {
	dir := t.TempDir()
	if n, err := ReadNumbers(dir); !errors.Is(err, fs.ErrNotExist) || n.Count(AccountNumber) != 0 {
		t.Errorf("where there is none: %v", err)
	}
	const torn = "account 0 A\naccount 1 B"
	if err := os.WriteFile(filepath.Join(dir, "numbers"), []byte(torn), 0o640); err != nil {
		t.Fatal(err)
	}
	n, err := ReadNumbers(dir)
	if err != nil || n.Count(AccountNumber) != 1 {
		t.Fatalf("%d numbers, %v", n.Count(AccountNumber), err)
	}
	draft := n.Draft()
	if err := errors.Join(n.Assign(AccountNumber, "A"), draft.Assign(AccountNumber, "C"), n.Close(), draft.Close()); err != nil {
		t.Error(err)
	}
	if _, known := n.Of(AccountNumber, "C"); known || n.Assign(AccountNumber, "C") == nil {
		t.Error("who reads has given a number")
	}
	if number, known := draft.Of(AccountNumber, "C"); !known || number != 1 {
		t.Errorf("the draft has given %d, %t", number, known)
	}
	if got := numbersFile(t, dir); got != torn {
		t.Errorf("the file is %q by now", got)
	}
}

func TestNumbersRefuseNames(t *testing.T) {
	dir := t.TempDir()
	n := openNumbers(t, dir)
	for _, name := range []string{"", "A\nclient 0 B", " A", "A\x01"} {
		if err := n.Assign(AccountNumber, "GOOD", name); err == nil {
			t.Errorf("%q was accepted", name)
		}
	}
	if got := numbersFile(t, dir); got != "" {
		t.Errorf("a refused batch left %q", got)
	}
}

func TestAssignAll(t *testing.T) {
	c, err := loadMap(SampleFiles(sampleDate))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	n := openNumbers(t, dir)
	for range 2 {
		if err := c.AssignAll(n, Names{}); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Count(numbersFile(t, dir), "\n"); got != 3+2+6+3+1 {
		t.Errorf("%d lines", got)
	}
	if number, ok := n.Of(LinkNumber, "FIX.4.4:GATE->XSIM"); !ok || number != 2 {
		t.Errorf("the venue's link has number %d %v", number, ok)
	}
	c.Gate.Capacity.Accounts = 3
	c.Accounts[0].Name = "RENAMED"
	const want = "gate.capacity.accounts is 3; names that have gone keep their numbers, and with 1 new ones there would be 4: raise gate.capacity.accounts and restart"
	if err := c.AssignAll(n, Names{}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

// TestOwners: what a number belonged to last is known over restarts, also as nothing; a registry as it was then, and a line that
// no number has, too.
func TestOwners(t *testing.T) {
	dir := t.TempDir()
	n := openNumbers(t, dir)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(n.Assign(ClientNumber, "A", "B"))
	must(n.Assign(AccountNumber, "A-1", "A-2"))
	must(n.Own(AccountNumber, []Owned{{0, 0}, {1, 1}}))
	must(n.Own(AccountNumber, []Owned{{0, 0}, {1, NoOwner}}))
	must(n.Own(ClientNumber, []Owned{{0, NoOwner}}))
	must(n.OwnNew(ClientNumber, []Owned{{0, NoOwner}}))
	must(n.OwnNew(AccountNumber, []Owned{{0, 5}}))
	must(n.Close())
	const want = "client 0 A\nclient 1 B\naccount 0 A-1\naccount 1 A-2\nowner account 0 0\nowner account 1 1\nowner account 1 none\n"
	if got := numbersFile(t, dir); got != want {
		t.Errorf("%q", got)
	}
	again := openNumbers(t, dir)
	for _, x := range []*Numbers{again, again.First(Counts{AccountNumber: 1, ClientNumber: 2})} {
		if of, known := x.Owner(AccountNumber, 0); of != 0 || !known {
			t.Error(of, known)
		}
		if _, known := x.Owner(AccountNumber, 1); known {
			t.Error("it belongs to nothing")
		}
	}
	for _, line := range []string{"owner account 2 0", "owner account 0", "owner thing 0 0", "owner account 00 0", "owner account 0 x"} {
		if again.line(line) == "" {
			t.Errorf("%q was taken", line)
		}
	}
}

// FuzzNumbers: no content panics, and what is accepted is written again unchanged.
func FuzzNumbers(f *testing.F) {
	f.Add([]byte("account 0 A\nclient 0 B C\n"))
	f.Add([]byte("account 0 A\naccount 0 A\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := &Numbers{path: "numbers"}
		for kind := range n.byName {
			n.byName[kind] = map[string]uint32{}
		}
		if n.parse(data) != nil {
			return
		}
		whole := 0
		for kind := range kindCount {
			whole += n.Count(kind)
			for i, name := range n.names[kind] {
				if number, ok := n.Of(kind, name); !ok || int(number) != i {
					t.Errorf("%s %q: %d %v", kind, name, number, ok)
				}
			}
		}
		if lines := strings.Count("\n"+string(data), "\n") - strings.Count("\n"+string(data), "\nowner ") - 1; lines > whole {
			t.Errorf("%d numbers from %d lines", whole, lines)
		}
	})
}
