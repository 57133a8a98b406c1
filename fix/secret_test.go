package fix

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// logonOf builds a message from fields written with '|' for SOH.
func logonOf(body string) []byte {
	body = strings.ReplaceAll(body, "|", "\x01")
	head := fmt.Sprintf("8=FIX.4.4\x019=%d\x01", len(body))
	return fmt.Appendf(nil, "%s%s10=%03d\x01", head, body, CheckSum([]byte(head+body)))
}

func TestOverwriteSecrets(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"35=A|34=1|553=me|554=hunter2|108=30|", "35=A|34=1|553=me|554=*******|108=30|"},
		{"35=A|554=a|925=bc|", "35=A|554=*|925=**|"},
		{"35=A|95=5|96=a|b|c|108=30|", "35=A|95=5|96=*****|108=30|"},
		{"35=A|95=500|96=a|b|c|108=30|", "35=A|95=500|96=************"},
		{"35=A|108=30|554=pw|98=0|141=Y|", "35=A|108=30|554=**|98=0|141=Y|"},
		{"35=A|1401=3|1402=a|b|1403=1|1404=x|98=0|", "35=A|1401=3|1402=***|1403=1|1404=*|98=0|"},
		{"35=A|0554=x|554=|108=30|", "35=A|0554=*|554=|108=30|"},
		{"35=A|554=a|554=b|", "35=A|554=*|554=*|"},
		{"35=A|554|554=x|108=30|", "35=A|554|554=*|108=30|"},
		{"35=A|95=5|96=ab|554=secret|", "35=A|95=5|96=*************|"},
		{"35=A|95=6|96=ab|554=secret|", "35=A|95=6|96=*************|"},
		{"35=A|95=3|96=a|bb|108=30|", "35=A|95=3|96=****|108=30|"},
		{"35=A|95=1|554=|x|108=30|", "35=A|95=1|554=**|108=30|"},
		{"35=A|95=9|96|554=secret|108=30|", "35=A|95=9|96***********|108=30|"},
		{"35=A|58=554=shown|", "35=A|58=554=shown|"},
		{"35=A|108=30|", "35=A|108=30|"},
	} {
		m := logonOf(c.in)
		OverwriteSecrets(m)
		if size, f := Frame(m, 4096); f != Whole || size != len(m) {
			t.Errorf("%s: %v afterwards", c.in, f)
		}
		body := strings.ReplaceAll(string(m[bytes.Index(m, []byte("35=")):len(m)-trailerBytes]), "\x01", "|")
		if body != strings.TrimSuffix(c.want, "|")+"|" {
			t.Errorf("%s\n got %s\nwant %s", c.in, body, c.want)
		}
	}
}

func TestCarriesSecrets(t *testing.T) {
	for body, want := range map[string]bool{"35=A|34=1|554=x|": true, "35=D|34=2|11=x|554=x|": true, "35=D|34=2|925=x|": true,
		"35=D|34=2|95=1|96=x|": true, "35=D|34=2|1401=1|1402=x|": true, "35=A|34=1|1403=1|1404=x|": true,
		"35=A|34=1|98=0|": false, "35=D|34=2|58=554=x|": false, "34=2|35=D|11=x|": true, "35=D|34=2|0554=x|": true} {
		var m Message
		if m.Index(logonOf(body)); m.CarriesSecrets() != want {
			t.Errorf("%s: %v", body, !want)
		}
	}
	if len(secretTags) != 5 {
		t.Error("CarriesSecrets asks for five tags")
	}
}

// FuzzOverwriteSecrets: never outside the message, always a whole message, no secret left where the index sees one.
func FuzzOverwriteSecrets(f *testing.F) {
	f.Add("35=A|553=me|554=hunter2|95=3|96=a|b|")
	f.Add("35=A|95=9999|96=|554=|")
	f.Add("554|554=0")
	f.Fuzz(func(t *testing.T, body string) {
		m := logonOf("35=A|" + body + "|")
		size := len(m)
		OverwriteSecrets(m)
		n, framing := Frame(m, 1<<20)
		if framing == Whole && n != size || framing.Garbled() && len(body) < 1<<10 {
			t.Fatalf("%q: %v", m, framing)
		}
		var index Message
		index.Index(m)
		for i := range index.Len() {
			field := index.Field(i)
			value := bytes.TrimSuffix(index.FieldValue(i), m[size-trailerBytes-1:size-1]) // a length may reach over the trailer
			if isSecret(strconv.AppendUint(nil, uint64(field.Tag), 10)) && len(bytes.Trim(value, "*")) > 0 {
				t.Fatalf("%q: %d=%q is left", m, field.Tag, value)
			}
		}
	})
}
