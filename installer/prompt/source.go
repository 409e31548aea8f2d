package prompt

import (
	"context"
	"io"
)

// source reads single bytes and can be left while it waits: the read that is
// under way then serves the next call. So nothing is read ahead, and nothing
// that was typed is lost.
type source struct {
	r       io.Reader
	pending chan read
}

type read struct {
	b   byte
	err error
}

func (s *source) next(ctx context.Context) (byte, error) {
	if s.pending == nil {
		s.pending = make(chan read, 1)
		go func(r io.Reader, to chan<- read) {
			var b [1]byte
			_, err := io.ReadFull(r, b[:])
			to <- read{b[0], err}
		}(s.r, s.pending)
	}
	select {
	case got := <-s.pending:
		s.pending = nil
		return got.b, got.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
