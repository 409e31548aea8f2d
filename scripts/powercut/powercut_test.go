//go:build faults && linux && amd64

package powercut_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/powercut"
	"github.com/empowersuite/backend-installer/scripts/tracer"
)

func call(name, path string) tracer.Call {
	return tracer.Call{Name: name, Path: path, FD: -1, UID: -1, GID: -1}
}

func create(path string) tracer.Call {
	c := call("openat", path)
	c.Flags, c.Mode = syscall.O_CREAT|syscall.O_WRONLY, 0o666
	return c
}

func write(path, text string) tracer.Call {
	c := call("write", path)
	c.FD, c.Data, c.Size, c.Result = 9, []byte(text), int64(len(text)), int64(len(text))
	return c
}

func to(c tracer.Call, target string) tracer.Call {
	c.Target = target
	return c
}

// left are the states that a power cut may leave after calls, each on one line.
func left(t *testing.T, before powercut.State, b powercut.Bounds, calls ...tracer.Call) []string {
	t.Helper()
	disk := powercut.New("/r", before, 0o022)
	for i := range calls {
		if err := disk.Apply(&calls[i]); err != nil {
			t.Fatal(err)
		}
	}
	all := map[string]bool{}
	for s := range disk.States(b) {
		var line []string
		for _, name := range slices.Sorted(maps.Keys(s)) {
			n := s[name]
			data := strings.ReplaceAll(string(n.Data), "\x00", "0")
			line = append(line, fmt.Sprintf("%s:%o:%s", name, n.Meta.Mode, data))
		}
		all[strings.Join(line, " ")] = true
	}
	return slices.Sorted(maps.Keys(all))
}

