package host_test

import (
	"encoding/binary"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/host"
)

// winHTTP is a setting as netsh winhttp set proxy writes it.
func winHTTP(flags uint32, proxy, bypass string) []byte {
	blob := binary.LittleEndian.AppendUint32(nil, 0x18)
	blob = binary.LittleEndian.AppendUint32(blob, 0)
	blob = binary.LittleEndian.AppendUint32(blob, flags)
	for _, text := range []string{proxy, bypass} {
		blob = binary.LittleEndian.AppendUint32(blob, uint32(len(text)))
		blob = append(blob, text...)
	}
	return blob
}

func TestTheSettingOfWinHTTPIsRead(t *testing.T) {
	for name, c := range map[string]struct {
		blob []byte
		want string
	}{
		"a proxy": {winHTTP(3, "proxy.contoso.com:8080", "localhost;*.contoso.com"), "proxy.contoso.com:8080"},
		// Microsoft Learn, "Use Group Policy to apply WinHTTP proxy settings", 2026.
		"direct":       {[]byte("\x18\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), ""},
		"kept but off": {winHTTP(1, "proxy.contoso.com:8080", ""), ""},
		"by scheme":    {winHTTP(3, "http=a:80;https=b:443", ""), "http=a:80;https=b:443"},
	} {
		got, err := host.ParseWinHTTP(c.blob)
		if err != nil || got.Server != c.want {
			t.Errorf("%s: got %+v and %v, want %q", name, got, err, c.want)
		}
	}
}

func TestWhatIsNoSettingOfWinHTTPIsRefused(t *testing.T) {
	whole := winHTTP(3, "proxy:8080", "")
	for _, blob := range [][]byte{nil, whole[:10], whole[:18], winHTTP(3, "pro\x00xy", ""), winHTTP(3, "pröxy", "")} {
		if got, err := host.ParseWinHTTP(blob); !errors.Is(err, host.ErrWinHTTP) {
			t.Errorf("%x: got %+v and %v, want %v", blob, got, err, host.ErrWinHTTP)
		}
	}
}

func FuzzParseWinHTTP(f *testing.F) {
	f.Add(winHTTP(3, "proxy.contoso.com:8080", "<local>"))
	f.Add(winHTTP(1, "", ""))
	f.Add([]byte{0x28, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, blob []byte) {
		got, err := host.ParseWinHTTP(blob)
		if err != nil && got != (host.Proxy{}) {
			t.Errorf("got %+v beside %v", got, err)
		}
		if !strings.Contains(string(blob), got.Server) {
			t.Errorf("got %q, which is not in the setting", got.Server)
		}
		_ = got.ForHTTPS() // it does not panic
	})
}

func TestTheProxyOfHTTPSIsFoundAndHasNoPassword(t *testing.T) {
	for server, want := range map[string]string{
		"":                                 "",
		"Proxy:8080":                       "proxy:8080",
		"http://proxy:8080/":               "proxy:8080",
		"http://user:pa@ss@proxy:8080":     "proxy:8080",
		"http=a:80;https=b:443;ftp=c:21":   "b:443",
		"http=a:80 HTTPS=http://u:p@b:443": "b:443",
		"http=a:80":                        "",
		"[fe80::1]:3128":                   "[fe80::1]:3128",
	} {
		if got := (host.Proxy{Server: server}).ForHTTPS(); got != want {
			t.Errorf("%q: got %q, want %q", server, got, want)
		}
	}
	script := host.Proxy{Server: "proxy:8080", Script: "http://user:word@wpad/proxy.pac"}
	if got, want := script.ForHTTPS(), "http://wpad/proxy.pac"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFactsAreThoseOfTheSystem(t *testing.T) {
	h := host.OS{Getenv: func(name string) string { return map[string]string{"https_proxy": "http://proxy:3128"}[name] }}
	f := h.Facts([]string{`NT SERVICE\no-such-service-of-this-test`})
	if f.Proxy != "http://proxy:3128" {
		t.Errorf("got %q, want the proxy of the environment", f.Proxy)
	}
	if (f.Windows != nil) != (runtime.GOOS == "windows") {
		t.Fatalf("got %+v on %s", f.Windows, runtime.GOOS)
	}
	if f.Windows != nil && (f.Windows.Build == 0 || f.Windows.Product == "" || len(f.Windows.Internet) != 0) {
		t.Errorf("got %+v, want a build, a product and no account", f.Windows)
	}
	if got := (host.OS{}).Facts(nil).Proxy; got != "" {
		t.Errorf("got %q, want none without an environment", got)
	}
}
