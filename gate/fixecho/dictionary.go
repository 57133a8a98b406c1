package fixecho

import (
	"errors"
	"os"
	"path/filepath"

	"portcullis/fix/dict"
	"portcullis/fix/settings"
)

// learn gives a session its dictionaries: those of the settings file, else the built-in ones of its
// version. Without UseDataDictionary fields are not judged, and groups are those of the version.
func (s *session) learn(in *settings.Session) (err error) {
	if s.dict, err = dict.For(in.BeginString, in.DefaultApplVerID); err != nil || !in.Dictionaries.Use {
		return err
	}
	shelf, err := in.Shelf(func(name string) ([]byte, error) { return read(in.File, name) })
	if err != nil {
		return err
	}
	if in.DefaultApplVerID == "" {
		s.dict = shelf.Session
	}
	s.set.Content, err = dict.NewValidator(shelf, in.Dictionaries.Switches)
	return err
}

// read reads a file that a settings file names: relative to the working directory, as the QuickFIX
// family does, else relative to the settings file.
func read(settingsFile, name string) ([]byte, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) && !filepath.IsAbs(name) {
		return os.ReadFile(filepath.Join(filepath.Dir(settingsFile), name))
	}
	return data, err
}
