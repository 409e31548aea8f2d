// Command dist makes the packages of a release; make dist runs it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/empowersuite/backend-installer/scripts/dist/pack"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := pack.Main(ctx, pack.Call{Args: os.Args[1:], Getenv: os.Getenv, Environ: os.Environ(), Out: os.Stdout})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "dist: error:", err)
		os.Exit(1)
	}
}
