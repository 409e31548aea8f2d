package proc_test

import (
	"fmt"
	"os"
	"strings"
)

// zombie reports whether a process ended and nobody asked for its status.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(stat), ") Z ")
}
