// Package poll is the smallest readiness loop that the bench needs: epoll on non-blocking TCP
// sockets, driven by one goroutine that owns everything it touches.
//
// The load generator and relay-epoll both stand on it. It is kept apart from the gate's own poller
// so that the instrument does not share code, or a defect, with what it measures.
//
// How to read it: poll.go is the epoll descriptor, socket.go the sockets, buffer.go the bytes that
// wait for a socket.
//
// Invariants:
//   - level-triggered; a descriptor is reported until it has been read to EAGAIN or closed;
//   - Read and Write never block and never wake another thread: they are raw system calls;
//   - only Wait may block, and it tells the Go scheduler so;
//   - no allocation after New.
package poll
