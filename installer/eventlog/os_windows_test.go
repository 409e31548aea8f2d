package eventlog_test

import (
	"errors"
	"testing"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/eventlog/eventlogtest"
)

// throwAway skips where the source is there, or may not be made, and removes it
// after the test.
func throwAway(t *testing.T) {
	t.Helper()
	key := eventlog.ForWindows().Key
	if k, err := registry.OpenKey(registry.LOCAL_MACHINE, key, registry.QUERY_VALUE); err == nil {
		_ = k.Close()
		t.Skip("the source is registered on this host")
	}
	err := eventlog.OS{}.Register()
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		t.Skip("only administrators register sources")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := registry.DeleteKey(registry.LOCAL_MACHINE, key); err != nil {
			t.Error(err)
		}
	})
}

func TestTheApplicationLogKeepsTheContract(t *testing.T) {
	throwAway(t)
	eventlogtest.Run(t, eventlog.OS{})
}

func TestTheSourceIsInTheRegistryAndMendedThere(t *testing.T) {
	throwAway(t)
	want := eventlog.ForWindows()
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, want.Key, registry.QUERY_VALUE|registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close() //nolint:errcheck // of a test
	if err := key.SetStringValue("EventMessageFile", `C:\gone.dll`); err != nil {
		t.Fatal(err)
	}
	if err := (eventlog.OS{}).Register(); err != nil {
		t.Fatal(err)
	}
	file, kind, err := key.GetStringValue("EventMessageFile")
	if err != nil || file != want.MessageFile || kind != registry.EXPAND_SZ {
		t.Errorf("got %q of type %d and %v, want %q to be expanded", file, kind, err, want.MessageFile)
	}
	for name, want := range map[string]uint32{"TypesSupported": want.SupportedTypes, "CustomSource": want.HasCustomSource} {
		if got, _, err := key.GetIntegerValue(name); err != nil || got != uint64(want) {
			t.Errorf("%s: got %d and %v, want %d", name, got, err, want)
		}
	}
}
