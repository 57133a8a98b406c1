package recovery

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"portcullis/gate/cell"
	"portcullis/gate/config"
)

// Standing is what is known of a gate apart from its journal: whether two people stand behind what it checks. A journal that
// is begun anew knows nothing of what was approved, so without it one person could start on an empty folder, under approval: none.
// The zero Standing knows nothing.
type Standing struct {
	Approval      string    `json:"approval"`      // of the configuration in force
	Configuration string    `json:"configuration"` // its hash
	Journal       string    `json:"journal"`       // folder
	Since         time.Time `json:"since"`
}

// approvals are what the file can say.
var approvals = []config.Approval{config.FourEyes, config.NoApproval, config.ApprovalUnsaid}

// FourEyes reports whether two people have to approve what loosens a check.
func (s Standing) FourEyes() bool { return s.Approval == config.FourEyes.String() }

// StandingOf is that of a configuration in force.
func StandingOf(cfg *config.Config, now time.Time) Standing {
	hash := cfg.Hash()
	return Standing{Approval: cfg.Gate.Approval.String(), Configuration: hex.EncodeToString(hash[:]), Journal: cfg.Gate.JournalDir,
		Since: now.UTC().Truncate(time.Second)}
}

// LoadStanding reads the file; one that is not there knows nothing, and one that says nothing known is damaged.
func LoadStanding(path string) (s Standing, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err == nil && !slices.ContainsFunc(approvals, func(a config.Approval) bool { return a.String() == s.Approval }) {
		err = fmt.Errorf("it says approval %q, which no gate has written", s.Approval)
	}
	if err != nil {
		return s, fmt.Errorf("%s says whether changes take two people, and cannot be read: %w; restore it", path, err)
	}
	return s, nil
}

// Save writes the file whole or not at all.
func (s Standing) Save(path string) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(data, '\n'))
	if err = errors.Join(err, f.Chmod(0o640), f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return cell.SyncDir(filepath.Dir(path))
}
