package gate

import (
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/recovery"
)

// TestJournalIsShared: admin_group reads all that the gate keeps in its journal and its tail, over starts before and after
// it was named, and writes none of it.
func TestJournalIsShared(t *testing.T) {
	name, gid := someGroup(t)
	dir := t.TempDir()
	edits := []string{config.SampleMain, "admin_group: \"\" ", "admin_group: " + name + " "}
	must(t, openSample(t, dir).close())
	g := openSample(t, dir, edits...)
	defer func() { must(t, g.close()) }()
	must(t, g.begin(20261122, nil))
	s, _ := followed(t, g, filepath.Join(dir, "none"))
	must(t, s.Save(recovery.Dir(g.JournalDir())))
	count := 0
	for _, folder := range []string{g.JournalDir(), filepath.Join(dir, "tail")} {
		must(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			must(t, err)
			info, err := os.Stat(path)
			must(t, err)
			count++
			if of := int(info.Sys().(*syscall.Stat_t).Gid); of != gid || info.Mode().Perm()&^0o110 != 0o640 {
				t.Errorf("%s: %v of group %d, want %d to read it", path, info.Mode(), of, gid)
			}
			return nil
		}))
	}
	if count < 20 {
		t.Errorf("only %d files", count)
	}
	if info, err := os.Stat(filepath.Join(dir, config.SampleMain)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the configuration: %v, %v", info.Mode(), err)
	}
}

// TestJournalIsTakenBack: a group that is admin_group no more reads nothing of the journal any more.
func TestJournalIsTakenBack(t *testing.T) {
	name, gid := someGroup(t)
	dir := t.TempDir()
	named := []string{config.SampleMain, "admin_group: \"\" ", "admin_group: " + name + " "}
	for _, edits := range [][]string{named, nil} {
		g := openSample(t, dir, edits...)
		hash := g.cfg.Hash()
		must(t, g.boot.Record(&core.Event{Kind: core.Configured, Link: core.NoIndex, Data: hash[:]}))
		must(t, g.close())
	}
	must(t, filepath.WalkDir(filepath.Join(dir, "journal"), func(path string, _ fs.DirEntry, err error) error {
		must(t, err)
		info, err := os.Stat(path)
		must(t, err)
		if int(info.Sys().(*syscall.Stat_t).Gid) == gid {
			t.Errorf("%s: %v, still of group %s", path, info.Mode(), name)
		}
		return nil
	}))
}

// TestNobodyReadsUnapproved: a group that waits for approval reads nothing of the journal.
func TestNobodyReadsUnapproved(t *testing.T) {
	name, gid := someGroup(t)
	dir := t.TempDir()
	alone := []string{config.SampleMain, "approval: none ", "approval: four_eyes "}
	for range 2 { // what the first approves is in force from the second on
		g := openSample(t, dir, alone...)
		hash := g.cfg.Hash()
		must(t, g.boot.Record(&core.Event{Kind: core.Configured, Link: core.NoIndex, Data: hash[:]}))
		if offer := g.core.Offer(); offer != "" {
			must(t, g.boot.Command(core.Command{Kind: core.CmdApprove, Name: offer, UID: 4242, Reason: "test"}))
		}
		must(t, g.close())
	}
	g := openSample(t, dir, append(alone, config.SampleMain, "admin_group: \"\" ", "admin_group: "+name+" ")...)
	defer func() { must(t, g.close()) }()
	if info, err := os.Stat(g.JournalDir()); err != nil || int(info.Sys().(*syscall.Stat_t).Gid) == gid || len(g.cfg.Held()) != 1 {
		t.Errorf("%v: group %s reads the journal; held back: %v", err, name, g.cfg.Held())
	}
}

// TestJournalAmongSecrets: a group is given no folder in which files of the configuration lie.
func TestJournalAmongSecrets(t *testing.T) {
	name, _ := someGroup(t)
	edits := []string{config.SampleMain, "journal: journal ", "journal: . ", config.SampleMain, "admin_group: \"\" ", "admin_group: " + name + " "}
	_, err := Open(loadSample(t, t.TempDir(), edits...), Options{})
	if err == nil || !strings.Contains(err.Error(), "gate.yaml:9: gate.journal: gate.yaml of the configuration lies in it") {
		t.Error(err)
	}
}

// someGroup is a group that has a name and into which this process may put its files.
func someGroup(t *testing.T) (name string, gid int) {
	groups, err := os.Getgroups()
	must(t, err)
	if os.Getuid() == 0 {
		groups = []int{1, 2, 65534}
	}
	for _, gid := range append(groups, os.Getgid()) {
		if g, err := user.LookupGroupId(strconv.Itoa(gid)); err == nil && gid != os.Getgid() {
			return g.Name, gid
		}
	}
	t.Skip("NOT TESTED: this user is in no second group that has a name")
	return "", 0
}
