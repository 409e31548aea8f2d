// The entra-emulator is a local Entra ID: see package emulator.
package main

import (
	"os"

	"github.com/empowersuite/backend-installer/cmd/entra-emulator/emulator"
)

func main() {
	os.Exit(emulator.Main(os.Args[1:], emulator.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
