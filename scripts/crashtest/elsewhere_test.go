//go:build faults && !(linux && amd64)

package crashtest_test

import "testing"

func TestEverySystemCallThatWritesMayFailOrBeTheLast(t *testing.T) {
	t.Skip("the tracer knows the system calls of linux/amd64 only")
}
