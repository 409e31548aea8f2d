package step_test

import (
	"os"
	"syscall"
	"testing"

	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

// TestMain makes this test's binary schtasks.
func TestMain(m *testing.M) {
	if status, ours := svctest.Impersonate(os.Args, os.Stdin, os.Stdout); ours {
		syscall.Exit(status) // os.Exit takes a second under -race
	}
	os.Exit(m.Run())
}
