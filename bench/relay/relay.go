package relay

import (
	"fmt"
	"io"
	"net"
)

// BufferBytes is the buffer of one direction: what io.Copy itself allocates.
const BufferBytes = 32 << 10

// Serve relays each connection that ln accepts to the venue's address. It returns when ln is closed.
func Serve(ln net.Listener, venue string) error { return serve(ln, venue, copyBytes) }

// ServeSplice is Serve with the kernel's splice in place of a buffer.
func ServeSplice(ln net.Listener, venue string) error {
	return serve(ln, venue, func(dst, src net.Conn) error {
		_, err := io.Copy(dst, src)
		return err
	})
}

func serve(ln net.Listener, venue string, pump func(dst, src net.Conn) error) error {
	for {
		client, err := ln.Accept()
		if err != nil {
			return fmt.Errorf("relay: accept: %w", err)
		}
		go join(client, venue, pump)
	}
}

func join(client net.Conn, venue string, pump func(dst, src net.Conn) error) {
	defer client.Close()
	upstream, err := net.Dial("tcp", venue)
	if err != nil {
		return // the client sees its connection end
	}
	defer upstream.Close()
	ended := make(chan error, 2)
	go func() { ended <- pump(upstream, client) }()
	go func() { ended <- pump(client, upstream) }()
	<-ended // closing both ends the other direction
}

func copyBytes(dst, src net.Conn) error {
	buffer := make([]byte, BufferBytes)
	for {
		n, err := src.Read(buffer)
		if n > 0 {
			if _, err := dst.Write(buffer[:n]); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}
