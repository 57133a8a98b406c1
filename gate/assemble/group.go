package assemble

import (
	"fmt"
	"os/user"
	"strconv"

	"portcullis/gate/config"
	"portcullis/gate/local"
)

// AdminGroup is the number of the group whose members may give commands, local.NoGroup for none. It is
// this machine's to say: a journal is read elsewhere with the same configuration.
func AdminGroup(cfg *config.Config) (int, error) {
	return groupOf(cfg, "admin_group", cfg.Gate.AdminGroup)
}

// Share gives admin_group a folder of the journal to read, for whoever gives commands must see what they are about; where
// that before had such a group and cfg has none it is taken back. before is nil where nothing was in force. A journal among the files of the configuration is refused, for some of those are secret.
func Share(cfg, before *config.Config) (func(dir string) error, error) {
	group, err := AdminGroup(cfg)
	if err != nil {
		return nil, err
	}
	if group == local.NoGroup {
		if before == nil || before.Gate.AdminGroup == "" {
			return nil, nil
		}
		return local.Unshare, nil
	}
	if name := cfg.FileIn(cfg.Gate.JournalDir); name != "" {
		return nil, cfg.GateProblem("journal", fmt.Sprintf("gate.journal: %s of the configuration lies in it, and gate.admin_group would read it", name),
			"name a folder that has nothing but the journal")
	}
	return func(dir string) error { return local.Share(dir, group) }, nil
}

// KillGroup is that of the socket which takes kills alone.
func KillGroup(cfg *config.Config) (int, error) {
	return groupOf(cfg, "kill_group", cfg.Gate.KillGroup)
}

func groupOf(cfg *config.Config, key, name string) (int, error) {
	if name == "" {
		return local.NoGroup, nil
	}
	group, err := user.LookupGroup(name)
	if err != nil {
		return 0, cfg.GateProblem(key, fmt.Sprintf("gate.%s: %v", key, err), "name a group of this machine, or \"\"")
	}
	return strconv.Atoi(group.Gid)
}
