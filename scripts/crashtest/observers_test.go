//go:build faults && linux && amd64

package crashtest_test

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/empowersuite/backend-installer/scripts/tracer"
)

// recorder keeps every call and lets it happen.
type recorder struct{ calls []tracer.Call }

func (*recorder) Enter(*tracer.Call) tracer.Fault { return tracer.Fault{} }

func (r *recorder) Leave(c *tracer.Call) { r.calls = append(r.calls, *c) }

// injector has one fault, at the call of a number.
type injector struct {
	root   string
	number int
	what   string // that call, as it was when calls were counted
	fault  fault

	moved   bool // another call has that number this time
	met     *tracer.Call
	undoing bool // an undo was announced before the fault
}

func (i *injector) Enter(c *tracer.Call) tracer.Fault {
	if i.met != nil && i.fault.Act == tracer.Short && c.Number == i.number+1 {
		return tracer.Fault{Act: tracer.Fail, Errno: i.fault.Errno} // the disk is full now
	}
	if c.Number != i.number || i.met != nil {
		i.undoing = i.undoing || i.met == nil && announcesUndo(c)
		return tracer.Fault{}
	}
	i.met = c
	i.moved = name(c, i.root) != i.what
	if i.moved {
		return tracer.Fault{}
	}
	return i.fault.Fault
}

func (*injector) Leave(*tracer.Call) {}

func announcesUndo(c *tracer.Call) bool {
	return strings.HasSuffix(c.Path, ".journal") && bytes.Contains(c.Data, []byte(`"kind":"undo"`))
}

// name is a call without what differs from run to run: the folder, the time in
// a run's ID, and chance in the names of temporary files.
func name(c *tracer.Call, root string) string {
	text := c.Name + " " + strings.ReplaceAll(c.Path+" "+c.Target+" "+c.Attr, root, "")
	text = regexp.MustCompile(`\d{8}T\d{6}\.\d{3}Z`).ReplaceAllString(text, "RUN")
	return regexp.MustCompile(`\.[A-Z2-7]{12}\.tmp`).ReplaceAllString(text, ".CHANCE.tmp")
}

// names are the names of calls, in order.
func names(calls []tracer.Call, root string) []string {
	var all []string
	for i := range calls {
		all = append(all, name(&calls[i], root))
	}
	return all
}
