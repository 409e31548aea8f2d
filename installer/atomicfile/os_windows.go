package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/empowersuite/backend-installer/installer/access"
)

// shareAll lets every other program read, write, rename and delete meanwhile.
const shareAll = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE

// absolutely is how Windows goes: up first, and then along the links.
func absolutely(path string) (string, error) {
	if path != "" && os.IsPathSeparator(path[len(path)-1]) {
		return "", syscall.ENOTDIR // or a folder, which is no file
	}
	return filepath.Abs(path)
}

// openFile opens a file without keeping others out; a new one is closed to
// everybody else from its start.
func openFile(path string, flag int) (*os.File, error) {
	if flag&os.O_EXCL != 0 {
		return newFile(path, "")
	}
	wanted := uint32(windows.GENERIC_READ)
	if flag&os.O_WRONLY != 0 {
		wanted = windows.GENERIC_WRITE
	}
	var file *os.File
	err := briefly(func() (err error) {
		file, err = openNow(path, wanted)
		return err
	})
	return file, err
}

// newFile is for those of an access list; "" is for the system, administrators and
// the owner.
func newFile(path, list string) (*os.File, error) {
	if list == "" {
		list = closed()
	}
	descriptor, err := windows.SecurityDescriptorFromString(list)
	if err != nil {
		return nil, &fs.PathError{Op: "create", Path: path, Err: err}
	}
	return createNew(path, descriptor, attributeNormal)
}

func newFolder(path string, mode fs.FileMode, list string) error {
	if list == "" {
		list = access.List(true, access.Grant{SID: access.Owner, Rights: access.Full}, others(mode))
	}
	descriptor, err := windows.SecurityDescriptorFromString(list)
	if err != nil {
		return &fs.PathError{Op: "mkdir", Path: path, Err: err}
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return &fs.PathError{Op: "mkdir", Path: path, Err: err}
	}
	security := &windows.SecurityAttributes{SecurityDescriptor: descriptor}
	security.Length = uint32(unsafe.Sizeof(*security))
	if err := windows.CreateDirectory(name, security); err != nil {
		return &fs.PathError{Op: "mkdir", Path: path, Err: err}
	}
	return nil
}

// others lets them read where the mode does.
func others(mode fs.FileMode) access.Grant {
	if mode&0o004 == 0 {
		return access.Grant{}
	}
	return access.Grant{SID: access.Users, Rights: access.Read}
}

// openNow follows a link: who wants to write looks at the handle, and to open a
// file that is there changes nothing.
func openNow(path string, wanted uint32) (*os.File, error) {
	return open(path, openArguments{access: wanted, share: shareAll, disposition: windows.OPEN_EXISTING, attributes: windows.FILE_ATTRIBUTE_NORMAL})
}

// briefPatience is that of cmd/go.
const briefPatience = 2 * time.Second

// briefly repeats what an indexer or a virus scanner can keep from succeeding for
// a moment: they open what is new.
func briefly(attempt func() error) error { return retry(waiting(briefPatience), numberOf, attempt) }

// betweenNames repeats what finds no file: ReplaceFileW moves one away before it
// moves the other there, and for a moment none has the name.
func betweenNames(attempt func() error) error {
	wait := waiting(100 * time.Millisecond)
	err := attempt()
	for errors.Is(err, fs.ErrNotExist) && wait.again() {
		err = attempt()
	}
	return err
}

type openArguments struct {
	access, share, disposition, attributes uint32
	security                               *windows.SecurityAttributes
}

func open(path string, a openArguments) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	handle, err := windows.CreateFile(name, a.access, a.share, a.security, a.disposition, a.attributes, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(handle), path), nil
}

// createNew makes a file that has this access list from its start.
func createNew(path string, descriptor *windows.SECURITY_DESCRIPTOR, attributes uint32) (*os.File, error) {
	security := &windows.SecurityAttributes{SecurityDescriptor: descriptor}
	security.Length = uint32(unsafe.Sizeof(*security))
	return open(path, openArguments{
		access:      windows.GENERIC_WRITE | windows.GENERIC_READ | windows.WRITE_DAC,
		share:       windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE,
		disposition: windows.CREATE_NEW, attributes: attributes, security: security,
	})
}

