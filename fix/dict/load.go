package dict

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"sync"

	"portcullis/fix/dict/internal/spec"
)

//go:generate go run portcullis/fix/dict/internal/gen

//go:embed dictionaries.bin
var embedded string

// archive opens the embedded bytes once; a test holds that they open.
var archive = sync.OnceValues(func() (*spec.Archive, error) { return spec.Open(embedded) })

// transport is the BeginString(8) of the versions that carry their application version in ApplVerID(1128).
const transport = "FIXT.1.1"

// applVersions lists ApplVerID(1128) values and what settings files may call them in DefaultApplVerID(1137).
var applVersions = []struct{ id, name string }{
	{"2", "FIX.4.0"}, {"3", "FIX.4.1"}, {"4", "FIX.4.2"}, {"5", "FIX.4.3"}, {"6", "FIX.4.4"},
	{"7", "FIX.5.0"}, {"8", "FIX.5.0SP1"}, {"9", "FIX.5.0SP2"},
}

// ApplVerID returns the code of an application version that is given by code or by name ("FIX.5.0SP2" is "9"), ""
// if there is none.
func ApplVerID(version string) string {
	for _, v := range applVersions {
		if version == v.id || version == v.name {
			return v.id
		}
	}
	return ""
}

// built keeps what once has built: configuration time only, never the order path.
var built struct {
	sync.Mutex
	dicts map[string]*Dict
}

// For returns the standard dictionary of a BeginString(8): FIX.4.0 to FIX.4.4 with an empty applVerID, FIXT.1.1
// with an ApplVerID(1128) value ("9") or its name ("FIX.5.0SP2"). FIXT.1.1 with an empty one gives the session
// messages alone. The first call for a version takes milliseconds, later ones return the same Dict.
func For(beginString, applVerID string) (*Dict, error) {
	return once(beginString+"/"+applVerID, func() (*spec.Model, error) { return standard(beginString, applVerID) })
}

// application returns the standard dictionary of an application version as it is, not joined with FIXT's.
func application(name string) (*Dict, error) {
	return once(name, func() (*spec.Model, error) {
		a, err := archive()
		if err != nil {
			return nil, err
		}
		return a.Model(name)
	})
}

// once builds a dictionary at its first use.
func once(key string, model func() (*spec.Model, error)) (*Dict, error) {
	built.Lock()
	defer built.Unlock()
	if d := built.dicts[key]; d != nil {
		return d, nil
	}
	m, err := model()
	if err != nil {
		return nil, err
	}
	d, err := build(m)
	if err != nil {
		return nil, err
	}
	if built.dicts == nil {
		built.dicts = make(map[string]*Dict)
	}
	built.dicts[key] = d
	return d, nil
}

func standard(beginString, applVerID string) (*spec.Model, error) {
	a, err := archive()
	if err != nil {
		return nil, err
	}
	isAppl := func(v struct{ id, name string }) bool { return v.id == applVerID || v.name == applVerID }
	appl := slices.IndexFunc(applVersions, isAppl)
	switch {
	case beginString == transport && applVerID == "":
		return a.Model(transport)
	case beginString == transport && appl < 0:
		return nil, fmt.Errorf("ApplVerID(1128) %q has no dictionary: use 2 (FIX.4.0) to 9 (FIX.5.0SP2)", applVerID)
	case beginString == transport:
		session, err := a.Model(transport)
		if err != nil {
			return nil, err
		}
		application, err := a.Model(applVersions[appl].name)
		if err != nil {
			return nil, err
		}
		return spec.Merge(session, application)
	case applVerID != "":
		return nil, fmt.Errorf("ApplVerID(1128) %q with BeginString(8) %s: only %s has one",
			applVerID, beginString, transport)
	case !slices.Contains([]string{"FIX.4.0", "FIX.4.1", "FIX.4.2", "FIX.4.3", "FIX.4.4"}, beginString):
		return nil, fmt.Errorf("BeginString(8) %q has no dictionary: use FIX.4.0 to FIX.4.4, or %s with an ApplVerID",
			beginString, transport)
	}
	return a.Model(beginString)
}

// DataPairs lists {length tag, data tag} of all standard versions, ascending: a field whose value may hold SOH
// and the field that says how many bytes it has. The caller must not change it. It is nil only if the embedded
// bytes are damaged.
func DataPairs() [][2]int {
	a, err := archive()
	if err != nil {
		return nil
	}
	return a.Pairs
}

// Error is a fault of an XML dictionary with its line; Load and LoadFIXT return it. Put the file's name in
// front.
type Error = spec.Error

// Load reads a QuickFIX XML dictionary (at most 8 MiB). For FIXT.1.1 use LoadFIXT.
func Load(r io.Reader) (*Dict, error) {
	m, err := spec.ParseXML(r)
	if err != nil {
		return nil, err
	}
	return build(m)
}

// LoadFIXT reads the two dictionaries of a FIXT.1.1 link, as the settings TransportDataDictionary and
// AppDataDictionary name them, and joins them.
func LoadFIXT(transport, app io.Reader) (*Dict, error) {
	session, err := spec.ParseXML(transport)
	if err != nil {
		return nil, fmt.Errorf("transport dictionary: %w", err)
	}
	application, err := spec.ParseXML(app)
	if err != nil {
		return nil, fmt.Errorf("application dictionary: %w", err)
	}
	m, err := spec.Merge(session, application)
	if err != nil {
		return nil, err
	}
	return build(m)
}
