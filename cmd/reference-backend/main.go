// The reference-backend is a small real backend: see package backend.
package main

import (
	"os"

	"github.com/empowersuite/backend-installer/cmd/reference-backend/backend"
)

func main() {
	os.Exit(backend.Main(os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}
