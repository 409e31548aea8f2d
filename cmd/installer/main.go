// The installer: see package cli.
package main

import (
	"os"

	"github.com/empowersuite/backend-installer/installer/cli"
)

func main() {
	os.Exit(cli.Main(cli.Real(), os.Args[1:]))
}
