package svc_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	winsvc "golang.org/x/sys/windows/svc"

	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

// asService makes the test binary the service of the contract.
const asService = "as-service"

func TestMain(m *testing.M) {
	if status, ours := svctest.Impersonate(os.Args, os.Stdin, os.Stdout); ours {
		os.Exit(status)
	}
	if len(os.Args) == 3 && os.Args[1] == asService {
		if err := winsvc.Run("", program{svctest.Behaviour(os.Args[2])}); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program is a service that behaves as the contract says.
type program struct{ behaviour svctest.Behaviour }

func (p program) Execute(_ []string, requests <-chan winsvc.ChangeRequest, status chan<- winsvc.Status) (bool, uint32) {
	status <- winsvc.Status{State: winsvc.StartPending, CheckPoint: 1, WaitHint: 2000}
	if p.behaviour == svctest.FailsAtStart {
		return true, 42
	}
	status <- winsvc.Status{State: winsvc.Running, Accepts: winsvc.AcceptStop | winsvc.AcceptShutdown}
	var crash <-chan time.Time
	if p.behaviour == svctest.Crashes {
		crash = time.After(300 * time.Millisecond)
	}
	for {
		select {
		case <-crash:
			os.Exit(9)
		case r := <-requests:
			if r.Cmd == winsvc.Interrogate {
				status <- r.CurrentStatus
				continue
			}
			status <- winsvc.Status{State: winsvc.StopPending, CheckPoint: 1, WaitHint: 2000}
			if p.behaviour == svctest.HangsAtStop {
				time.Sleep(6 * time.Second)
			}
			return false, 0
		}
	}
}

func prefix() string { return fmt.Sprintf("installer-test-%d-", os.Getpid()) }

func definition(t *testing.T, name string, b svctest.Behaviour) svc.Definition {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return svc.Definition{Name: name, Windows: svc.Windows{
		Exec: []string{self, asService, string(b)}, DisplayName: "Test " + name, Description: "of the contract",
	}}
}

func TestTheServiceControlManagerKeepsTheContract(t *testing.T) {
	svctest.Run(t, func(*testing.T) svctest.Bench {
		return svctest.Bench{
			Manager: svc.SCM(svc.SCMOptions{}), Define: definition, Prefix: prefix(),
			Enables: true, NotEnabled: svc.Manual, HostStops: true,
		}
	})
}

// installed registers a service for one test.
func installed(t *testing.T, d svc.Definition) *svc.SCMManager {
	t.Helper()
	m := svc.SCM(svc.SCMOptions{})
	if err := m.Register(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second) // the test's own has ended
		defer cancel()
		if err := errors.Join(m.Stop(ctx, d.Name), m.Unregister(ctx, d.Name)); err != nil {
			t.Errorf("clean up: %v", err)
		}
	})
	return m
}
