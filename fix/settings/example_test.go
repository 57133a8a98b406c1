package settings_test

import (
	"fmt"

	"portcullis/fix/settings"
)

func ExampleRead() {
	file := []byte(`[DEFAULT]
ConnectionType=initiator
BeginString=FIX.4.4
SenderCompID=GATE
HeartBtInt=30

[SESSION]
TargetCompID=XSIM
SocketConnectHost=127.0.0.1
SocketConnectPort=9877
`)
	result, err := settings.Read("venues.cfg", file)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Sessions[0].Name, result.Sessions[0].HeartBtIntSec)

	_, err = settings.Read("venues.cfg", append(file, "ResetOnLogin=Y\n"...))
	fmt.Println(err)
	// Output:
	// FIX.4.4:GATE->XSIM 30
	// venues.cfg:11: unknown key "ResetOnLogin"; did you mean ResetOnLogon?
}
