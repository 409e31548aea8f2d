package emulator_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/cmd/entra-emulator/emulator"
	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

// TestMain is the program itself where a test starts it as a process.
func TestMain(m *testing.M) {
	if os.Getenv("EMULATOR_TEST_PROGRAM") == "1" {
		os.Exit(emulator.Main(os.Args[1:], emulator.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
	}
	os.Exit(m.Run())
}

// outcome is how a run of the program ended.
type outcome struct {
	status         int
	stdout, stderr string
}

// program runs the command line in this process.
func program(stdin string, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	status := emulator.Main(args, emulator.Streams{In: strings.NewReader(stdin), Out: &stdout, Err: &stderr})
	return outcome{status, stdout.String(), stderr.String()}
}

// process runs it as one of its own, which can detach.
func process(t *testing.T, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := exec.Command(os.Args[0], args...)
	// Without GORACE a program that was built to find races sleeps a second at its end.
	c.Env = append(os.Environ(), "EMULATOR_TEST_PROGRAM=1", "GORACE=atexit_sleep_ms=0")
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	return outcome{c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// place is a folder with the files of one emulator.
type place struct {
	t   *testing.T
	dir string
}

func (p place) file(name string) string { return filepath.Join(p.dir, name) }

func (p place) read(name string) string {
	p.t.Helper()
	text, err := os.ReadFile(p.file(name))
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func (p place) serve(more ...string) outcome {
	p.t.Helper()
	return process(p.t, append([]string{
		"serve", "--listen", "127.0.0.1:0", "--ca-file", p.file("ca.pem"), "--token-file", p.file("token"),
		"--ready-file", p.file("url"), "--pid-file", p.file("pid"), "--daemon",
	}, more...)...)
}

// started is a running emulator that ends with the test.
func started(t *testing.T, more ...string) place {
	t.Helper()
	p := place{t, t.TempDir()}
	t.Cleanup(func() { process(t, "stop", "--pid-file", p.file("pid")) })
	if got := p.serve(more...); got != (outcome{}) {
		t.Fatalf("serve: got %+v", got)
	}
	return p
}

// admin runs a verb that has to succeed and returns what it printed.
func (p place) admin(stdin string, words ...string) string {
	p.t.Helper()
	got := p.try(stdin, words...)
	if got.status != 0 || got.stderr != "" {
		p.t.Fatalf("admin %q: got %+v", words, got)
	}
	return strings.TrimSpace(got.stdout)
}

func (p place) try(stdin string, words ...string) outcome {
	p.t.Helper()
	return program(stdin, append([]string{
		"admin", "--url", p.read("url"), "--ca-file", p.file("ca.pem"), "--token-file", p.file("token"),
	}, words...)...)
}

// signIn is the AADSTS number of a sign-in, 0 for a token.
func (p place) signIn(value string) int {
	p.t.Helper()
	var body struct {
		Codes []int `json:"error_codes"`
	}
	p.post("token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {entratest.ClientID}, "client_secret": {value},
		"scope": {"https://graph.microsoft.com/.default"},
	}, &body)
	if len(body.Codes) == 1 {
		return body.Codes[0]
	}
	return 0
}

// offer begins a sign-in by device code.
func (p place) offer() {
	p.t.Helper()
	var body struct {
		UserCode string `json:"user_code"`
	}
	p.post("devicecode", url.Values{"client_id": {entratest.PublicClientID}, "scope": {"openid"}}, &body)
	if body.UserCode == "" {
		p.t.Fatal("no code is offered")
	}
}

func (p place) post(endpoint string, form url.Values, into any) {
	p.t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(p.read("ca.pem")))
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
	}}
	response, err := client.PostForm(p.read("url")+"/"+entratest.TenantID+"/oauth2/v2.0/"+endpoint, form)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		p.t.Fatal(err)
	}
}
