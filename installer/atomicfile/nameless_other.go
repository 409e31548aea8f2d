//go:build !linux

package atomicfile

// takesNameless knows nothing: there are no files without a name.
func takesNameless(string) (takes, known bool) { return false, false }
