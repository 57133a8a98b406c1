package settings

import "slices"

// transport is the BeginString(8) of the sessions whose application version DefaultApplVerID(1137) says.
const transport = "FIXT.1.1"

var (
	// beginStrings are what a session may speak, oldest first.
	beginStrings = []string{"FIX.4.0", "FIX.4.1", "FIX.4.2", "FIX.4.3", "FIX.4.4", transport}
	// transported are the application versions of FIXT.1.1, by code and by name.
	transported = []string{"7", "8", "9", "FIX.5.0", "FIX.5.0SP1", "FIX.5.0SP2"}
	// applVersions are the names of those by DefaultApplVerID(1137).
	applVersions = map[string]string{"7": "FIX.5.0", "8": "FIX.5.0SP1", "9": "FIX.5.0SP2"}
)

// ApplVersions are the application versions that a session may speak, oldest first: "FIX.4.0" to "FIX.5.0SP2".
func ApplVersions() []string {
	return slices.Concat(beginStrings[:len(beginStrings)-1], transported[len(transported)/2:])
}

// applVerID is the code of a version given by code or name.
func applVerID(version string) string {
	for id, name := range applVersions {
		if name == version {
			return id
		}
	}
	return version
}
