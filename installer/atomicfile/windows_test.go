//go:build windows

package atomicfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

const (
	shareRead   = windows.FILE_SHARE_READ
	shareWrite  = windows.FILE_SHARE_WRITE
	shareDelete = windows.FILE_SHARE_DELETE
)

// underWine skips what Wine lacks, and says so.
func underWine(t *testing.T, lacks string) {
	t.Helper()
	if onWine() {
		t.Skipf("Wine lacks it: %s", lacks)
	}
}

func onWine() bool {
	return windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
}

// hold opens a file as another program would.
func hold(t *testing.T, path string, share uint32) *os.File {
	t.Helper()
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		t.Fatal(err)
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_READ, share, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(handle), path)
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func attributesOf(t *testing.T, path string) uint32 {
	t.Helper()
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		t.Fatal(err)
	}
	attributes, err := windows.GetFileAttributes(name)
	if err != nil {
		t.Fatal(err)
	}
	return attributes
}

func setAttributesOf(t *testing.T, path string, attributes uint32) {
	t.Helper()
	name, err := windows.UTF16PtrFromString(path)
	if err == nil {
		err = windows.SetFileAttributes(name, attributes)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// hurried is a staged replacement that waits a quarter of a second.
func hurried(t *testing.T, path string) atomicfile.Pending {
	t.Helper()
	p := pending(t, path)
	p.Patience = 250 * time.Millisecond
	return p
}

func file(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "appsettings.json")
	write(t, path, "old", 0o600)
	return path
}

func wantAlone(t *testing.T, path string) {
	t.Helper()
	if got := names(t, filepath.Dir(path)); !reflect.DeepEqual(got, []string{filepath.Base(path)}) {
		t.Errorf("the folder holds %q", got)
	}
}

func TestWhatAReaderSharesDecidesTheWay(t *testing.T) {
	for name, c := range map[string]struct {
		share uint32
		way   atomicfile.Way
		err   error
		sees  string // through the reader's handle
	}{
		"all, as a virus scanner":              {shareRead | shareWrite | shareDelete, atomicfile.Rename, nil, "old"},
		"reading and writing, as .NET":         {shareRead | shareWrite, atomicfile.InPlace, nil, "new and longer"},
		"reading alone":                        {shareRead, atomicfile.InPlace, atomicfile.ErrInUse, "old"},
		"reading and deleting, but no writing": {shareRead | shareDelete, atomicfile.Rename, nil, "old"},
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t)
			p := hurried(t, path)
			reader := hold(t, path, c.share)
			start := time.Now()
			r, err := p.Commit()
			if !errors.Is(err, c.err) || r.Way != c.way || (r.Way == atomicfile.InPlace) != strings.Contains(r.Why, "open in another program") {
				t.Errorf("got %+v, %v, want %s, %v", r, err, c.way, c.err)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
			if got, err := io.ReadAll(reader); err != nil || string(got) != c.sees {
				t.Errorf("the reader sees %q, %v, want %q", got, err, c.sees)
			}
			if err := errors.Join(reader.Close(), p.Revert(), p.Clean()); err != nil || text(t, path) != "old" {
				t.Errorf("not put back: %v", err)
			}
			t.Run("nothing is left", func(t *testing.T) {
				if c.share&shareDelete != 0 {
					underWine(t, "a replacement under a reader that shares deleting leaves a file named rf*.tmp")
				}
				wantAlone(t, path)
			})
		})
	}
}

func TestAReaderThatLetsGoIsWaitedFor(t *testing.T) {
	path := file(t)
	p := pending(t, path)
	reader := hold(t, path, shareRead|shareWrite)
	go func() {
		<-time.After(300 * time.Millisecond)
		_ = reader.Close()
	}()
	commit(t, p, atomicfile.Rename)
	if err := p.Clean(); err != nil {
		t.Error(err)
	}
	wantAlone(t, path)
}

