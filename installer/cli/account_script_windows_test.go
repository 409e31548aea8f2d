package cli_test

import "os"

// powerless is for scripts, which do not run on Windows.
func powerless() { os.Exit(125) }
