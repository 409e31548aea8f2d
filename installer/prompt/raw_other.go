//go:build !windows

package prompt

import "io"

// prepare has nothing to do where terminals obey without being asked.
func prepare(io.Writer) (func(), error) { return func() {}, nil }
