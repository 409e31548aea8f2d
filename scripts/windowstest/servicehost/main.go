//go:build windows

// Command servicehost runs a program that knows nothing of Windows services as one:
//
//	servicehost SERVICE PROGRAM [ARGUMENT...]
//
// It is for tests, in the place of the wrappers that administrators use.
package main

import (
	"context"
	"os"
	"os/exec"

	"golang.org/x/sys/windows/svc"
)

func main() {
	const failed = 1
	if len(os.Args) < 3 || svc.Run(os.Args[1], host(os.Args[2:])) != nil {
		os.Exit(failed)
	}
}

// host is the command line of the program.
type host []string

// Execute runs the program until the service is stopped, or it ends by itself.
func (h host) Execute(_ []string, requests <-chan svc.ChangeRequest, status chan<- svc.Status) (specific bool, code uint32) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cmd := exec.CommandContext(ctx, h[0], h[1:]...)
	if err := cmd.Start(); err != nil {
		return true, 1
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	status <- svc.Status{State: svc.Running, Accepts: svc.AcceptStop | svc.AcceptShutdown}
	for {
		select {
		case err := <-ended:
			if err != nil {
				return true, 2
			}
			return false, 0
		case r := <-requests:
			switch r.Cmd { //nolint:exhaustive // nothing else is accepted
			case svc.Interrogate:
				status <- r.CurrentStatus
			case svc.Stop, svc.Shutdown:
				status <- svc.Status{State: svc.StopPending}
				cancel()
				<-ended //nolint:errcheck // it was ended
				return false, 0
			}
		}
	}
}
