package system

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestPriceSocket: prices come to a running gate over its socket. Without one there is no order; the one
// that came counts as long as it is fresh.
func TestPriceSocket(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	files := desk(venue.port())
	files["gate.yaml"] = strings.NewReplacer("  segment_bytes:", "  price_socket: prices.sock\n  segment_bytes:",
		"data: {instruments: instruments.csv, prices: prices.csv}", "data: {instruments: instruments.csv}",
		"quote_age_ms: 5000", "quote_age_ms: 2000").Replace(files["gate.yaml"])
	s := newSite(t, files)
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	n := 0
	verdict := func() string {
		n++
		id := fmt.Sprint("price-", n)
		acme.send(fmt.Sprintf(order, id, "10", "187.50"))
		m := acme.await("35=8|11=" + id)
		return m.Get(39) + m.Get(58)
	}
	if got := verdict(); !strings.HasPrefix(got, "8NO_REFERENCE_PRICE") {
		t.Errorf("without a price: %s", got)
	}
	feed, err := net.Dial("unix", filepath.Join(s.dir, "prices.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Close()
	fmt.Fprintf(feed, "MSFT 1 2 1 %d\nnonsense\n", time.Now().UnixNano())
	price := func(line string) { fmt.Fprintf(feed, "AAPL %s %d\n", line, time.Now().UnixNano()) } // again where it has grown old
	s.until("the price is known", func() bool { price("187.49 187.51 187.50"); return verdict() == "0" })
	s.until("the price is another", func() bool { price("20 20.10 20"); return strings.HasPrefix(verdict(), "8COLLAR") })
	s.until("the price is too old", func() bool { return strings.HasPrefix(verdict(), "8STALE_REFERENCE_PRICE") })
	s.terminate()
}
