package transport

import (
	"cmp"
	"io/fs"
	"slices"
	"sync"
	"time"
)

// Store has the keys of all links. Links that name the same files share them.
type Store struct {
	open opener
	held map[string][]byte // what files held that are in use across a restart; nil: they are read as they are
	mu   sync.Mutex
	keys []*Keys
}

// NewStore makes an empty store; open reads a file by the name that the configuration gives it.
func NewStore(open func(name string) ([]byte, error)) *Store { return &Store{open: open} }

// Resume makes a store that goes on with what was in use, which Contents has said, whether or not a certificate has ended
// since: that ends no use either. Looking at the files again renews it.
func Resume(open func(name string) ([]byte, error), held map[string][]byte) *Store {
	return &Store{open: open, held: held}
}

// Contents is what files that are in use held when they were read, by name; keys too. What Files.Trusted says is not of these.
func (s *Store) Contents() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string][]byte{}
	for _, k := range s.keys {
		for role, name := range k.files.names() {
			if name != "" && (role != int(CAFile) || k.files.Trusted == "") {
				all[name] = k.current.Load().read[role]
			}
		}
	}
	return all
}

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
	if err := s.first(k, now); err != nil {
		return nil, err
	}
	s.keys = append(s.keys, k)
	return k, nil
}

// first reads files for the first time: as they were in use, else as they are.
func (s *Store) first(k *Keys, now time.Time) error {
	if s.held == nil {
		_, err := k.read(s.open, now)
		return err
	}
	c, digest, err := k.files.read(func(name string) ([]byte, error) {
		if data, ok := s.held[name]; ok {
			return data, nil
		}
		return nil, fs.ErrNotExist
	})
	if err != nil {
		return err
	}
	m, err := k.files.parse(c)
	if err != nil {
		return err
	}
	m.digest = digest
	k.current.Store(m)
	return nil
}

// read takes over what the files hold now. changed: that is something else than before.
func (k *Keys) read(open opener, now time.Time) (changed bool, err error) {
	c, digest, err := k.files.read(open)
	if err != nil {
		return false, err
	}
	was := k.current.Load()
	if was != nil && was.digest == digest {
		return false, nil
	}
	m, err := k.files.use(c, was, now)
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
			_, err = k.files.use(c, k.current.Load(), now)
		}
		if err != nil {
			list = append(list, err)
		}
	}
	return list
}

// Others are the files whose authorities are other than those that Files.Trusted says: they wait to be offered, and approved.
func (s *Store) Others() (names []string) {
	for _, k := range s.all() {
		if k.files.Trusted == "" || slices.Contains(names, k.files.CA) {
			continue
		}
		data, err := s.open(k.files.CA)
		if err != nil {
			continue
		}
		if list, err := ParseAuthorities(data); err != nil || string(list.PEM()) != k.files.Trusted {
			names = append(names, k.files.CA)
		}
	}
	return names
}

// Older says that a list of revoked certificates here is older than one that is in force: whoever takes s in the place of
// before would let in who is revoked. Files that were in use are held to what they had, others to all. Its error is a *Fault.
func (s *Store) Older(before *Store) error {
	known := before.all()
	for _, k := range s.all() {
		against := known
		if at := slices.IndexFunc(known, func(was *Keys) bool { return was.files.unheld() == k.files.unheld() }); at >= 0 {
			against = known[at : at+1]
		}
		for _, was := range against {
			if err := k.current.Load().older(was.current.Load()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) all() []*Keys {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.keys)
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
