package backend

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// The faults that Config.Fault injects; see the package's documentation.
const (
	FaultNone           = ""
	FaultExitAtStart    = "exit-at-start"
	FaultExitAfterReady = "exit-after-ready"
	FaultHangAtStop     = "hang-at-stop"
	FaultNeverReady     = "never-ready"
)

const maxFileBytes = 1 << 20

// Config is what the backend reads at its start.
type Config struct {
	TokenURL    string
	ClientID    string
	Secret      secret.Value
	Scope       string
	Fingerprint string // of Secret; "" without a key
	Listen      string // host:port
	Every       time.Duration
	CABundle    []byte // PEM
	Proxy       *url.URL
	Fault       string
	FaultFile   string // holds the fault of one start; see takeFault
}

// Load reads the configuration file, its overlay for the environment that env
// names, and env. The error names keys and places, never a value.
func Load(file string, env []string) (Config, error) {
	all, err := readJSON(file)
	if err != nil {
		return Config{}, err
	}
	ext := filepath.Ext(file)
	over, err := readJSON(strings.TrimSuffix(file, ext) + "." + environment(env) + ext)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Config{}, err
	}
	all.merge(over)
	all.overlay(env)
	return all.config()
}

func readJSON(file string) (values, error) {
	data, err := readBounded(file)
	if err != nil {
		return nil, err
	}
	v, err := parseJSON(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return v, nil
}

func readBounded(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFileBytes {
		return nil, fmt.Errorf("%s: larger than %d bytes", file, maxFileBytes)
	}
	return data, nil
}

func environment(env []string) string {
	for _, name := range []string{"ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"} {
		for _, entry := range env {
			if value, ok := strings.CutPrefix(entry, name+"="); ok && value != "" {
				return value
			}
		}
	}
	return "Production"
}

func checkFault(where, fault string) error {
	known := []string{FaultNone, FaultExitAtStart, FaultExitAfterReady, FaultHangAtStop, FaultNeverReady}
	if !slices.Contains(known, fault) {
		return fmt.Errorf("%s: not one of %q", where, known)
	}
	return nil
}

func (v values) config() (Config, error) {
	c := Config{
		ClientID: v.get("AzureAd:ClientId"),
		Secret:   secret.New(v.get("AzureAd:ClientSecret")),
		Scope:    orElse(v.get("AzureAd:Scope"), "https://graph.microsoft.com/.default"),
		Fault:    v.get("Diagnostics:Fault"),

		FaultFile: v.get("Diagnostics:FaultFile"),
	}
	var problems [6]error
	c.TokenURL, problems[0] = tokenURL(v)
	c.Listen, problems[1] = listenAddress(v.get("Kestrel:Endpoints:Http:Url"))
	c.Every, problems[2] = seconds(v.get("Diagnostics:SignInEverySeconds"))
	c.Proxy, problems[3] = proxy(v.get("Diagnostics:Proxy"))
	problems[4] = c.readFiles(v)
	problems[5] = checkFault("Diagnostics:Fault", c.Fault)
	for _, key := range []string{"AzureAd:ClientId", "AzureAd:ClientSecret"} {
		if v.get(key) == "" {
			problems[5] = errors.Join(problems[5], fmt.Errorf("%s: missing", key))
		}
	}
	return c, errors.Join(problems[:]...)
}

func (c *Config) readFiles(v values) error {
	if file := v.get("Diagnostics:CABundle"); file != "" {
		bundle, err := readBounded(file)
		if err != nil {
			return fmt.Errorf("Diagnostics:CABundle: %w", err)
		}
		c.CABundle = bundle
	}
	if file := v.get("Diagnostics:FingerprintKeyFile"); file != "" {
		text, err := readBounded(file)
		if err != nil {
			return fmt.Errorf("Diagnostics:FingerprintKeyFile: %w", err)
		}
		key, err := secret.ParseKey(string(text))
		if err != nil {
			return fmt.Errorf("Diagnostics:FingerprintKeyFile: %w", err)
		}
		c.Fingerprint = key.Fingerprint(c.Secret)
	}
	return nil
}

func tokenURL(v values) (string, error) {
	tenant := v.get("AzureAd:TenantId")
	if tenant == "" {
		return "", fmt.Errorf("AzureAd:TenantId: missing")
	}
	instance, err := url.Parse(orElse(v.get("AzureAd:Instance"), "https://login.microsoftonline.com/"))
	if err != nil || instance.Scheme != "https" || instance.Host == "" {
		return "", fmt.Errorf("AzureAd:Instance: not an https URL")
	}
	return instance.JoinPath(tenant, "oauth2", "v2.0", "token").String(), nil
}

// listenAddress reads a Kestrel endpoint; "*" and "+" stand for every address.
func listenAddress(text string) (string, error) {
	const key = "Kestrel:Endpoints:Http:Url"
	text = orElse(text, "http://127.0.0.1:5080")
	hostPort, ok := strings.CutPrefix(text, "http://")
	host, port, err := net.SplitHostPort(strings.TrimSuffix(hostPort, "/"))
	if !ok || err != nil {
		return "", fmt.Errorf("%s: not of the form http://host:port", key)
	}
	if host == "*" || host == "+" {
		host = ""
	}
	return net.JoinHostPort(host, port), nil
}

func seconds(text string) (time.Duration, error) {
	n, err := strconv.Atoi(orElse(text, "30"))
	if err != nil || n < 1 || n > 86400 {
		return 0, fmt.Errorf("Diagnostics:SignInEverySeconds: not a number from 1 to 86400")
	}
	return time.Duration(n) * time.Second, nil
}

func proxy(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no proxy is a valid choice
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("Diagnostics:Proxy: not a URL")
	}
	return u, nil
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