func TestACutLeavesWhatTheModelSays(t *testing.T) {
	file := powercut.State{"f": {Meta: powercut.Meta{Mode: 0o600}, Data: []byte("old")}}
	mode := call("fchmod", "/r/new")
	mode.Mode = 0o640
	swap := to(call("renameat2", "/r/new"), "/r/f")
	swap.Flags = 2 // RENAME_EXCHANGE
	replace := []tracer.Call{create("/r/new"), write("/r/new", "1234"), call("fsync", "/r/new"), to(call("renameat", "/r/new"), "/r/f")}
	for _, c := range []struct {
		name  string
		calls []tracer.Call
		want  []string
	}{
		{"nothing was done", nil, []string{"f:600:old"}},
		{"a file that was flushed has no name yet", replace[:3], []string{"f:600:old", "f:600:old new:644:1234"}},
		{"a rename after the flush", replace, []string{"f:600:old", "f:600:old new:644:1234", "f:644:1234"}},
		{
			"an exchange of two names", append(slices.Clone(replace[:3]), swap),
			[]string{"f:600:old", "f:600:old new:644:1234", "f:644:1234 new:600:old"},
		},
		{"the folder was flushed, too", append(slices.Clone(replace), call("fsync", "/r")), []string{"f:644:1234"}},
		{
			"a rename without a flush", append(slices.Delete(slices.Clone(replace), 2, 3), call("fsync", "/r")),
			[]string{"f:644:", "f:644:0000", "f:644:12", "f:644:1200", "f:644:1234"},
		},
		{
			"what is known about a file goes its own way",
			[]tracer.Call{create("/r/new"), call("fsync", "/r"), write("/r/new", "12"), mode},
			[]string{
				"f:600:old new:640:", "f:600:old new:640:00", "f:600:old new:640:1", "f:600:old new:640:10", "f:600:old new:640:12",
				"f:600:old new:644:", "f:600:old new:644:12",
			},
		},
		{
			"entries come in order",
			[]tracer.Call{to(call("linkat", "/r/f"), "/r/a"), to(call("symlinkat", "/r/b"), "f"), call("unlinkat", "/r/f")},
			[]string{"a:600:old b:777:f", "a:600:old b:777:f f:600:old", "a:600:old f:600:old", "f:600:old"},
		},
	} {
		if got := left(t, file, powercut.Bounds{Most: 100}, c.calls...); !slices.Equal(got, c.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

func TestFoldersReachTheDiskIndependently(t *testing.T) {
	folder := call("mkdirat", "/r/d")
	folder.Mode = 0o700
	calls := []tracer.Call{create("/r/x"), call("fsync", "/r"), folder, to(call("renameat", "/r/x"), "/r/d/y")}
	want := []string{"d:700: d/y:644:", "d:700: d/y:644: x:644:", "d:700:", "d:700: x:644:", "x:644:"}
	slices.Sort(want)
	if got := left(t, nil, powercut.Bounds{Most: 100}, calls...); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestATornOverwriteKeepsWhatWasBehindIt(t *testing.T) {
	before := powercut.State{"f": {Data: []byte("aaaaaa")}, "g": {Data: []byte("aaaaaa"), Same: "f"}}
	got := left(t, before, powercut.Bounds{Most: 100}, write("/r/g", "bbbb"))
	if want := "f:0:bbbaaa g:0:bbbaaa"; !slices.Contains(got, want) {
		t.Errorf("got %q, want %q among them", got, want)
	}
}

func TestBoundsKeepStatesFewAndKeepBothEnds(t *testing.T) {
	var calls []tracer.Call
	for _, name := range []string{"a", "b", "c", "d"} {
		calls = append(calls, create("/r/"+name), write("/r/"+name, name+name+name+name))
	}
	whole, few := left(t, nil, powercut.Bounds{Most: 1e6}, calls...), left(t, nil, powercut.Bounds{Most: 1}, calls...)
	if len(few) >= len(whole)/4 {
		t.Errorf("got %d states of %d", len(few), len(whole))
	}
	for _, want := range []string{"", "a:644:aaaa b:644:bbbb c:644:cccc d:644:dddd", "a:644:aaaa b:644:bb c:644:cccc d:644:dddd"} {
		if !slices.Contains(few, want) {
			t.Errorf("got %q, want %q among them", few, want)
		}
	}
}

func TestACallThatTheModelDoesNotKnowIsAnError(t *testing.T) {
	disk := powercut.New("/r", powercut.State{"f": {}}, 0o022)
	for _, c := range []tracer.Call{call("ioprio_set", "/r/f"), call("fsync", "/r/none"), to(call("renameat", "/r/f"), "/elsewhere")} {
		if err := disk.Apply(&c); err == nil {
			t.Errorf("%s: got no error", &c)
		}
	}
	for _, c := range []tracer.Call{call("fsync", "/elsewhere"), {Name: "unlinkat", Path: "/r/f", FD: -1, Errno: syscall.EIO}} {
		if err := disk.Apply(&c); err != nil {
			t.Errorf("%s: got %v", &c, err)
		}
	}
}

func TestAStateIsReadAsItWasWritten(t *testing.T) {
	root := filepath.Join(t.TempDir(), "root")
	at := time.Date(2020, 1, 2, 3, 4, 5, 600, time.UTC)
	uid, gid := os.Geteuid(), os.Getegid()
	want := powercut.State{
		"d":   {Kind: powercut.Folder, Meta: powercut.Meta{Mode: 0o2750, UID: uid, GID: gid}},
		"d/f": {Meta: powercut.Meta{Mode: 0o640, UID: uid, GID: gid, Modified: at}, Data: []byte("text")},
		"d/g": {Meta: powercut.Meta{Mode: 0o640, UID: uid, GID: gid, Modified: at}, Data: []byte("text"), Same: "d/f"},
		"l":   {Kind: powercut.Link, Meta: powercut.Meta{Mode: 0o777, UID: uid, GID: gid}, Data: []byte("d/f")},
	}
	if err := want.Write(root); err != nil {
		t.Fatal(err)
	}
	got, err := powercut.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	keys := powercut.NewKeys(func(_ string, data []byte) []byte { return bytes.ToUpper(data) })
	if keys.Of(got) != keys.Of(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	got["d/f"] = powercut.Node{Meta: got["d/f"].Meta, Data: []byte("Text")}
	if keys.Of(got) != keys.Of(want) {
		t.Error("a difference that was left out makes another key")
	}
	got["d/f"] = powercut.Node{Meta: got["d/f"].Meta, Data: []byte("next")}
	if keys.Of(got) == keys.Of(want) {
		t.Error("another content makes the same key")
	}
}
