package dict_test

import (
	"fmt"
	"strings"

	"portcullis/fix"
	"portcullis/fix/dict"
)

func ExampleValidator() {
	shelf, err := dict.Standard("FIX.4.4", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := dict.NewValidator(shelf, dict.DefaultSwitches())
	if err != nil {
		fmt.Println(err)
		return
	}
	text := "8=FIX.4.4|9=98|35=D|34=2|49=ACME|52=20261126-10:00:00|56=GATE|" +
		"11=A1|55=AAPL|54=1|60=20261126-10:00:00|38=a lot|40=1|10=077|"
	var m fix.Message
	m.Index([]byte(strings.ReplaceAll(text, "|", "\x01")))
	if f := v.Judge(&m); f.Code != fix.NoFault {
		fmt.Printf("35=3|373=%d|371=%d| %s\n", f.Code, f.Tag, shelf.Session.FieldName(int(f.Tag)))
	}
	// Output: 35=3|373=6|371=38| OrderQty
}
