package host_test

import (
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/empowersuite/backend-installer/installer/host"
)

// inWine skips on a real Windows, whose registry is not to be changed by tests.
func inWine(t *testing.T) {
	t.Helper()
	if windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() != nil {
		t.Skip("it changes the registry of the host")
	}
}

// put makes a key with values, and removes the key after the test where it was not
// there, else the values.
func put(t *testing.T, root registry.Key, path string, set map[string]any) {
	t.Helper()
	key, existed, err := registry.CreateKey(root, path, registry.ALL_ACCESS)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	t.Cleanup(func() {
		for name := range set {
			_ = key.DeleteValue(name)
		}
		_ = key.Close()
		if !existed {
			_ = registry.DeleteKey(root, path)
		}
	})
	for name, value := range set {
		switch v := value.(type) {
		case string:
			err = key.SetStringValue(name, v)
		case int:
			err = key.SetDWordValue(name, uint32(v))
		case []byte:
			err = key.SetBinaryValue(name, v)
		case []string:
			err = key.SetStringsValue(name, v)
		}
		if err != nil {
			t.Fatalf("%s: %s: %v", path, name, err)
		}
	}
}

func facts(t *testing.T, accounts ...string) *host.Windows {
	t.Helper()
	w := host.OS{}.Facts(accounts).Windows
	if w == nil {
		t.Fatal("got no facts of Windows")
	}
	return w
}

func TestTheFrameworkIsThatOfTheRegistry(t *testing.T) {
	inWine(t)
	put(t, registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full`, map[string]any{"Release": 461814})
	if got := facts(t).NETFramework; got != 461814 {
		t.Errorf("got %d, want 461814", got)
	}
}

func TestRuntimesAreFoldersOfWhereNETIsInstalled(t *testing.T) {
	inWine(t)
	root := t.TempDir()
	for _, version := range []string{"8.0.11", "9.0.0"} {
		if err := os.MkdirAll(filepath.Join(root, `shared\Microsoft.AspNetCore.App`, version), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	put(t, registry.LOCAL_MACHINE, `SOFTWARE\WOW6432Node\dotnet\Setup\InstalledVersions\x64`, map[string]any{"InstallLocation": root})
	if got, want := facts(t).ASPNETCore, []string{"8.0.11", "9.0.0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestARestartThatIsPendingHasItsReasons(t *testing.T) {
	inWine(t)
	before := len(facts(t).Restart)
	put(t, registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending`, nil)
	put(t, registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired`, nil)
	put(t, registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Control\Session Manager`,
		map[string]any{"PendingFileRenameOperations": []string{`\??\C:\old`, `\??\C:\new`}})
	if got := facts(t).Restart; before != 0 || len(got) != 3 {
		t.Errorf("got %d reasons before and %q, want none and three", before, got)
	}
}

func TestTheProxiesOfWinHTTPAndOfAnAccountAreThoseOfTheRegistry(t *testing.T) {
	inWine(t)
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	const settings = `SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings`
	put(t, registry.LOCAL_MACHINE, settings+`\Connections`, map[string]any{"WinHttpSettings": winHTTP(3, "winhttp:3128", "")})
	put(t, registry.USERS, me.Uid+`\`+settings, map[string]any{"ProxyEnable": 1, "ProxyServer": "inet:8080"})
	w := facts(t, me.Username, `NT SERVICE\tst-facts`)
	if w.WinHTTP.Server != "winhttp:3128" {
		t.Errorf("got %+v, want winhttp:3128", w.WinHTTP)
	}
	if want := (host.Proxy{Server: "inet:8080"}); len(w.Internet) != 1 || w.Internet[me.Username] != want {
		t.Errorf("got %+v, want %+v of %s alone", w.Internet, want, me.Username)
	}
	put(t, registry.USERS, me.Uid+`\`+settings, map[string]any{"ProxyEnable": 0, "AutoConfigURL": "http://wpad/proxy.pac"})
	if got := facts(t, me.Username).Internet[me.Username]; got.Server != "" || got.Script != "http://wpad/proxy.pac" {
		t.Errorf("got %+v, want the script and no server", got)
	}
}
