package host

import (
	"encoding/binary"
	"errors"
	"strings"
)

// Facts are what pre-flight judges of a host. What cannot be read is missing.
type Facts struct {
	// Windows is nil on other systems.
	Windows *Windows
	// Proxy is what the environment of this process names for HTTPS.
	Proxy string
}

// Windows is what pre-flight judges of Windows.
type Windows struct {
	Product      string   // in the words of Windows: Windows Server 2019 Standard
	Build        uint32   // 17763
	NETFramework uint32   // the Release of .NET Framework 4.5 or later; 0 for none
	ASPNETCore   []string // versions of the runtime Microsoft.AspNetCore.App
	Restart      []string // why Windows wants to be restarted
	WinHTTP      Proxy    // of services that use WinHTTP
	// Internet are the proxies of accounts (WinINET), which .NET uses where no
	// variable names one: of those that were asked for and whose settings are loaded.
	Internet map[string]Proxy
}

// Proxy is a setting of Windows: a server for every scheme, "proxy:8080", or for
// some, "http=proxy:8080;https=proxy:8443"; or a script that tells.
type Proxy struct {
	Server string
	Script string
}

// ForHTTPS is the proxy of an HTTPS request as host:port, the script's address,
// or "" for none. It is without user and password.
func (p Proxy) ForHTTPS() string {
	if p.Script != "" {
		return withoutUser(p.Script)
	}
	for _, entry := range strings.FieldsFunc(p.Server, func(r rune) bool { return r == ';' || r == ' ' }) {
		scheme, server, named := strings.Cut(entry, "=")
		switch {
		case !named:
			return ProxyAddress(entry)
		case strings.EqualFold(scheme, "https"):
			return ProxyAddress(server)
		}
	}
	return ""
}

// ProxyAddress is what two addresses of one proxy have in common: without scheme,
// user, password and path, in lower case.
func ProxyAddress(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	}
	address, _, _ = strings.Cut(address, "/")
	return strings.ToLower(withoutUser(address))
}

// withoutUser leaves out what is before the last @ of an authority.
func withoutUser(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		scheme, rest = "", address
	} else {
		scheme += "://"
	}
	authority, path, slash := strings.Cut(rest, "/")
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	if slash {
		path = "/" + path
	}
	return scheme + authority + path
}

// Of WinHttpSettings: bytes before the flags, and the flag of a named proxy.
const (
	winHTTPHeadBytes  = 8
	winHTTPNamedProxy = 2
)

// ErrWinHTTP says that a setting of WinHTTP is not in the form that is known.
var ErrWinHTTP = errors.New("not a setting of WinHTTP")

// ParseWinHTTP reads the registry value WinHttpSettings, as netsh winhttp set
// proxy writes it: version, counter and flags, then the length and the text of
// the proxy. The numbers have 32 bits, little endian.
func ParseWinHTTP(blob []byte) (Proxy, error) {
	const numberBytes = 4
	if len(blob) < winHTTPHeadBytes+2*numberBytes {
		return Proxy{}, ErrWinHTTP
	}
	flags := binary.LittleEndian.Uint32(blob[winHTTPHeadBytes:])
	rest := blob[winHTTPHeadBytes+numberBytes:]
	size := binary.LittleEndian.Uint32(rest)
	rest = rest[numberBytes:]
	if uint64(size) > uint64(len(rest)) {
		return Proxy{}, ErrWinHTTP
	}
	server := string(rest[:size])
	if strings.ContainsFunc(server, func(r rune) bool { return r < ' ' || r > '~' }) {
		return Proxy{}, ErrWinHTTP
	}
	if flags&winHTTPNamedProxy == 0 {
		return Proxy{}, nil
	}
	return Proxy{Server: server}, nil
}

// environmentProxy is the proxy that the environment names for HTTPS, which Go
// goes by: HTTPS_PROXY, in capitals or not.
func environmentProxy(getenv func(string) string) string {
	if getenv == nil {
		return ""
	}
	if proxy := getenv("HTTPS_PROXY"); proxy != "" {
		return proxy
	}
	return getenv("https_proxy")
}

// Facts reads what there is to judge. It takes some seconds for each account
// that a directory has to be asked for and does not answer.
func (o OS) Facts(accounts []string) Facts {
	return Facts{Windows: readWindows(accounts), Proxy: environmentProxy(o.Getenv)}
}
