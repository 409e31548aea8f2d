package atomicfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// Wine keeps of a list what the modes of its host can say: who besides the owner
// reads and writes. It is enough to see that nobody does.
func TestWhatIsMadeForFewIsNotReadByMany(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "state")
	if err := atomicfile.MakeFolder(folder, 0o700, 0o755); err != nil {
		t.Fatal(err)
	}
	guarded := filepath.Join(folder, "guarded")
	service := access.Grant{SID: access.ServiceSID("empower-backend-PROD"), Rights: access.Read}
	options := atomicfile.Options{Mode: 0o640, UID: -1, GID: -1, Access: access.List(false, service)}
	if err := atomicfile.Create(guarded, []byte("x"), options); err != nil {
		t.Fatal(err)
	}
	closed := filepath.Join(folder, "closed")
	if err := atomicfile.Create(closed, []byte("x"), atomicfile.Options{UID: -1, GID: -1}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{folder, guarded, closed} {
		list := listOf(t, path)
		if who := append(list.Readers(), list.Changers()...); len(who) != 0 {
			t.Errorf("%s: got %q, want nobody", path, who)
		}
	}
	parent := listOf(t, filepath.Dir(folder))
	if who := parent.Changers(); len(who) != 0 {
		t.Errorf("the parent: got %q, want nobody who can change it", who)
	}
	if _, err := os.ReadFile(guarded); err != nil {
		t.Errorf("who made it: %v", err)
	}
}

func listOf(t *testing.T, path string) access.Descriptor {
	t.Helper()
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		t.Fatal(err)
	}
	list, err := access.Parse(descriptor.String())
	if err != nil {
		t.Fatal(err)
	}
	return list
}
