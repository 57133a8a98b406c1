package config

import "reflect"

// UnapprovedCopies lists what the sessions of gate dropcopy that files name would give out beyond what is in force, where that takes a
// second person; inForce nil: nothing is yet. They are served by a process of its own, which follows no reload.
func UnapprovedCopies(inForce, files *Config) []Held {
	switch {
	case inForce == nil && files.Gate.Approval == FourEyes, inForce != nil && inForce.Unapproved:
		return []Held{{Key: "drop_copy", Offered: "something", Shut: "nothing is given out before the first configuration is approved"}}
	case inForce == nil || inForce.Gate.Approval != FourEyes:
		return nil
	}
	t := tightening{offered: files, rows: map[reflect.Type][]setting{}}
	out := files.DropCopy
	t.fields("", "", reflect.ValueOf(inForce.Numbered(files).DropCopy), reflect.ValueOf(&out).Elem())
	t.authorities(inForce, &Config{DropCopy: out, Files: files.Files}, map[string][]byte{})
	return sortedHeld(t.held)
}
