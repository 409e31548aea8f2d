package cli_test

import (
	"os"

	"github.com/rogpeppe/go-internal/testscript"
)

// powerless and limited are for scripts about Unix.
func powerless() { os.Exit(125) }
func limited()   { os.Exit(125) }

func give(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Fatalf("there is no such account on Windows")
}