func TestAReaderWithoutSharingIsWaitedForInPlaceToo(t *testing.T) {
	path := file(t)
	p := pending(t, path)
	p.Patience = 2 * time.Second // 1.6 s for a replacement, 0.4 s for writing in place
	reader := hold(t, path, shareRead)
	go func() {
		<-time.After(1700 * time.Millisecond)
		_ = reader.Close()
	}()
	r, err := p.Commit()
	if err != nil || text(t, path) != "new and longer" {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestAttributesAreKept(t *testing.T) {
	const hiddenSystem = windows.FILE_ATTRIBUTE_HIDDEN | windows.FILE_ATTRIBUTE_SYSTEM
	for name, share := range map[string]uint32{"by replacement": shareRead | shareWrite | shareDelete, "in place": shareRead | shareWrite} {
		t.Run(name, func(t *testing.T) {
			path := file(t)
			setAttributesOf(t, path, hiddenSystem)
			p := hurried(t, path)
			reader := hold(t, path, share)
			want := atomicfile.Rename
			if share&shareDelete == 0 {
				want = atomicfile.InPlace
			}
			commit(t, p, want)
			if got := attributesOf(t, path) & hiddenSystem; got != hiddenSystem {
				t.Errorf("replaced: got %#x", got)
			}
			_ = reader.Close()
			if err := p.Revert(); err != nil || text(t, path) != "old" {
				t.Error(err)
			}
			if got := attributesOf(t, path) & hiddenSystem; got != hiddenSystem {
				t.Errorf("reverted: got %#x", got)
			}
		})
	}
}

func TestAReadOnlyFileIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	path := file(t)
	f := read(t, path)
	setAttributesOf(t, path, windows.FILE_ATTRIBUTE_READONLY)
	defer setAttributesOf(t, path, windows.FILE_ATTRIBUTE_NORMAL)
	err := atomicfile.Plan(f, []byte("new"), "run").Stage(f.Data, []byte("new"))
	if !errors.Is(err, atomicfile.ErrReadOnly) || !strings.Contains(err.Error(), "attrib -r") {
		t.Errorf("got %v", err)
	}
	wantAlone(t, path)
}

func TestStreamsAreKept(t *testing.T) {
	path := file(t)
	if err := os.WriteFile(path+":note", []byte("kept"), 0o600); err != nil {
		if onWine() {
			t.Skipf("Wine lacks it: alternate data streams: %v", err)
		}
		t.Fatal(err)
	}
	if onWine() {
		_ = os.Remove(path + ":note")
		t.Skip("Wine lacks it: alternate data streams, which it takes for files of that name")
	}
	p := pending(t, path)
	commit(t, p, atomicfile.Rename)
	if got := text(t, path+":note"); got != "kept" {
		t.Errorf("replaced: got %q", got)
	}
	if err := p.Revert(); err != nil || text(t, path+":note") != "kept" {
		t.Errorf("reverted: %v", err)
	}
}

func TestTheAccessListIsKeptAndThereFromTheStart(t *testing.T) {
	underWine(t, "access lists that are set: it says it did, and did not")
	path := file(t)
	const list = "D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;AU)(A;;FA;;;OW)"
	descriptor, err := windows.SecurityDescriptorFromString(list)
	if err != nil {
		t.Fatal(err)
	}
	dacl, _, err := descriptor.DACL()
	if err != nil {
		t.Fatal(err)
	}
	if err := windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, dacl, nil); err != nil {
		t.Fatal(err)
	}
	want := accessOf(t, path)
	p := pending(t, path)
	for _, staged := range []string{p.Temp, p.Backup} {
		if got := accessOf(t, staged); got != want {
			t.Errorf("staged with %s, want %s", got, want)
		}
	}
	commit(t, p, atomicfile.Rename)
	if got := accessOf(t, path); got != want {
		t.Errorf("replaced: got %s, want %s", got, want)
	}
}

func accessOf(t *testing.T, path string) string {
	t.Helper()
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		t.Fatal(err)
	}
	return descriptor.String()
}

// A process that is killed between the two names of a replacement leaves the
// file under the second.
func TestAFileThatWasPutAsideIsBroughtBack(t *testing.T) {
	for name, then := range map[string]func(p atomicfile.Pending) error{
		"by a commit": func(p atomicfile.Pending) error { _, err := p.Commit(); return err },
		"by a revert": atomicfile.Pending.Revert,
		"by clearing": atomicfile.Pending.Clean,
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t)
			p := pending(t, path)
			if err := os.Rename(path, p.Besides()[2]); err != nil {
				t.Fatal(err)
			}
			if err := then(afterwards(t, p)); err != nil {
				t.Error(err)
			}
			if got := text(t, path); got != "old" && (name != "by a commit" || got != "new and longer") {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestASymbolicLinkOfWindowsIsKept(t *testing.T) {
	underWine(t, "symbolic links and junctions: it says it made one, and did not")
	path := file(t)
	link := path + ".link"
	if err := os.Symlink(path, link); err != nil {
		t.Skipf("this account may not make symbolic links: %v", err)
	}
	commit(t, pending(t, link), atomicfile.Rename)
	if target, err := os.Readlink(link); err != nil || target != path || text(t, path) != "new and longer" {
		t.Errorf("got %q, %v", target, err)
	}
}
