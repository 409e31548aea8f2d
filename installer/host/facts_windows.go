package host

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// Places in the registry; the package doc names the sources.
const (
	keyVersion      = `SOFTWARE\Microsoft\Windows NT\CurrentVersion`
	keyFramework    = `SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full`
	keyDotnet       = `SOFTWARE\WOW6432Node\dotnet\Setup\InstalledVersions\`
	keyServicing    = `SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending`
	keyUpdate       = `SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired`
	keySession      = `SYSTEM\CurrentControlSet\Control\Session Manager`
	keyInternet     = `Software\Microsoft\Windows\CurrentVersion\Internet Settings`
	keyConnections  = `SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\Connections`
	sharedFramework = `shared\Microsoft.AspNetCore.App`
)

// lookupWithin is how long a directory may take to tell an account's SID.
const lookupWithin = 3 * time.Second

func readWindows(accounts []string) *Windows {
	w := Windows{
		Product: text(registry.LOCAL_MACHINE, keyVersion, "ProductName"),
		Build:   windows.RtlGetVersion().BuildNumber,
		Restart: restartReasons(), ASPNETCore: runtimes(),
		NETFramework: uint32(dword(registry.LOCAL_MACHINE, keyFramework, "Release")), //nolint:gosec // a DWORD
	}
	blob, _ := value(registry.LOCAL_MACHINE, keyConnections, "WinHttpSettings", registry.Key.GetBinaryValue)
	w.WinHTTP, _ = ParseWinHTTP(blob) // one in another form is not judged
	w.Internet = map[string]Proxy{}
	for _, account := range accounts {
		if proxy, ok := internetOf(account); ok {
			w.Internet[account] = proxy
		}
	}
	return &w
}

func restartReasons() []string {
	var reasons []string
	if isKey(keyServicing) {
		reasons = append(reasons, "a feature or an update of Windows was installed")
	}
	if isKey(keyUpdate) {
		reasons = append(reasons, "Windows Update has installed something")
	}
	if files, _ := value(registry.LOCAL_MACHINE, keySession, "PendingFileRenameOperations", registry.Key.GetStringsValue); len(files) > 0 {
		reasons = append(reasons, "files in use are to be replaced")
	}
	return reasons
}

// runtimes are the folders that .NET itself looks in.
func runtimes() []string {
	architecture := strings.Replace(runtime.GOARCH, "amd64", "x64", 1)
	root := text(registry.LOCAL_MACHINE, keyDotnet+architecture, "InstallLocation")
	if root == "" {
		root = filepath.Join(os.Getenv("ProgramFiles"), "dotnet")
	}
	entries, err := os.ReadDir(filepath.Join(root, sharedFramework))
	if err != nil {
		return nil
	}
	var versions []string
	for _, e := range entries {
		if e.IsDir() {
			versions = append(versions, e.Name())
		}
	}
	return versions
}

// internetOf is what is set in Internet Options of an account; ok is false where
// they are not loaded.
func internetOf(account string) (p Proxy, ok bool) {
	sid := sidOf(account)
	if sid == "" {
		return p, false
	}
	key, err := registry.OpenKey(registry.USERS, sid, registry.QUERY_VALUE)
	if err != nil {
		return p, false
	}
	_ = key.Close() // it was only looked for
	at := sid + `\` + keyInternet
	p.Script = text(registry.USERS, at, "AutoConfigURL")
	if dword(registry.USERS, at, "ProxyEnable") == 1 {
		p.Server = text(registry.USERS, at, "ProxyServer")
	}
	return p, true
}

// sidOf is "" for an account that is not known in time.
func sidOf(account string) string {
	found := make(chan string, 1)
	go func() {
		u, err := known(account)
		if err != nil {
			u.SID = ""
		}
		found <- u.SID
	}()
	select {
	case sid := <-found:
		return sid
	case <-time.After(lookupWithin):
		return ""
	}
}

func text(root registry.Key, path, name string) string {
	got, _ := value(root, path, name, registry.Key.GetStringValue)
	return got
}

func dword(root registry.Key, path, name string) uint64 {
	got, _ := value(root, path, name, registry.Key.GetIntegerValue)
	return got
}

func isKey(path string) bool {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	_ = key.Close() // it was only looked for
	return true
}

// value reads one value; ok is false where it is not there, or may not be read.
func value[T any](root registry.Key, path, name string, read func(registry.Key, string) (T, uint32, error)) (got T, ok bool) {
	key, err := registry.OpenKey(root, path, registry.QUERY_VALUE)
	if err != nil {
		return got, false
	}
	defer key.Close() //nolint:errcheck // it was only read
	got, _, err = read(key, name)
	return got, err == nil
}
