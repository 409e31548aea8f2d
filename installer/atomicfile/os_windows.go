package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// shareAll lets every other program read, write, rename and delete meanwhile.
const shareAll = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE

// openFile opens a file without keeping others out; a new one is closed to
// everybody else from its start.
func openFile(path string, flag int) (*os.File, error) {
	if flag&os.O_EXCL != 0 {
		descriptor, err := windows.SecurityDescriptorFromString(closed)
		if err != nil {
			return nil, &fs.PathError{Op: "create", Path: path, Err: err}
		}
		return createNew(path, descriptor, attributeNormal)
	}
	access := uint32(windows.GENERIC_READ)
	if flag&os.O_WRONLY != 0 {
		access = windows.GENERIC_WRITE
	}
	return open(path, openArguments{access: access, share: shareAll, disposition: windows.OPEN_EXISTING, attributes: windows.FILE_ATTRIBUTE_NORMAL})
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
		file, err = openFile(p.Real, os.O_WRONLY)
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

// flushOpen does nothing: Windows flushes only through a handle that may write.
func flushOpen(*os.File) error { return nil }

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
// files; any other stays closed.
func setMode(file *os.File, mode fs.FileMode) error {
	if mode&0o004 == 0 {
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
	err := move(temp, path, windows.MOVEFILE_WRITE_THROUGH)
	if errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	}
	return err
}

func move(from, to string, flags uint32) error {
	a, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	b, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	if err := windows.MoveFileEx(a, b, flags); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}
