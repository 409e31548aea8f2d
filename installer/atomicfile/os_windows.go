package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// closed is the access list of a new file until it gets its own: the system,
// administrators and the owner, nothing from the folder.
const closed = "D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;OW)"

// openFile opens a file; a new one is closed to everybody else from its start.
func openFile(path string, flag int) (*os.File, error) {
	if flag&os.O_EXCL == 0 {
		return os.OpenFile(path, flag, 0o600)
	}
	descriptor, err := windows.SecurityDescriptorFromString(closed)
	if err != nil {
		return nil, &fs.PathError{Op: "create", Path: path, Err: err}
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, &fs.PathError{Op: "create", Path: path, Err: err}
	}
	security := &windows.SecurityAttributes{SecurityDescriptor: descriptor}
	security.Length = uint32(unsafe.Sizeof(*security))
	handle, err := windows.CreateFile(name, windows.GENERIC_WRITE|windows.GENERIC_READ|windows.WRITE_DAC,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE, security, windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "create", Path: path, Err: err}
	}
	return os.NewFile(uintptr(handle), path), nil
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

// syncFolder does nothing: NTFS journals its folder entries.
func syncFolder(string) error { return nil }

// flushOpen does nothing: Windows flushes only through a handle that may write.
func flushOpen(*os.File) error { return nil }

func immutable(string) bool { return false }

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
	return setList(file, list, false)
}

func folderError(err error) error {
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return errors.Join(ErrFolder, err)
	}
	return err
}

func whyNoRename(err error) string {
	for number, why := range map[windows.Errno]string{
		windows.ERROR_ACCESS_DENIED:     "the file is open without sharing, or the folder cannot be written",
		windows.ERROR_SHARING_VIOLATION: "the file is open in another program",
		windows.ERROR_NOT_SAME_DEVICE:   "what was staged is on another volume",
	} {
		if errors.Is(err, number) {
			return why
		}
	}
	return ""
}

// copyMetadata gives a new file the access list of another. A list that takes
// nothing from its folder keeps that, or the folder's readers could read on.
func copyMetadata(from string, to *os.File, _ Identity) error {
	descriptor, err := accessOf(from)
	if err != nil {
		return err
	}
	control, _, err := descriptor.Control()
	if err != nil {
		return err
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		return err
	}
	return setList(to, list, control&windows.SE_DACL_PROTECTED != 0)
}

func accessOf(path string) (*windows.SECURITY_DESCRIPTOR, error) {
	return windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
}

func setList(file *os.File, list *windows.ACL, protected bool) error {
	inheritance := windows.SECURITY_INFORMATION(windows.UNPROTECTED_DACL_SECURITY_INFORMATION)
	if protected {
		inheritance = windows.PROTECTED_DACL_SECURITY_INFORMATION
	}
	return windows.SetNamedSecurityInfo(file.Name(), windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|inheritance, nil, nil, list, nil)
}

// metadataDiffers compares the access lists in their text form.
func metadataDiffers(target, staged string) string {
	want, err := accessOf(target)
	if err != nil {
		return ""
	}
	got, err := accessOf(staged)
	if err != nil || want.String() != got.String() {
		return "the file's access list cannot be given to a new file"
	}
	return ""
}
