package transport

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Store has the keys of all links. Links that name the same files share them.
type Store struct {
	open opener
	mu   sync.Mutex
	keys []*Keys
}

// NewStore makes an empty store; open reads a file by the name that the configuration gives it.
func NewStore(open func(name string) ([]byte, error)) *Store { return &Store{open: open} }

// Keys reads files, unless that was done before. Its error is a *Fault.
func (s *Store) Keys(files Files, now time.Time) (*Keys, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.keys {
		if k.files == files {
			return k, nil
		}
	}
	k := &Keys{files: files}
	if _, err := k.read(s.open, now); err != nil {
		return nil, err
	}
	s.keys = append(s.keys, k)
	return k, nil
}

// read takes over what the files hold now. changed: that is something else than before.
func (k *Keys) read(open opener, now time.Time) (changed bool, err error) {
	c, digest, err := k.files.read(open)
	if err != nil {
		return false, err
	}
	if m := k.current.Load(); m != nil && m.digest == digest {
		return false, nil
	}
	m, err := k.files.parse(c, now)
	if err != nil {
		return false, err
	}
	m.digest = digest
	k.current.Store(m)
	return true, nil
}

// Renewal is what came of looking at files again.
type Renewal struct {
	Ends []End // of what is in use now
	Err  error // why the files cannot be used, a *Fault: what was read before stays in use
}

// Reload looks at all files again and takes over what has changed. What has not is not in the list.
func (s *Store) Reload(now time.Time) (list []Renewal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.keys {
		if changed, err := k.read(s.open, now); changed || err != nil {
			list = append(list, Renewal{k.ends(), err})
		}
	}
	return list
}

// Watch is Reload for one who looks every so often. Where one file has been replaced and another is about to be, what
// they hold is of no use for a moment: an error is told when it is seen for the second time, and once.
func (s *Store) Watch(now time.Time) (list []Renewal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.keys {
		changed, err := k.read(s.open, now)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if changed || text != "" && text == k.failing && !k.told {
			list = append(list, Renewal{k.ends(), err})
			k.told = err != nil
		}
		k.told = k.told && text == k.failing
		k.failing = text
	}
	return list
}

// Faults says why files could not be read now if nothing had been read before, as by a start. Nothing is taken over.
func (s *Store) Faults(now time.Time) (list []error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.keys {
		c, _, err := k.files.read(s.open)
		if err == nil {
			_, err = k.files.parse(c, now)
		}
		if err != nil {
			list = append(list, err)
		}
	}
	return list
}

// Ends says until when the certificates in use are good, the soonest first.
func (s *Store) Ends() (list []End) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.keys {
		for _, end := range k.ends() {
			if !slices.Contains(list, end) {
				list = append(list, end)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b End) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
	return list
}
