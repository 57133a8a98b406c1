package verbs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/config"
)

// drill has a kill rehearsed on both its ways and prints the report. It fails where one of them would.
func (v *killVerb) drill(r admin.Request) error {
	scope := strings.TrimSpace(strings.Join([]string{string(r.Scope), r.Name, r.And}, " "))
	fmt.Printf("drill of a kill of %s, mode %s, %s; nothing is blocked, withdrawn or cancelled\n", scope, r.Mode,
		time.Now().UTC().Format(time.RFC3339))
	begun := time.Now()
	a, err := admin.Client{Path: v.path()}.Do(context.Background(), r)
	took := time.Since(begun)
	if a.OK {
		fmt.Printf("engine    %d open orders in scope: %d cancels would be sent, %d owed, %d wait for an earlier cancel, %d left alone, none left over; "+
			"acknowledged after %v, %v of it in the gate\n", a.InScope, a.Cancels, a.Owed, a.Waiting, a.Excluded,
			took.Round(time.Microsecond), time.Duration(a.TookNs).Round(time.Microsecond))
	} else {
		fmt.Println("engine    FAILED:", err)
	}
	hard, hardErr := admin.Client{Path: v.path() + config.WatchdogSuffix}.Do(context.Background(),
		admin.Request{Verb: admin.KillHard, Reason: v.Reason, Drill: true})
	if hard.OK {
		fmt.Println("watchdog ", hard.Note)
	} else {
		fmt.Println("watchdog  FAILED:", hardErr)
	}
	if err != nil || hardErr != nil {
		return errors.New("the kill switch would not work as it should: see the report")
	}
	return nil
}
