package poll

import (
	"io"
	"testing"
)

func TestBufferKeepsOrder(t *testing.T) {
	b := NewBuffer(8)
	var in, out byte
	for range 1000 {
		room := b.Room()
		n := min(len(room), 3)
		for i := range n {
			room[i] = in
			in++
		}
		b.Added(n)
		for _, c := range b.Bytes()[:min(b.Len(), 2)] {
			if c != out {
				t.Fatalf("got %d, want %d", c, out)
			}
			out++
		}
		b.Taken(min(b.Len(), 2))
	}
}

func TestSocketsAndReadiness(t *testing.T) {
	listener, address, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer Close(listener)
	if _, ok, err := Accept(listener); ok || err != nil {
		t.Fatalf("accepted nothing: %v, %v", ok, err)
	}
	p, err := New(4)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	client, err := Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	server, ok, err := Accept(listener)
	if !ok || err != nil {
		t.Fatalf("accept: %v, %v", ok, err)
	}
	defer Close(server)
	if err := p.Add(server, 7); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4)
	if n, err := Read(server, b); n != 0 || err != nil {
		t.Errorf("an empty socket reads %d, %v", n, err)
	}
	if events, err := p.Wait(0); len(events) != 0 || err != nil {
		t.Errorf("ready without a reason: %v, %v", events, err)
	}
	if n, err := Write(client, []byte("ping")); n != 4 || err != nil {
		t.Fatalf("write: %d, %v", n, err)
	}
	events, err := p.Wait(-1)
	if err != nil || len(events) != 1 || events[0] != (Event{Tag: 7, Readable: true}) {
		t.Fatalf("events %v, %v", events, err)
	}
	if n, err := Read(server, b); n != 4 || err != nil || string(b) != "ping" {
		t.Errorf("read %q, %v", b[:n], err)
	}
	if err := p.Watch(server, 7, false, true); err != nil {
		t.Fatal(err)
	}
	if events, _ := p.Wait(1e6); len(events) != 1 || !events[0].Writable || events[0].Readable {
		t.Errorf("events %v, want writable", events)
	}
	Close(client)
	if err := p.Watch(server, 7, true, false); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(-1); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(server, b); err != io.EOF {
		t.Errorf("after the end: %v, want EOF", err)
	}
}

func TestBadAddress(t *testing.T) {
	for _, address := range []string{"nowhere", "127.0.0.1:99999"} {
		if _, _, err := Listen(address); err == nil {
			t.Errorf("listening on %q worked", address)
		}
		if _, err := Dial(address); err == nil {
			t.Errorf("dialling %q worked", address)
		}
	}
}
