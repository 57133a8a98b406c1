package recovery

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/cespare/xxhash/v2"

	"portcullis/gate/core"
)

// program names the build that runs. Another one may lay out its tables otherwise, or mean something else by the
// same bytes, so it starts from the journal.
var program = sync.OnceValues(func() (string, error) {
	f, err := os.Open("/proc/self/exe")
	if err != nil {
		return "", fmt.Errorf("which program this is: %w", err)
	}
	defer f.Close()
	digest := xxhash.New()
	if _, err := io.Copy(digest, f); err != nil {
		return "", err
	}
	return fmt.Sprintf("%016x", digest.Sum64()), nil
})

// meaning names what the tables of a core mean that has seen no record yet: their sizes, the limits in them, and who
// is meant by a number. Limits are in the book; the core's own tables are alike where their sizes are. A configuration
// that changes neither, such as new prices, keeps it.
func meaning(c *core.Core) string {
	digest := xxhash.New()
	write := func(name string, numbers ...uint32) {
		for _, n := range append(numbers, uint32(len(name))) {
			_, _ = digest.Write(binary.LittleEndian.AppendUint32(nil, n))
		}
		_, _ = digest.WriteString(name)
	}
	set := c.Setup()
	for i := range set.Links {
		write(set.Links[i].Name, set.Links[i].Venue, set.Links[i].Client)
	}
	for i := range set.Venues {
		v := &set.Venues[i]
		write(v.Name, v.Link, v.Suspense)
		write(v.IDPrefix, uint32(v.Budget.CountMax), uint32(v.Budget.WindowNs>>20))
	}
	for i := range set.Instruments {
		write(set.Instruments[i].Symbol)
	}
	for i := range set.Accounts {
		write(set.Accounts[i].Name, set.Accounts[i].Client)
	}
	for _, region := range c.Regions() {
		write("", uint32(len(region)))
	}
	for _, region := range c.Book().Regions() {
		_, _ = digest.Write(region)
	}
	return fmt.Sprintf("%016x", digest.Sum64())
}
