package atomicfile

import (
	"errors"
	"io/fs"
	"time"
)

// What goes wrong in a way that a caller can act on. The cause is wrapped
// beside it where the operating system gave one.
var (
	ErrTooLarge   = errors.New("larger than the limit")
	ErrNotRegular = errors.New("not a regular file")
	ErrFolder     = errors.New("nothing can be created in the folder")
	ErrChanged    = errors.New("changed by another")
	ErrManaged    = errors.New("a volume that Kubernetes manages: change the Secret or ConfigMap")
	ErrBackup     = errors.New("not what was staged")
	ErrImmutable  = errors.New("immutable or append-only: see lsattr, and chattr -ia")
	ErrReadOnly   = errors.New("marked read-only: clear the attribute (attrib -r)")
	ErrInUse      = errors.New("open in another program, which lets nobody else write it")
	ErrNotKept    = errors.New("what was written does not read back")
	ErrTorn       = errors.New("half written, and kept with its backup until it is put back")
)

// File is what Read found.
type File struct {
	Path string // as asked for, absolute
	Real string // where the symbolic links end
	Data []byte
	ID   Identity
}

// Identity tells whether a file is still the one that was read. UID, GID are
// -1 where the system has none. Of the time of the last change of whatever a
// file has, which nobody can set, only the same process makes use: Linux changes
// it for a new name, too, and a backup program for less.
type Identity struct {
	Dev     uint64      `json:"dev"`
	Ino     uint64      `json:"ino"`
	Size    int64       `json:"size"` // in bytes
	ModTime time.Time   `json:"modTime"`
	SHA256  string      `json:"sha256"` // in hexadecimal
	Mode    fs.FileMode `json:"mode"`
	UID     int         `json:"uid"`
	GID     int         `json:"gid"`
	Links   uint64      `json:"links"`

	// Metadata is the hash of what a replacement keeps; "" where it could not be
	// read.
	Metadata string `json:"metadata,omitempty"`

	changed time.Time
}

// Pending is a planned replacement of one file. It is plain data, holds no
// content, and works again in a process that read it back from JSON.
type Pending struct {
	Path      string   `json:"path"`
	Real      string   `json:"real"`
	Temp      string   `json:"temp"`
	Backup    string   `json:"backup"`
	OldSHA256 string   `json:"oldSha256"`
	NewSHA256 string   `json:"newSha256"`
	Old       Identity `json:"old"`

	// Patience bounds the wait for programs that hold the file open on Windows;
	// DefaultPatience where it is 0.
	Patience time.Duration `json:"patience,omitempty"`
}

// DefaultPatience is how long a replacement waits on Windows for programs that
// hold the file open.
const DefaultPatience = 10 * time.Second

// Way is how a replacement was done.
type Way string

// The ways.
const (
	Rename  Way = "rename"   // at every moment the whole old or the whole new content is there
	InPlace Way = "in-place" // for a moment a reader can see a mixture
	Already Way = "already"  // the new content was there
)

// Result tells how a replacement was done.
type Result struct {
	Path string
	Way  Way
	Why  string // why not by rename

	// Touched tells whether the file is another one, or was written, also where
	// the replacement failed: only then is there something to revert.
	Touched bool
}

// State is which content a file has.
type State string

// The states. Revert puts the old content back from New, Torn and Missing.
const (
	Old     State = "old"
	New     State = "new"
	Torn    State = "torn"    // half written in place, by a run that was killed
	Missing State = "missing" // there is no file
	Other   State = "other"   // what somebody else wrote
)

// Options are for Create.
type Options struct {
	Mode      fs.FileMode // 0600 where it is 0
	UID, GID  int         // -1 leaves the caller's
	Exclusive bool        // fs.ErrExist when there is a file already
	Access    string      // on Windows, its access list (SDDL) from its start; "" is that of Mode
}
