package fixecho

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"portcullis/fix/dict"
	"portcullis/fix/settings"
)

// learn gives a session its dictionaries: those of the settings file, else the built-in ones of its
// version. Without UseDataDictionary fields are not judged, and groups are those of the version.
func (s *session) learn(in *settings.Session) (err error) {
	d := &in.Dictionaries
	if s.dict, err = dict.For(in.BeginString, in.DefaultApplVerID); err != nil || !d.Use {
		return err
	}
	shelf, err := dict.Standard(in.BeginString, in.DefaultApplVerID)
	if err != nil {
		return err
	}
	if d.Session != "" {
		if shelf.Session, err = load(in.File, d.Session); err != nil {
			return err
		}
		if in.DefaultApplVerID == "" {
			s.dict = shelf.Session
		}
	}
	if d.App != "" {
		if shelf.App[in.DefaultApplVerID], err = load(in.File, d.App); err != nil {
			return err
		}
	}
	validator, err := dict.NewValidator(shelf, switches(d))
	if err != nil {
		return err
	}
	s.set.Content = validator
	return nil
}

func switches(d *settings.Dictionaries) dict.Switches {
	return dict.Switches{
		ValidateFieldsOutOfOrder: d.ValidateFieldsOutOfOrder, ValidateFieldsHaveValues: d.ValidateFieldsHaveValues,
		ValidateUserDefinedFields:    d.ValidateUserDefinedFields,
		ValidateUnorderedGroupFields: d.ValidateUnorderedGroupFields,
		AllowUnknownMsgFields:        d.AllowUnknownMsgFields, RejectInvalidMessage: d.RejectInvalidMessage,
	}
}

// load reads a dictionary that a settings file names: relative to the working directory, as the QuickFIX
// family does, else relative to the settings file.
func load(settingsFile, name string) (*dict.Dict, error) {
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) && !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(settingsFile), name)
		f, err = os.Open(name)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d, err := dict.Load(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}
