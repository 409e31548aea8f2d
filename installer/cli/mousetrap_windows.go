package cli

import "github.com/spf13/cobra"

// noMousetrap takes from cobra what it does for double clicks: it refuses every
// program that Explorer started, also with arguments, as shortcuts have them, and
// lists all processes of the host to find out.
func noMousetrap() { cobra.MousetrapHelpText = "" }
