package atomicfiletest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

func contents(t *testing.T, b bench) {
	t.Helper()
	large := strings.Repeat("0123456789abcdef", 100_000)
	for _, c := range [][2]string{
		{"old", "new and longer"},
		{"old and longer", "new"},
		{"", "from nothing"},
		{"to nothing", ""},
		{large, large[1:]},
		{"small", large},
		{"the same", "the same"},
	} {
		path := b.file(t, c[0])
		p := stage(t, path, c[1])
		wantContent(t, path, c[0])
		commit(t, p, atomicfile.Rename, "")
		wantContent(t, path, c[1])
		if c[0] != c[1] {
			commit(t, p, atomicfile.Already, "")
		}
		for range 2 {
			must(t, p.Revert())
			wantContent(t, path, c[0])
		}
		must(t, p.Clean())
		wantNames(t, filepath.Dir(path), "file.json")
	}
}

func metadataKept(t *testing.T, b bench) {
	t.Helper()
	path := b.file(t, "old")
	b.decorate(t, path)
	long := time.Date(2020, 2, 4, 6, 8, 10, 0, time.Local)
	must(t, os.Chtimes(path, long, long))
	before := facts(t, path)
	p := stage(t, path, "new")
	commit(t, p, atomicfile.Rename, "")
	if after := facts(t, path); after != before {
		t.Errorf("got %s, want %s", after, before)
	}
	must(t, p.Revert())
	info, err := os.Stat(path)
	must(t, err)
	if after := facts(t, path); after != before || !info.ModTime().Equal(long) {
		t.Errorf("reverted: got %s, of %s, want %s", after, info.ModTime(), before)
	}
	must(t, p.Clean())
}

// metadataInPlace stages elsewhere, from where a rename may be impossible, and
// has a second name where there can be one.
func metadataInPlace(t *testing.T, b bench) {
	t.Helper()
	path := b.file(t, "old")
	if !b.can.HardLinks {
		return
	}
	must(t, os.Link(path, path+".too"))
	b.decorate(t, path)
	before := facts(t, path)
	p := stage(t, path, "new")
	commit(t, p, atomicfile.InPlace, "2 names")
	if after := facts(t, path); after != before {
		t.Errorf("got %s, want %s", after, before)
	}
	must(t, p.Revert())
	if after := facts(t, path); after != before {
		t.Errorf("reverted: got %s, want %s", after, before)
	}
	must(t, p.Clean())
}

// metadataFirst watches files that are being staged: they have no byte as long
// as they do not look like the file that they will replace.
func metadataFirst(t *testing.T, b bench) {
	t.Helper()
	path := b.file(t, "old")
	b.decorate(t, path)
	want := facts(t, path)
	f := read(t, path)
	large := bytes.Repeat([]byte("n"), 1<<20)
	var plans []atomicfile.Pending
	for i := range 10 { // each under a name of its own, so that a name is one file
		plans = append(plans, atomicfile.Plan(f, large, fmt.Sprintf("run%d", i)))
	}
	stop, done := make(chan struct{}), make(chan int)
	go func() {
		seen := 0
		for {
			for _, p := range plans {
				seen += watched(t, p.Temp, want)
			}
			select {
			case <-stop:
				done <- seen
				return
			default:
			}
		}
	}()
	for _, p := range plans {
		must(t, p.Stage(f.Data, large))
		must(t, p.Clean())
	}
	close(stop)
	if seen := <-done; seen == 0 {
		t.Error("the watch saw nothing")
	}
}

// watched is 1 where the file has content. The size is looked at before the
// rest, since it only grows.
func watched(t *testing.T, path, want string) int {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil || info.Size() == 0 {
		return 0
	}
	if got, err := tryFacts(path); err == nil && got != want {
		t.Errorf("it has %d bytes and is %s, want %s", info.Size(), got, want)
	}
	return 1
}

func chain(t *testing.T, b bench) {
	t.Helper()
	if !b.can.Symlinks {
		return
	}
	path := b.file(t, "old")
	folder := filepath.Dir(path)
	must(t, os.Mkdir(filepath.Join(folder, "below"), 0o700))
	links := map[string]string{"first": "below/second", "below/second": "../third", "third": path}
	for name, target := range links {
		must(t, os.Symlink(target, filepath.Join(folder, name)))
	}
	p := stage(t, filepath.Join(folder, "first"), "new")
	commit(t, p, atomicfile.Rename, "")
	wantContent(t, path, "new")
	for name, target := range links {
		if got, err := os.Readlink(filepath.Join(folder, name)); err != nil || got != target {
			t.Errorf("the link %s leads to %q, %v", name, got, err)
		}
	}
	must(t, p.Clean())
	wantNames(t, folder, "below", "file.json", "first", "third")
	wantNames(t, filepath.Join(folder, "below"), "second")
}

func redirected(t *testing.T, b bench) {
	t.Helper()
	if !b.can.Symlinks {
		return
	}
	path := b.file(t, "old")
	link := filepath.Join(filepath.Dir(path), "link")
	write(t, path+"2", "old")
	must(t, os.Symlink("file.json", link))
	p := stage(t, link, "new")
	must(t, os.Remove(link))
	must(t, os.Symlink("file.json2", link))
	_, err := p.Commit()
	wantError(t, err, atomicfile.ErrChanged)
	wantContent(t, path, "old")
	wantContent(t, link, "old")
	must(t, p.Clean())
}

func hardLinks(t *testing.T, b bench) {
	t.Helper()
	if !b.can.HardLinks {
		return
	}
	for _, fresh := range []string{"new and longer", "n", ""} {
		path := b.file(t, "old")
		must(t, os.Link(path, path+".too"))
		p := stage(t, path, fresh)
		commit(t, p, atomicfile.InPlace, "2 names")
		wantContent(t, path+".too", fresh)
		commit(t, p, atomicfile.Already, "")
		must(t, p.Revert())
		wantContent(t, path+".too", "old")
		must(t, p.Clean())
		wantNames(t, filepath.Dir(path), "file.json", "file.json.too")
	}
}

func longName(t *testing.T, b bench) {
	t.Helper()
	folder := b.folder(t)
	name := strings.Repeat("n", 250)
	path := filepath.Join(folder, name)
	write(t, path, "old")
	p := stage(t, path, "new")
	commit(t, p, atomicfile.Rename, "")
	must(t, p.Clean())
	must(t, atomicfile.Create(path, []byte("newer"), atomicfile.Options{UID: -1, GID: -1}))
	wantContent(t, path, "newer")
	wantNames(t, folder, name)
}
