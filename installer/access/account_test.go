package access_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/access"
)

func TestAccountsAreReadAsAdministratorsWriteThem(t *testing.T) {
	for text, want := range map[string]access.Account{
		"":                            {Kind: access.LocalSystem, Name: "LocalSystem", SID: "S-1-5-18"},
		"localsystem":                 {Kind: access.LocalSystem, Name: "LocalSystem", SID: "S-1-5-18"},
		`NT AUTHORITY\SYSTEM`:         {Kind: access.LocalSystem, Name: "LocalSystem", SID: "S-1-5-18"},
		`.\LocalSystem`:               {Kind: access.LocalSystem, Name: "LocalSystem", SID: "S-1-5-18"},
		`nt authority\Local Service`:  {Kind: access.LocalService, Name: `NT AUTHORITY\LocalService`, SID: "S-1-5-19"},
		"LocalService":                {Kind: access.LocalService, Name: `NT AUTHORITY\LocalService`, SID: "S-1-5-19"},
		"NetworkService":              {Kind: access.NetworkService, Name: `NT AUTHORITY\NetworkService`, SID: "S-1-5-20"},
		`nt service\TrustedInstaller`: {Kind: access.Virtual, Name: `NT SERVICE\TrustedInstaller`, SID: trustedInstaller},
		`CONTOSO\svc-empower`:         {Kind: access.User, Name: `CONTOSO\svc-empower`},
		"svc@contoso.example":         {Kind: access.User, Name: "svc@contoso.example"},
		`.\svc`:                       {Kind: access.User, Name: `.\svc`},
		"svc":                         {Kind: access.User, Name: `.\svc`},
		`CONTOSO\empower$`:            {Kind: access.Managed, Name: `CONTOSO\empower$`},
		`CONTOSO\LocalService`:        {Kind: access.User, Name: `CONTOSO\LocalService`},
	} {
		got, err := access.ParseAccount(text)
		if err != nil || got != want {
			t.Errorf("%q: got %+v and %v, want %+v", text, got, err, want)
		}
		if got.NeedsPassword() != (got.Kind == access.User) {
			t.Errorf("%q: got a password needed %v for %s", text, got.NeedsPassword(), got.Kind)
		}
	}
}

func TestWhatIsNoAccountIsRefused(t *testing.T) {
	for _, text := range []string{
		`\svc`, `CONTOSO\`, `NT SERVICE\`, `A\B\C`, "a;b", "svc\n", `empower$`, `.\empower$`, `CONTOSO\ svc`, strings.Repeat("n", 1000),
	} {
		if got, err := access.ParseAccount(text); !errors.Is(err, access.ErrAccount) {
			t.Errorf("%q: got %+v and %v, want %v", text, got, err, access.ErrAccount)
		}
	}
}

// The one that Microsoft's documentation prints.
const trustedInstaller = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"

func TestTheSIDOfAServiceIsMadeOfItsName(t *testing.T) {
	for _, name := range []string{"TrustedInstaller", "TRUSTEDINSTALLER"} {
		if got := access.ServiceSID(name); got != trustedInstaller {
			t.Errorf("got %q, want %q", got, trustedInstaller)
		}
	}
}
