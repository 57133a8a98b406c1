package settings

import (
	"bytes"
	"fmt"
	"strings"

	"portcullis/fix"
	"portcullis/fix/dict"
)

// Dictionaries says which dictionaries judge a session's messages, and how strictly.
type Dictionaries struct {
	Use     bool       // UseDataDictionary; Y also where a file is named
	Session string     // file of DataDictionary, of TransportDataDictionary with FIXT.1.1; "" = the built-in one
	App     [10]string // FIXT.1.1: files of AppDataDictionary.X by ApplVerID, of AppDataDictionary for DefaultApplVerID

	dict.Switches
}

// appFamily begins the keys that name the dictionary of one application version: AppDataDictionary.FIX.4.4.
const appFamily = "AppDataDictionary."

// dictionaries reads what judges the fields. otherwise is UseDataDictionary where the file neither sets it nor
// names a dictionary. As in the QuickFIX family DataDictionary is for FIX.4.0 to FIX.4.4 and the other two are
// for FIXT.1.1, so that all may stand in [DEFAULT].
func (v *Values) dictionaries(s *Session, otherwise bool) Dictionaries {
	var d Dictionaries
	if s.BeginString == transport {
		d.Session, _ = v.String("TransportDataDictionary")
		v.appDictionaries(&d, s.DefaultApplVerID)
	} else {
		d.Session, _ = v.String("DataDictionary")
	}
	d.Use = v.Bool("UseDataDictionary", otherwise || d.Session != "" || d.App != [10]string{})
	d.Switches = dict.Switches{
		ValidateFieldsOutOfOrder:     v.Bool("ValidateFieldsOutOfOrder", true),
		ValidateFieldsHaveValues:     v.Bool("ValidateFieldsHaveValues", true),
		ValidateUserDefinedFields:    v.Bool("ValidateUserDefinedFields", v.Bool("CheckUserDefinedFields", true)),
		ValidateUnorderedGroupFields: v.Bool("ValidateUnorderedGroupFields", true),
		AllowUnknownMsgFields:        v.Bool("AllowUnknownMsgFields", false),
		RejectInvalidMessage:         v.Bool("RejectInvalidMessage", true),
	}
	return d
}

// appDictionaries reads AppDataDictionary and AppDataDictionary.X, where X is a version by name or code.
func (v *Values) appDictionaries(d *Dictionaries, standard string) {
	if file, ok := v.String("AppDataDictionary"); ok && standard != "" {
		d.App[standard[0]-'0'] = file
	}
	for _, key := range v.Section.Keys {
		version, ok := strings.CutPrefix(key.Name, appFamily)
		if !ok {
			continue
		}
		id := dict.ApplVerID(version)
		if id == "" {
			v.Problems.Add(v.File, key.Line, clip(key.Name)+" names no version of FIX",
				"write AppDataDictionary.FIX.4.0 to AppDataDictionary.FIX.5.0SP2")
			continue
		}
		if file, ok := v.String(key.Name); ok {
			d.App[id[0]-'0'] = file
		}
	}
}

// strayDictionaries says of files that a session names itself that they are not for its version: nobody opens them, and they
// need not be there.
func (r *reader) strayDictionaries(section *Section, s *Session) {
	for _, key := range section.Keys {
		var are string
		switch {
		case key.Line < section.Line || s.BeginString == "": // [DEFAULT] is for sessions of all versions
		case s.BeginString == transport && key.Name == "DataDictionary":
			are = "TransportDataDictionary and AppDataDictionary are"
		case s.BeginString != transport && (key.Name == "TransportDataDictionary" || key.Name == "AppDataDictionary" || strings.HasPrefix(key.Name, appFamily)):
			are = "DataDictionary is"
		}
		if are != "" {
			r.note(fmt.Sprintf("%s:%d: %s has no effect on sessions of %s: %s for them", r.file, key.Line, key.Name, s.BeginString, are))
		}
	}
}

