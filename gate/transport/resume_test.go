package transport

import (
	"testing"
	"time"

	"portcullis/gate/internal/testca"
)

// TestResume: a store that goes on with what was in use needs no file and minds no end; looking at the files renews it, or
// says why not and leaves it.
func TestResume(t *testing.T) {
	ca, d := testca.New(t), disk{}
	d["ca.pem"] = ca.PEM
	d.put("gate", ca.Issue(t, "first", later))
	all := Files{Certificate: "gate.pem", Key: "gate.key", CA: "ca.pem"}
	was := NewStore(d.open)
	if _, err := was.Keys(all, time.Now()); err != nil {
		t.Fatal(err)
	}
	held := was.Contents()
	delete(d, "gate.key")
	s, ended := Resume(d.open, held), later.Add(time.Hour)
	if _, err := s.Keys(all, ended); err != nil {
		t.Fatal(err)
	}
	if list := s.Reload(ended); len(list) != 1 || list[0].Err == nil || list[0].Ends[0].Subject != "first" {
		t.Errorf("the key is missing: %+v", list)
	}
	d.put("gate", ca.Issue(t, "second", later))
	if list := s.Reload(time.Now()); len(list) != 1 || list[0].Err != nil || list[0].Ends[0].Subject != "second" {
		t.Errorf("%+v", list)
	}
	if string(s.Contents()["gate.pem"]) != string(d["gate.pem"]) {
		t.Error("what is in use is not what was renewed")
	}
	delete(held, "gate.pem")
	if _, err := Resume(d.open, held).Keys(all, time.Now()); err == nil {
		t.Error("what was not in use is read")
	}
}
