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
	if cfg.Gate.AdminGroup == "" {
		return local.NoGroup, nil
	}
	group, err := user.LookupGroup(cfg.Gate.AdminGroup)
	if err != nil {
		return 0, fmt.Errorf("gate.admin_group: %w; name a group of this machine, or \"\"", err)
	}
	return strconv.Atoi(group.Gid)
}
