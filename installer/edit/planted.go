package edit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/fault"
)

// errPlanted says that a file under a name of an edit is from no edit.
var errPlanted = errors.New("left by no edit")

// own reads a file that an earlier edit left beside another one. Whoever may write
// the folder could have put a link there, or a content of their own to be put back:
// what is no plain file of the same owner, of this account or of root is refused.
func own(path string, beside atomicfile.File) (atomicfile.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return atomicfile.File{}, fmt.Errorf("look for what an edit left: %w", err)
	}
	if !info.Mode().IsRegular() {
		return atomicfile.File{}, fmt.Errorf("%s: %w", fault.Path(path), errPlanted)
	}
	left, err := atomicfile.Read(path, document.MaxBytes)
	if err != nil {
		return left, fmt.Errorf("read what an edit left: %w", err)
	}
	owned := left.ID.UID == beside.ID.UID || left.ID.UID == os.Geteuid() || left.ID.UID == 0
	if !owned || left.Real != path || left.ID.Links > 1 {
		return left, fmt.Errorf("%s: %w", fault.Path(path), errPlanted)
	}
	return left, nil
}

// ownOrNone also tells whether there is one.
func ownOrNone(path string, beside atomicfile.File) (atomicfile.File, bool, error) {
	left, err := own(path, beside)
	if errors.Is(err, fs.ErrNotExist) {
		return left, false, nil
	}
	if errors.Is(err, errPlanted) {
		remedy := "find out who made " + path + ", and remove it"
		if !strings.HasSuffix(path, ".lock") {
			remedy = "find out who made " + path + "; where an edit of another account was killed, it may be the only whole copy: " +
				"compare it with " + beside.Path + " first, then remove it"
		}
		err = fault.Wrap(fault.WriteFailed, err, beside.Path+" was left as it is: an edit would use a name for it that is taken", remedy)
	}
	return left, err == nil, err
}
