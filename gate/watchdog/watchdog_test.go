package watchdog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"portcullis/gate/admin"
	"portcullis/gate/engine"
	"portcullis/gate/local"
)

// TestTwoWatchdogs: a second watchdog of a gate ends before it has touched the first one's record of kills.
func TestTwoWatchdogs(t *testing.T) {
	dir := t.TempDir()
	socket := filepath.Join(dir, "gate.sock.watchdog")
	first, err := admin.Listen(socket, local.NoGroup, nil, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if err := Run(context.Background(), Config{JournalDir: filepath.Join(dir, "journal"), Socket: socket, Group: local.NoGroup}); err == nil || !strings.Contains(err.Error(), "owns it") {
		t.Error(err)
	}
	if _, err := os.Stat(recordPath(filepath.Join(dir, "journal"))); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it has made a record: %v", err)
	}
}

// TestStopBeforeTheEngineHasBegun: a stop that meets an engine before it can take one is no crash.
func TestStopBeforeTheEngineHasBegun(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "journal"), 0o700); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	err := Run(ctx, Config{JournalDir: filepath.Join(dir, "journal"), Socket: filepath.Join(dir, "w.sock"), Group: local.NoGroup,
		Stall: time.Second, Ready: func() {}, Alert: func(string) {}, Log: zerolog.Nop(),
		Engine: func() *exec.Cmd {
			time.AfterFunc(50*time.Millisecond, cancel)
			return exec.Command("sleep", "60") // it takes no signal, as a process that is being loaded
		}})
	if err != nil {
		t.Error(err)
	}
}

// TestStall: an engine stands still when its counter has not moved for the limit, and that is said once. A look that
// comes late, because the machine or the watchdog itself paused, counts for no more than two.
func TestStall(t *testing.T) {
	const limit = 500 * time.Millisecond
	s := newStall(limit)
	look := func(beats uint64, passed time.Duration, want bool) {
		t.Helper()
		if got := s.look(beats, passed); got != want {
			t.Errorf("at %v: %v, want %v", s.still, got, want)
		}
	}
	look(1, s.every, false)
	for range 9 {
		look(1, s.every, false)
	}
	look(1, s.every, true)
	look(1, s.every, false) // said
	if age := time.Duration(s.age.Load()); age != limit+s.every {
		t.Errorf("the age is %v", age)
	}
	look(2, s.every, false)
	look(2, time.Hour, false) // it slept itself
	for range 7 {
		look(2, s.every, false)
	}
	look(2, s.every, true)
	look(3, s.every, false)
	if s.age.Load() != 0 {
		t.Error("a beat does not end a stall")
	}
	s.reset()
	look(0, time.Hour, false)
}

// TestRestarts: the first end is followed by a start at once, the next ones by longer and longer waits, and too many
// within the window by none; ends long ago do not count.
func TestRestarts(t *testing.T) {
	now := time.Unix(0, 0)
	r := restarts{max: 4, window: time.Minute}
	for _, want := range []time.Duration{0, 100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond} {
		if wait, ok := r.ended(now); wait != want || !ok {
			t.Errorf("%v, %v; want %v", wait, ok, want)
		}
		now = now.Add(time.Second)
	}
	if _, ok := r.ended(now); ok {
		t.Error("a fifth end within the window is followed by a start")
	}
	if wait, ok := r.ended(now.Add(time.Hour)); wait != 0 || !ok {
		t.Error("ends of an hour ago count")
	}
	never, always := restarts{window: time.Minute}, restarts{max: Unlimited, window: time.Minute}
	if _, ok := never.ended(now); ok {
		t.Error("no restart is allowed")
	}
	for range 100 {
		if wait, ok := always.ended(now); wait > backoffMax || !ok {
			t.Fatal(wait, ok)
		}
	}
}

