package backend_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// hosted is the backend as a service of the service control manager.
type hosted struct {
	*svc.SCMManager
	name, log string
}

func host(t *testing.T, config string) hosted {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	h := hosted{svc.SCM(svc.SCMOptions{}), fmt.Sprintf("reference-backend-test-%d", os.Getpid()), filepath.Join(t.TempDir(), "backend.log")}
	err = h.Register(t.Context(), svc.Definition{Name: h.name, Windows: svc.Windows{
		Exec: []string{self, "--service", h.name, "--config", config, "--log-file", h.log},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second) // the test's own has ended
		defer cancel()
		if err := errors.Join(h.Stop(ctx, h.name), h.Unregister(ctx, h.name)); err != nil {
			t.Errorf("clean up: %v\n%s", err, h.said(t))
		}
	})
	return h
}

func (h hosted) said(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(h.log)
	if err != nil {
		t.Log(err)
	}
	return string(text)
}

func (h hosted) state(t *testing.T) svc.State {
	t.Helper()
	s, err := h.Inspect(t.Context(), h.name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheBackendIsAServiceOfWindows(t *testing.T) {
	h := host(t, startTokenEndpoint(t).writeConfig(t, goodSecret, ""))
	if err := h.Start(t.Context(), h.name); err != nil {
		t.Fatalf("%v\n%s", err, h.said(t))
	}
	_, rest, _ := strings.Cut(h.said(t), "address=")
	address, _, _ := strings.Cut(rest, "\n")
	body, text := await(t, address, 200)
	if s := h.state(t); s.Activity != svc.Running || s.PID != body.PID {
		t.Errorf("got %+v, want the process of %s", s, text)
	}
	if err := h.Stop(t.Context(), h.name); err != nil {
		t.Fatal(err)
	}
	if s := h.state(t); s.Activity != svc.Stopped {
		t.Errorf("got %+v, want a clean end", s)
	}
	if strings.Contains(h.said(t), "not-a-real-secret") {
		t.Error("the log tells the secret")
	}
}

func TestAServiceThatFailsEndsWithItsOwnExitCode(t *testing.T) {
	entra := startTokenEndpoint(t)
	for said, config := range map[string]string{
		"injected fault: exit-at-start": entra.writeConfig(t, goodSecret, `"Fault": "exit-at-start"`),
		"absent.json":                   filepath.Join(t.TempDir(), "absent.json"),
	} {
		t.Run(said, func(t *testing.T) {
			h := host(t, config)
			err := h.Start(t.Context(), h.name)
			if !errors.Is(err, svc.ErrStart) || !strings.Contains(err.Error(), "service-specific exit code 1") {
				t.Errorf("got %v", err)
			}
			if s := h.state(t); s.Activity != svc.Failed || !strings.Contains(h.said(t), said) {
				t.Errorf("got %+v and the log\n%s", s, h.said(t))
			}
		})
	}
}

func TestAServiceThatNeverBecomesReadyCanBeStopped(t *testing.T) {
	h := host(t, startTokenEndpoint(t).writeConfig(t, goodSecret, `"Fault": "never-ready"`))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	err := h.Start(ctx, h.name)
	if !errors.Is(err, svc.ErrStart) || !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "stuck") {
		t.Errorf("got %v, want a start that moves and is not over", err)
	}
	if s := h.state(t); s.Activity != svc.Starting || strings.Contains(s.Detail, "checkpoint 1,") {
		t.Errorf("got %+v, want it pending with a checkpoint that moved", s)
	}
	if err := h.Stop(t.Context(), h.name); err != nil {
		t.Error(err)
	}
}

func TestAServiceThatHangsAtItsStopStaysPending(t *testing.T) {
	h := host(t, startTokenEndpoint(t).writeConfig(t, goodSecret, `"Fault": "hang-at-stop"`))
	if err := h.Start(t.Context(), h.name); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := h.Stop(ctx, h.name); !errors.Is(err, svc.ErrStop) {
		t.Errorf("got %v, want %v", err, svc.ErrStop)
	}
	s := h.state(t)
	if s.Activity != svc.Stopping {
		t.Fatalf("got %+v", s)
	}
	process, err := os.FindProcess(s.PID)
	if err == nil {
		err = process.Kill()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestOnlyTheManagerStartsAService(t *testing.T) {
	if windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil {
		t.Skip("Wine takes whoever asks for the service that is started at that time")
	}
	code, out := program(t, "--service", "x", "--config", filepath.Join(t.TempDir(), "appsettings.json"))
	if code != 1 || !strings.Contains(out, "only the service control manager") {
		t.Errorf("got %d %q", code, out)
	}
}