// openToWrite waits for programs that let nobody write, within its part of the
// patience.
func (p Pending) openToWrite() (*os.File, error) {
	var file *os.File
	err := retry(p.wait(true), numberOf, func() (err error) {
		file, err = openNow(p.Real, windows.GENERIC_WRITE)
		return err
	})
	if keptByOthers(numberOf(err)) {
		return nil, errors.Join(ErrInUse, err)
	}
	return file, err
}

func identify(file *os.File, info fs.FileInfo) (Identity, error) {
	var about windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(windows.Handle(file.Fd()), &about); err != nil {
		return Identity{}, err
	}
	return Identity{
		Dev: uint64(about.VolumeSerialNumber), Ino: uint64(about.FileIndexHigh)<<32 | uint64(about.FileIndexLow),
		Size: info.Size(), ModTime: info.ModTime(), Mode: info.Mode(), UID: -1, GID: -1, Links: uint64(about.NumberOfLinks),
	}, nil
}

// numberOf is the system's own number of an error; 0 where it has none.
func numberOf(err error) uint32 {
	var number syscall.Errno
	if errors.As(err, &number) {
		return uint32(number)
	}
	return 0
}

// syncFolder does nothing: NTFS journals its folder entries.
func syncFolder(string) error { return nil }

// setTime sets the time of the last writing.
func setTime(file *os.File, at time.Time) error {
	stamp := windows.NsecToFiletime(at.UnixNano())
	return windows.SetFileTime(windows.Handle(file.Fd()), nil, nil, &stamp)
}

// syncFile flushes a file of another process. Windows does that only through a
// handle that may write; a file that is kept from that is flushed by who keeps it.
func syncFile(path string) error {
	file, err := openFile(path, os.O_WRONLY)
	switch {
	case keptByOthers(numberOf(err)), errors.Is(err, windows.ERROR_ACCESS_DENIED):
		return nil
	case err != nil:
		return fmt.Errorf("flush: %w", err)
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("flush: %w", err)
	}
	return nil
}

// unwritable is ErrReadOnly for a file that has that attribute; on a folder it
// means something else.
func unwritable(path string) error {
	attributes, err := fileAttributes(path)
	if err == nil && attributes&(attributeReadOnly|windows.FILE_ATTRIBUTE_DIRECTORY) == attributeReadOnly {
		return ErrReadOnly
	}
	return nil
}

// setMode opens a file that everybody may read to whom the folder opens its
// files; any other stays closed, or has the access list that it was made with.
func setMode(file *os.File, o Options) error {
	if o.Mode&0o004 == 0 || o.Access != "" {
		return nil
	}
	nothing, err := windows.SecurityDescriptorFromString("D:")
	if err != nil {
		return err
	}
	list, _, err := nothing.DACL()
	if err != nil {
		return err
	}
	return setList(file.Name(), list, false)
}

func folderError(err error) error {
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return errors.Join(ErrFolder, err)
	}
	return err
}

// moveNew renames a file to a name that must be free.
func moveNew(temp, path string) error {
	err := briefly(func() error { return move(temp, path) })
	if errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	}
	return err
}

func moveOver(temp, path string) error {
	return briefly(func() error { return os.Rename(temp, path) })
}

// unlink removes no folder.
func unlink(path string) error {
	name, err := windows.UTF16PtrFromString(path)
	if err == nil {
		err = briefly(func() error { return windows.DeleteFile(name) })
	}
	if err != nil {
		return &fs.PathError{Op: "remove", Path: path, Err: err}
	}
	return nil
}

func move(from, to string) error {
	a, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	b, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	if err := windows.MoveFileEx(a, b, windows.MOVEFILE_WRITE_THROUGH); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}
