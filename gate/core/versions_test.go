package core

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"portcullis/fix"
	"portcullis/fix/dict"
	"portcullis/risk"
)

// version is a version of FIX as a link of it is configured and speaks.
type version struct {
	name, begin, appl string
	dict              *dict.Dict
	dialect           *Dialect
	validator         *dict.Validator
}

// fixVersions are all of them, oldest first.
var fixVersions = sync.OnceValue(func() (all []version) {
	for n, v := range []version{{name: "FIX.4.0"}, {name: "FIX.4.1"}, {name: "FIX.4.2"}, {name: "FIX.4.3"}, {name: "FIX.4.4"},
		{name: "FIX.5.0", appl: "7"}, {name: "FIX.5.0SP1", appl: "8"}, {name: "FIX.5.0SP2", appl: "9"}} {
		if v.begin = v.name; v.appl != "" {
			v.begin = "FIXT.1.1"
		}
		var err error
		if v.dict, err = dict.For(v.begin, v.appl); err != nil {
			panic(err)
		}
		v.dialect = NewDialect(risk.FIXVersion(n), v.dict)
		shelf, err := dict.Standard(v.begin, v.appl)
		if err != nil {
			panic(err)
		}
		if v.validator, err = dict.NewValidator(shelf, dict.DefaultSwitches()); err != nil {
			panic(err)
		}
		all = append(all, v)
	}
	return all
})

func versionNamed(name string) version {
	for _, v := range fixVersions() {
		if v.name == name {
			return v
		}
	}
	panic("no version " + name)
}

// versionOf is what the peer of that name speaks.
func (c *conf) versionOf(peer string) version {
	if peer == "XSIM" && c.venueVersion != "" {
		return versionNamed(c.venueVersion)
	}
	return versionNamed(c.version)
}

// policies are the tag policies of a world's venue. Those of a profile without options are made once for two versions.
func (c *conf) policies() (all [risk.FIXVersions]*Tags) {
	p, v := c.versionOf("ACME"), c.versionOf("XSIM")
	build := func() *Tags { return NewTags(p.dialect, v.dialect, carried(p, v), carried(v, p), c.tags) }
	if o := c.tags; o.Symbols || len(o.Pass)+len(o.Drop)+len(o.Reject)+len(o.Set) > 0 {
		all[p.dialect.Version] = build()
		return all
	}
	kept, _ := plainPolicies.LoadOrStore([2]string{p.name, v.name}, sync.OnceValue(build))
	all[p.dialect.Version] = kept.(func() *Tags)()
	return all
}

var plainPolicies sync.Map // [2]string to func() *Tags

func carried(from, to version) Carried {
	return func(msgType string) func(int) bool { return dict.Carried(from.dict, to.dict, []byte(msgType)) }
}

// resets reports whether a Logon can have the numbers begin anew: FIX.4.0 has no ResetSeqNumFlag(141).
func (v version) resets() bool { return v.name != "FIX.4.0" }

// invalid is the fault that the standard dictionary of the version finds in a whole message; "" for none.
func (v version) invalid(raw []byte) string {
	var m fix.Message
	m.Index(raw)
	if f := v.validator.Judge(&m); f.Code != fix.NoFault {
		return fmt.Sprint("SessionRejectReason ", f.Code, ", tag ", f.Tag)
	}
	return ""
}

// fields is the body of a message that a test writes, to be put into the words of a version.
type fields [][2]string

func (f *fields) get(tag string) string {
	for _, x := range *f {
		if x[0] == tag {
			return x[1]
		}
	}
	return ""
}

// put sets a field; it goes where the field was, else to the end.
func (f *fields) put(tag, value string) {
	for i := range *f {
		if (*f)[i][0] == tag {
			(*f)[i][1] = value
			return
		}
	}
	*f = append(*f, [2]string{tag, value})
}

func (f *fields) drop(tags ...string) {
	*f = slices.DeleteFunc(*f, func(x [2]string) bool { return slices.Contains(tags, x[0]) })
}

// worded puts a peer's message, written in the words of FIX.4.4, into those of its version. It is written from the
// specifications, not from the tables under test. What has ExecTransType(20) is in old words already.
func (v version) worded(body string) string {
	var f fields
	for _, x := range strings.Split(strings.TrimSuffix(body, "|"), "|") {
		tag, value, _ := strings.Cut(x, "=")
		f = append(f, [2]string{tag, value})
	}
	switch f[0][1] {
	case "8":
		if v.name <= "FIX.4.2" && f.get("20") == "" {
			v.oldReport(&f)
		}
	case "9":
		if v.name < "FIX.4.2" {
			f.drop("434", "60")
		}
		if v.name == "FIX.4.0" {
			f.drop("39", "41")
		}
	case "j":
		if v.name < "FIX.4.2" {
			f.put("35", "3")
			f.drop("372", "379", "380")
		}
	case "3":
		if v.name < "FIX.4.2" {
			f.drop("371", "372", "373")
		}
	case "A":
		if v.appl != "" && f.get("1137") == "" {
			f.put("1137", v.appl)
		}
	case "D", "G", "F":
		if v.name < "FIX.4.2" {
			f.drop("60")
		}
		if v.name == "FIX.4.0" && f[0][1] == "F" && f.get("125") == "" {
			f.put("125", "F")
		}
	}
	var b strings.Builder
	for _, x := range f {
		b.WriteString(x[0] + "=" + x[1] + "|")
	}
	return b.String()
}

// oldReport says an ExecutionReport in the words of FIX.4.0 to 4.2.
func (v version) oldReport(f *fields) {
	trans, exec, status := "0", f.get("150"), f.get("39")
	if v.name < "FIX.4.2" && status == "E" {
		status = "6"
	}
	switch exec {
	case "F":
		if exec = "1"; status == "2" {
			exec = "2"
		}
	case "H":
		trans, exec = "1", status
	case "G":
		trans, exec = "2", status
	case "I":
		trans, exec = "3", status
	case "D":
		if v.name < "FIX.4.2" {
			trans, exec = "3", status
		}
	case "E":
		if v.name < "FIX.4.2" {
			exec = "6"
		}
	}
	if v.name == "FIX.4.0" {
		status = exec
	}
	f.put("20", trans)
	f.put("150", exec)
	f.put("39", status)
	if v.name < "FIX.4.2" && f.get("32") == "" {
		f.put("32", "0")
		f.put("31", "0")
	}
	if v.name == "FIX.4.0" {
		f.drop("150", "151", "41")
	}
}
