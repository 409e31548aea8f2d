package pack_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/empowersuite/backend-installer/scripts/dist/pack"
)

func commitTime() time.Time { return time.Date(2026, 11, 26, 9, 30, 14, 0, time.UTC) }

func someFiles() []pack.File {
	return []pack.File{
		{Name: "installer", Data: []byte("program"), Exec: true},
		{Name: "README.md", Data: []byte("# Read\n")},
		{Name: "completion/_installer", Data: []byte("#compdef\n")},
	}
}

func TestArchivesAreTheSameInWhateverOrderAndTimeZone(t *testing.T) {
	for name, form := range map[string]func(string, []pack.File, time.Time) ([]byte, error){"zip": pack.Zip, "tar.gz": pack.TarGz} {
		first, err := form("top", someFiles(), commitTime())
		if err != nil {
			t.Fatal(err)
		}
		turned := someFiles()
		slices.Reverse(turned)
		second, err := form("top", turned, commitTime().In(time.FixedZone("far", 14*3600)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, second) {
			t.Errorf("%s: the order of the files or the time zone is in the archive", name)
		}
		if turned[0].Name != "completion/_installer" {
			t.Errorf("%s: the caller's list was sorted", name)
		}
	}
}

func TestTheTarBelongsToRootAtTheTimeOfTheCommit(t *testing.T) {
	data, err := pack.TarGz("top", someFiles(), commitTime())
	if err != nil {
		t.Fatal(err)
	}
	stream, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if !stream.ModTime.IsZero() || stream.Name != "" {
		t.Errorf("the stream has the time %v and the name %q", stream.ModTime, stream.Name)
	}
	var got []string
	for r := tar.NewReader(stream); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %o %d:%d %s:%s %d", h.Name, h.Mode, h.Uid, h.Gid, h.Uname, h.Gname, h.ModTime.Unix()))
	}
	rest := fmt.Sprintf(" 0:0 root:root %d", commitTime().Unix())
	if want := []string{"top/README.md 644" + rest, "top/completion/_installer 644" + rest, "top/installer 755" + rest}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheZipHasModesAndTheTimeOfTheCommit(t *testing.T) {
	data, err := pack.Zip("top", someFiles(), commitTime())
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.File {
		if want := f.Name == "top/installer"; (f.Mode()&0o111 != 0) != want {
			t.Errorf("%s: got mode %v", f.Name, f.Mode())
		}
		if !f.Modified.Equal(commitTime()) {
			t.Errorf("%s: got time %v, want %v", f.Name, f.Modified, commitTime())
		}
	}
}

func TestSumsAreWhatSha256sumReads(t *testing.T) {
	got := string(pack.Sums([]pack.File{{Name: "b", Data: []byte("abc")}, {Name: "a"}}))
	want := "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n" +
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheChangelogStartsWithTheNewest(t *testing.T) {
	got, err := pack.Changelog(fstest.MapFS{
		"changes/0001-old.md": {Data: []byte("# Old\n\n- one\n")},
		"changes/0002-new.md": {Data: []byte("# New\n\n- two\n")},
		"changes/notes.txt":   {Data: []byte("not a change")},
	})
	if want := "# Changes\n\n## New\n\n- two\n\n## Old\n\n- one\n"; err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestWithoutChangesThereIsNoChangelog(t *testing.T) {
	if got, err := pack.Changelog(fstest.MapFS{}); err != nil || len(got) != 0 {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestTargetsAreNamedOrAll(t *testing.T) {
	got, err := pack.ParseTargets("windows/arm64  linux/amd64\n")
	if want := []pack.Target{{OS: "windows", Arch: "arm64"}, {OS: "linux", Arch: "amd64"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if got, err := pack.ParseTargets(""); err != nil || len(got) != 6 {
		t.Errorf("got %v, %v, want all six", got, err)
	}
	if got, err := pack.ParseTargets("plan9/amd64"); err == nil {
		t.Errorf("got %v, want an error", got)
	}
}
