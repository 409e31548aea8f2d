package backend_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/cmd/reference-backend/backend"
)

// running is a backend in this process.
type running struct {
	address string
	log     *buffer
	stop    func() error
}

type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func serve(t *testing.T, config string) running {
	t.Helper()
	c, err := backend.Load(config, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Every = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	address, ended, log := make(chan string, 1), make(chan error, 1), &buffer{}
	go func() {
		ended <- backend.Serve(ctx, c, slog.New(slog.NewTextHandler(log, nil)), func(a net.Addr) error {
			address <- a.String()
			return nil
		})
	}()
	stop := sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = stop() })
	return running{<-address, log, stop}
}

// await asks until a status comes.
func await(t *testing.T, address string, want int) (healthBody, string) {
	t.Helper()
	for range 500 {
		status, body, text := ask(t, address, "/health/ready")
		if status == want {
			return body, text
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("never answered %d", want)
	return healthBody{}, ""
}

func TestServeIsReadyOnceItSignedIn(t *testing.T) {
	b := serve(t, startTokenEndpoint(t).writeConfig(t, goodSecret, ""))
	body, text := await(t, b.address, 200)
	if body.Status != "ready" || body.Error != nil || body.PID != os.Getpid() {
		t.Errorf("got %s", text)
	}
	if body.Credential == nil || body.Credential.Fingerprint != fingerprintOf(t, goodSecret) {
		t.Errorf("got %s, want fingerprint %s", text, fingerprintOf(t, goodSecret))
	}
	for _, moment := range []string{body.Since, body.Credential.SignedInAt} {
		if at, err := time.Parse(time.RFC3339, moment); err != nil || time.Since(at) > time.Minute {
			t.Errorf("got %q (%v), want a time just now", moment, err)
		}
	}
	if status, _, _ := ask(t, b.address, "/health/live"); status != 200 {
		t.Errorf("live: got %d, want 200", status)
	}
	if err := b.stop(); err != nil {
		t.Errorf("a clean end: got %v", err)
	}
}

func TestServeTellsWhyEntraRefused(t *testing.T) {
	b := serve(t, startTokenEndpoint(t).writeConfig(t, badSecret, ""))
	var body healthBody
	var text string
	for range 500 {
		if body, text = await(t, b.address, 503); body.Error.Code != 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if body.Error.Code != 7000215 || body.Error.Message != "AADSTS7000215: Invalid client secret provided." {
		t.Errorf("got %s", text)
	}
	if body.Status != "failing" || body.Credential != nil {
		t.Errorf("got %s, want failing, without a credential", text)
	}
	if status, _, _ := ask(t, b.address, "/health/live"); status != 200 {
		t.Errorf("live: got %d, want 200", status)
	}
}

func TestServeFollowsTheVerdictOfEntra(t *testing.T) {
	entra := startTokenEndpoint(t)
	b := serve(t, entra.writeConfig(t, goodSecret, ""))
	await(t, b.address, 200)
	entra.accepts.Store("another")
	body, text := await(t, b.address, 503)
	if body.Credential == nil || body.Error.Code != 7000215 {
		t.Errorf("got %s, want the last credential and the refusal", text)
	}
	entra.accepts.Store(goodSecret)
	await(t, b.address, 200)
}

func TestServeNeverTellsTheSecret(t *testing.T) {
	entra := startTokenEndpoint(t)
	b := serve(t, entra.writeConfig(t, goodSecret, ""))
	_, ready := await(t, b.address, 200)
	entra.accepts.Store("another")
	_, failing := await(t, b.address, 503)
	if strings.Contains(ready+failing+b.log.String(), "not-a-real-secret") {
		t.Errorf("the secret is told:\n%s%s%s", ready, failing, b.log)
	}
}

func TestServeTellsANetworkFailureApart(t *testing.T) {
	entra := startTokenEndpoint(t)
	config := entra.writeConfig(t, goodSecret, "")
	entra.Close()
	b := serve(t, config)
	var body healthBody
	for range 500 {
		if body, _ = await(t, b.address, 503); body.Error.Message != "not signed in yet" {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if got, want := body.Error.Message, "no answer from Entra ID: "; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q and a cause", got, want)
	}
}

func TestServeGoesThroughTheProxyOfTheSetting(t *testing.T) {
	b := serve(t, startTokenEndpoint(t).writeConfig(t, goodSecret, `"Proxy": "http://127.0.0.1:1"`))
	var body healthBody
	for range 500 {
		if body, _ = await(t, b.address, 503); body.Error.Message != "not signed in yet" {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if got, want := body.Error.Message, "proxyconnect"; !strings.Contains(got, want) {
		t.Errorf("got %q, want it to name %q", got, want)
	}
}

func TestServeTellsTheServiceManager(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Skip("no datagram sockets here:", err)
	}
	defer func() { _ = manager.Close() }()
	t.Setenv("NOTIFY_SOCKET", socket)
	b := serve(t, startTokenEndpoint(t).writeConfig(t, goodSecret, ""))
	if err := manager.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"READY=1", "STOPPING=1"} {
		message := make([]byte, 100)
		n, err := manager.Read(message)
		if err != nil || string(message[:n]) != want {
			t.Fatalf("got %q (%v), want %q", message[:n], err, want)
		}
		go func() { _ = b.stop() }()
	}
}

func TestServeInjectsFaults(t *testing.T) {
	entra := startTokenEndpoint(t)
	c, err := backend.Load(entra.writeConfig(t, goodSecret, `"Fault": "exit-at-start"`), nil)
	if err != nil {
		t.Fatal(err)
	}
	listening := func(net.Addr) error { t.Error("it listened"); return nil }
	if err := backend.Serve(t.Context(), c, slog.New(slog.DiscardHandler), listening); !errors.Is(err, backend.ErrFault) {
		t.Errorf("exit-at-start: got %v, want %v", err, backend.ErrFault)
	}

	never := serve(t, entra.writeConfig(t, goodSecret, `"Fault": "never-ready"`))
	time.Sleep(100 * time.Millisecond)
	if status, _, text := ask(t, never.address, "/health/ready"); status != 503 {
		t.Errorf("never-ready: got %d %s, want 503", status, text)
	}

	crash := serve(t, entra.writeConfig(t, goodSecret, `"Fault": "exit-after-ready"`))
	await(t, crash.address, 200)
	start := time.Now()
	if err := waitEnd(crash); !errors.Is(err, backend.ErrFault) || time.Since(start) < 3*time.Second {
		t.Errorf("exit-after-ready: got %v after %v, want %v after five seconds", err, time.Since(start), backend.ErrFault)
	}
}

// waitEnd waits until a backend that ends by itself does not answer any more.
func waitEnd(b running) error {
	for range 1000 {
		c, err := net.Dial("tcp", b.address)
		if err != nil {
			break
		}
		_ = c.Close()
		time.Sleep(10 * time.Millisecond)
	}
	return b.stop()
}

func TestFaultFileBreaksOneStartOnly(t *testing.T) {
	entra := startTokenEndpoint(t)
	once := filepath.Join(t.TempDir(), "fault")
	if err := os.WriteFile(once, []byte("exit-at-start\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := backend.Load(entra.writeConfig(t, goodSecret, `"FaultFile": `+strconv.Quote(once)), nil)
	if err != nil {
		t.Fatal(err)
	}
	listening := func(net.Addr) error { return nil }
	if err := backend.Serve(t.Context(), c, slog.New(slog.DiscardHandler), listening); !errors.Is(err, backend.ErrFault) {
		t.Errorf("first start: got %v, want %v", err, backend.ErrFault)
	}
	if _, err := os.Stat(once); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the fault's file: got %v, want it gone", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := backend.Serve(ended, c, slog.New(slog.DiscardHandler), listening); errors.Is(err, backend.ErrFault) {
		t.Errorf("second start: got %v, want no fault", err)
	}
}
