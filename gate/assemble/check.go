package assemble

import "portcullis/gate/config"

// Check builds everything that a start would build from a configuration, in memory, and throws it
// away: what only shows when limits, tables and dictionaries meet is found before a start.
func Check(cfg *config.Config) error {
	if _, err := Share(cfg, nil); err != nil {
		return err
	}
	if _, err := KillGroup(cfg); err != nil {
		return err
	}
	n := config.DraftNumbers()
	if err := Assign(cfg, n); err != nil {
		return err
	}
	_, err := Core(cfg, n, nil, Heap)
	return err
}