// TestRecord: kills are kept with growing numbers, over processes, the newest of many; what is not written is not
// called durable.
func TestRecord(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	if list, err := Recorded(dir); err != nil || len(list) > 0 {
		t.Fatal(list, err)
	}
	now := time.Unix(1_800_000_000, 0)
	var last uint64
	long := strings.Repeat("<", 200)
	for n := range killsMax + 3 {
		r, err := openRecord(dir)
		if err != nil {
			t.Fatal(err)
		}
		k := r.add(Kill{UID: 7, PID: 8, Actor: strings.Repeat("<", actorBytesMax), Reason: fmt.Sprint(n, long)}, now.Add(-time.Duration(n)))
		if k.Number <= last || r.isDurable() {
			t.Errorf("kill %d has number %d after %d; durable %v", n, k.Number, last, r.isDurable())
		}
		last = k.Number
		if err := r.write(); err != nil || !r.isDurable() {
			t.Fatal(err, r.isDurable())
		}
	}
	list, err := Recorded(dir)
	if err != nil || len(list) != killsMax || list[killsMax-1].Number != last || list[0].Reason != fmt.Sprint(3, long) {
		t.Errorf("%+v, %v", list, err)
	}
	raw, err := os.ReadFile(recordPath(dir))
	if err != nil {
		t.Fatal(err)
	}
	raw[bytes.LastIndex(raw, fmt.Append(nil, last))] ^= 1 // in the copy that alone has the last kill
	if err := os.WriteFile(recordPath(dir), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	_, readErr := Recorded(dir)
	_, openErr := openRecord(dir)
	for _, err := range []error{readErr, openErr} {
		if err == nil || !strings.Contains(err.Error(), "whether the gate was killed hard") {
			t.Errorf("the newest copy is damaged: %v", err)
		}
	}
	if err := os.WriteFile(recordPath(dir), make([]byte, 100), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Recorded(dir); err == nil || !strings.Contains(err.Error(), "whether the gate was killed hard") {
		t.Errorf("a damaged record: %v", err)
	}
}

// TestPage: what one mapping of the page writes, another reads; a process that no watchdog started has none.
func TestPage(t *testing.T) {
	if _, _, err := Inherited(); err == nil || !strings.Contains(err.Error(), "gate run") {
		t.Errorf("a page out of nothing: %v", err)
	}
	p, file, err := newPage()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	other, err := mapPage(int(file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	for beats, want := range map[uint64]Phase{0: Opening, 1: Running, engine.HeartbeatEnded: Closing} {
		p.Beats().Store(beats)
		if got := phaseOf(other.Beats().Load()); got != want {
			t.Errorf("after %d cycles it is %v, want %v", beats, got, want)
		}
	}
}

// TestUnrecordable: a start finds out that a hard kill could not be recorded; where that comes later, people are told once, and the
// status says why until it is mended.
func TestUnrecordable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	r, err := openRecord(dir)
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan string, 10)
	w := &Watchdog{cfg: Config{Log: zerolog.Nop(), Alert: func(text string) { told <- text }}, record: r}
	ctx, stop := context.WithCancel(t.Context())
	defer w.telling.Wait()
	defer stop()
	w.telling.Go(func() { w.watchRecord(ctx, time.Millisecond) })
	await := func(want string) {
		t.Helper()
		for end := time.Now().Add(10 * time.Second); !strings.Contains(w.status().Unrecordable, want) || (want == "") != (w.status().Unrecordable == ""); {
			if time.Now().After(end) {
				t.Fatalf("the status says %q, want %q", w.status().Unrecordable, want)
			}
			time.Sleep(time.Millisecond)
		}
	}
	away := dir + "-away"
	for range 2 {
		if err := os.Rename(dir, away); err != nil {
			t.Fatal(err)
		}
		await("no such file")
		if text := <-told; !strings.Contains(text, unrecordableText) || !strings.Contains(text, recordPath(dir)) {
			t.Errorf("told %q", text)
		}
		if err := os.Rename(away, dir); err != nil {
			t.Fatal(err)
		}
		await("")
	}
	stop()
	if len(told) > 0 {
		t.Errorf("told again: %q", <-told)
	}
	for path, mode := range map[string]fs.FileMode{filepath.Dir(filepath.Dir(dir)): 0o755, filepath.Dir(dir): 0o755, recordPath(dir): 0o440} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	err = asOther(t, func() error {
		_, err := openRecord(dir)
		return err
	})
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "a hard kill could not be recorded") {
		t.Errorf("a start with a record that cannot be written: %v", err)
	}
}

// asOther calls f, as another user where this one is root, whom no mode binds.
func asOther(t *testing.T, f func() error) error {
	t.Helper()
	if os.Getuid() != 0 {
		return f()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Setfsuid(65534); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := unix.Setfsuid(0); err != nil {
			t.Fatal(err)
		}
	}()
	return f()
}