// refuseDictionary names the keys by which an initiator would use a dictionary.
func (v *Values) refuseDictionary() {
	for _, key := range v.Section.Keys {
		switch key.Name {
		case "UseDataDictionary", "DataDictionary", "TransportDataDictionary", "AppDataDictionary":
		default:
			if !strings.HasPrefix(key.Name, appFamily) {
				continue
			}
		}
		v.Problems.Add(v.File, key.Line, key.Name+" is not offered to an initiator: what a venue reports is booked whatever "+
			"its form, and the gate checks the fields it reads", "remove the key")
	}
}

// Shelf returns the dictionaries of the session: those of the files it names, read with open, and the built-in ones
// of FIX for the rest. Its errors are of type *Problem.
func (s *Session) Shelf(open func(name string) ([]byte, error)) (dict.Shelf, error) {
	shelf, err := dict.Standard(s.BeginString, s.DefaultApplVerID)
	if err != nil {
		return shelf, s.problem(err)
	}
	load := func(into *dict.Dict, name string) (*dict.Dict, error) {
		if name == "" {
			return into, nil
		}
		data, err := open(name)
		if err != nil {
			return nil, s.problem(fmt.Errorf("dictionary %s: %w", clip(name), err))
		}
		d, err := dict.Load(bytes.NewReader(data))
		if err != nil {
			return nil, s.problem(fmt.Errorf("dictionary %s: %w", clip(name), err))
		}
		return d, nil
	}
	if shelf.Session, err = load(shelf.Session, s.Dictionaries.Session); err != nil {
		return shelf, err
	}
	if shelf.Session.Name() != s.BeginString {
		return shelf, s.problem(fmt.Errorf("dictionary %s is of %s, the session speaks %s",
			clip(s.Dictionaries.Session), shelf.Session.Name(), s.BeginString))
	}
	for id, d := range shelf.App {
		if shelf.App[id], err = load(d, s.Dictionaries.App[id[0]-'0']); err != nil {
			return shelf, err
		}
	}
	return shelf, nil
}

// Validators compiles what judges the messages that come in. Sessions that ask for the same share one.
type Validators struct {
	Open  func(name string) ([]byte, error) // reads a dictionary by the name that the settings file gives it
	built map[wanted]*dict.Validator
}

// wanted is what tells two validators apart.
type wanted struct {
	beginString, applVerID string
	dictionaries           Dictionaries
}

// Of returns the validator of a session; nil if it uses no dictionary. Its errors are of type *Problem.
func (v *Validators) Of(s *Session) (*dict.Validator, error) {
	want := wanted{s.BeginString, s.DefaultApplVerID, s.Dictionaries}
	if built := v.built[want]; built != nil || !s.Dictionaries.Use {
		return built, nil
	}
	shelf, err := s.Shelf(v.Open)
	if err != nil {
		return nil, err
	}
	validator, err := dict.NewValidator(shelf, s.Dictionaries.Switches)
	if err != nil {
		return nil, s.problem(err)
	}
	if v.built == nil {
		v.built = make(map[wanted]*dict.Validator)
	}
	v.built[want] = validator
	return validator, nil
}

// LogonProblem says that the session's validator would refuse every Logon with a password; nil: it does not. Until
// FIX.4.2 the standard dictionaries have no field for one.
func (s *Session) LogonProblem(v *dict.Validator) error {
	if v.Takes("A", fix.TagUsername) && v.Takes("A", fix.TagPassword) {
		return nil
	}
	return &Problem{File: s.File, Line: s.Line, What: "session " + s.Name + ": its Logon must carry Username(553) and Password(554), " +
		"which its dictionary does not have there", Cure: "name a DataDictionary that has them, or write UseDataDictionary=N"}
}

func (s *Session) problem(err error) *Problem {
	return &Problem{File: s.File, Line: s.Line, What: "session " + s.Name + ": " + err.Error(),
		Cure: "correct the file or the name of the dictionary"}
}
