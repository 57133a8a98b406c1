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
