package main

import (
	"errors"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// output is what programs print to the standard output of the host, on its way to ours, where the engine reads it.
type output struct {
	descriptor int
	// mutex is held by whoever reads until what was read is written, so that flush cannot overtake it.
	mutex sync.Mutex
	// file keeps the descriptor open.
	file *os.File
}

func relayOutput(file *os.File, early []byte) *output {
	relay := &output{descriptor: int(file.Fd()), file: file}
	_, _ = os.Stdout.Write(early)
	go func() {
		for relay.isReadable(-1) && relay.flush() {
		}
	}()
	return relay
}

// flush passes on what has been printed so far. False: there is no more to come.
func (relay *output) flush() bool {
	relay.mutex.Lock()
	defer relay.mutex.Unlock()
	buffer := make([]byte, 32*1024)
	for relay.isReadable(0) {
		length, err := unix.Read(relay.descriptor, buffer)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || length == 0 {
			return false
		}
		if _, err := os.Stdout.Write(buffer[:length]); err != nil {
			return false
		}
	}
	return true
}

// isReadable waits for so many milliseconds (-1: for ever) until there is something to read, or its end.
func (relay *output) isReadable(timeout int) bool {
	for {
		found, err := unix.Poll([]unix.PollFd{{Fd: int32(relay.descriptor), Events: unix.POLLIN}}, timeout)
		if !errors.Is(err, unix.EINTR) {
			return err == nil && found > 0
		}
	}
}
