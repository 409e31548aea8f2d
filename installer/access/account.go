package access

import (
	"crypto/sha1" //nolint:gosec // Windows makes the SIDs of services with it
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
)

// ErrAccount says that a text cannot name an account of a service.
var ErrAccount = errors.New("not an account that a service can run as")

// Kind is what sort of account it is.
type Kind string

// The kinds.
const (
	LocalSystem    Kind = "LocalSystem"    // all rights on this host: more than a backend needs
	LocalService   Kind = "LocalService"   // few rights, nobody on the network
	NetworkService Kind = "NetworkService" // few rights, the host's own account on the network
	Virtual        Kind = "virtual"        // NT SERVICE\name: few rights, one service alone
	Managed        Kind = "managed"        // a group managed service account: the domain keeps its password
	User           Kind = "user"           // of the domain or of this host, with a password
)

// Account is an account that a service can run as.
type Account struct {
	Kind Kind
	Name string // as the service control manager takes it
	SID  string // "" where only the operating system can tell
}

// NeedsPassword is true for accounts whose password the manager must be told.
func (a Account) NeedsPassword() bool { return a.Kind == User }

// maxAccountBytes is more than a domain's and an account's name are long.
const maxAccountBytes = 512

// ParseAccount reads a name as administrators write it: LocalSystem,
// LocalService, NetworkService (also behind NT AUTHORITY\), NT SERVICE\name,
// DOMAIN\user, user@domain, .\user, and a name that ends in $ for a managed
// account. Case does not matter. "" is LocalSystem, as it is for the manager.
func ParseAccount(text string) (Account, error) {
	if len(text) > maxAccountBytes || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return Account{}, fmt.Errorf("%w: %d bytes, or not printable", ErrAccount, len(text))
	}
	domain, name, qualified := strings.Cut(text, `\`)
	if !qualified {
		domain, name = "", text
	}
	if built, ok := builtIn(domain, name); ok {
		return built, nil
	}
	if name == "" || strings.ContainsAny(name, `\/"[]:;|=,+*?<>`) || strings.TrimSpace(name) != name {
		return Account{}, fmt.Errorf("%w: %q", ErrAccount, text)
	}
	if qualified && domain == "" {
		return Account{}, fmt.Errorf("%w: %q: there is nothing before the backslash", ErrAccount, text)
	}
	return ofKind(domain, name, text)
}

// ofKind is for accounts that not every Windows has.
func ofKind(domain, name, text string) (Account, error) {
	switch {
	case strings.EqualFold(domain, "NT SERVICE"):
		return Account{Kind: Virtual, Name: `NT SERVICE\` + name, SID: ServiceSID(name)}, nil
	case strings.HasSuffix(name, "$"):
		return managed(domain, name, text)
	case domain == "" && !strings.Contains(name, "@"):
		return Account{Kind: User, Name: `.\` + name}, nil
	}
	return Account{Kind: User, Name: text}, nil
}

func managed(domain, name, text string) (Account, error) {
	if domain == "" || domain == "." || strings.Contains(name, "@") {
		return Account{}, fmt.Errorf(`%w: %q: a managed account is written DOMAIN\name$`, ErrAccount, text)
	}
	return Account{Kind: Managed, Name: domain + `\` + name}, nil
}

// builtIn finds the accounts that every Windows has.
func builtIn(domain, name string) (Account, bool) {
	folded := strings.ToLower(strings.ReplaceAll(name, " ", ""))
	ours := domain == "" || domain == "." || strings.EqualFold(domain, "NT AUTHORITY")
	switch {
	case !ours:
		return Account{}, false
	case folded == "localsystem", folded == "system", folded == "" && domain == "":
		return Account{Kind: LocalSystem, Name: "LocalSystem", SID: "S-1-5-18"}, true
	case folded == "localservice":
		return Account{Kind: LocalService, Name: `NT AUTHORITY\LocalService`, SID: "S-1-5-19"}, true
	case folded == "networkservice":
		return Account{Kind: NetworkService, Name: `NT AUTHORITY\NetworkService`, SID: "S-1-5-20"}, true
	}
	return Account{}, false
}

// ServiceSID is the SID of NT SERVICE\name.
func ServiceSID(name string) string {
	var upper []byte
	for _, unit := range utf16.Encode([]rune(strings.ToUpper(name))) {
		upper = binary.LittleEndian.AppendUint16(upper, unit)
	}
	sum := sha1.Sum(upper) //nolint:gosec // see the import
	sid := "S-1-5-80"
	for part := range 5 {
		sid += fmt.Sprintf("-%d", binary.LittleEndian.Uint32(sum[4*part:]))
	}
	return sid
}
