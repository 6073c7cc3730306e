package torture

import (
	"bytes"
	"encoding/binary"
	"strconv"
)

// WebSocket is the Harness.Split of protocols over WebSocket: the upgrade is
// one message of each side, then every frame is one.
func WebSocket(stream []byte, first bool) int {
	if first {
		if i := bytes.Index(stream, []byte("\r\n\r\n")); i >= 0 {
			return i + 4
		}
		return 0
	}
	if len(stream) < 2 {
		return 0
	}
	head, size := 2, uint64(stream[1]&0x7f)
	switch {
	case size == 126 && len(stream) < 4, size == 127 && len(stream) < 10:
		return 0
	case size == 126:
		head, size = 4, uint64(binary.BigEndian.Uint16(stream[2:]))
	case size == 127:
		head, size = 10, binary.BigEndian.Uint64(stream[2:])
	}
	if stream[1]&0x80 != 0 {
		head += 4 // the mask
	}
	if size > 1<<30 || uint64(len(stream)) < uint64(head)+size {
		return 0
	}
	return head + int(size)
}

// HTTP is the Split of HTTP/1.1 with bodies of a said length, in both directions.
func HTTP(stream []byte, _ bool) int {
	head := bytes.Index(stream, []byte("\r\n\r\n"))
	if head < 0 {
		return 0
	}
	size := 0
	for line := range bytes.Lines(stream[:head+2]) {
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			size, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
		}
	}
	if whole := head + 4 + size; len(stream) >= whole {
		return whole
	}
	return 0
}

// Whole is the Harness.Split of protocols whose every write is a message.
func Whole(stream []byte, _ bool) int { return len(stream) }
