package edit

import (
	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
)

// Commit ends an edit whose file is staged, for tests that let somebody else come
// in between.
func Commit(deps session.Deps, p atomicfile.Pending) error {
	_, err := editor{deps: deps, report: &report.Report{}}.commit(p)
	return err
}

// TakeBack is what follows where a replacement failed after it touched the file.
func TakeBack(deps session.Deps, p atomicfile.Pending, way atomicfile.Way, err error) error {
	return editor{deps: deps, report: &report.Report{}}.takeBack(p, atomicfile.Result{Way: way, Touched: true}, err)
}
