package admission

import "time"

// windows counts what happens per key and refuses what is more than countMax within a window. A window begins with the
// first of its events. The caller holds a lock.
type windows[K comparable] struct {
	countMax int
	windowNs int64
	keys     map[K]window
	cleanNs  int64 // when windows that are over were last thrown away
}

type window struct {
	beginNs int64
	count   int
}

func newWindows[K comparable](countMax int, length time.Duration) windows[K] {
	return windows[K]{countMax: countMax, windowNs: int64(length), keys: make(map[K]window)}
}

// take counts one event of key. False: it is one too many.
func (w *windows[K]) take(key K, nowNs int64) bool {
	w.clean(nowNs)
	k, found := w.keys[key]
	if !found || nowNs-k.beginNs >= w.windowNs {
		k = window{beginNs: nowNs}
	}
	if k.count >= w.countMax {
		return false
	}
	k.count++
	w.keys[key] = k
	return true
}

// clean forgets windows that are over, once per window, so that memory is bounded by what one window can bring.
func (w *windows[K]) clean(nowNs int64) {
	if nowNs-w.cleanNs < w.windowNs {
		return
	}
	w.cleanNs = nowNs
	for key, k := range w.keys {
		if nowNs-k.beginNs >= w.windowNs {
			delete(w.keys, key)
		}
	}
}
