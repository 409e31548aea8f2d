package atomicfile

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

func openFile(path string, flag int) (*os.File, error) { return os.OpenFile(path, flag, 0o600) }

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

// copyMetadata gives a new file the access list of another.
func copyMetadata(from string, to *os.File, _ Identity) error {
	descriptor, err := windows.GetNamedSecurityInfo(from, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return err
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		return err
	}
	return windows.SetNamedSecurityInfo(to.Name(), windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION, nil, nil, list, nil)
}

// metadataDiffers compares the access lists in their text form.
func metadataDiffers(target, staged string) string {
	want, err := windows.GetNamedSecurityInfo(target, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return ""
	}
	got, err := windows.GetNamedSecurityInfo(staged, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil || want.String() != got.String() {
		return "the file's access list cannot be given to a new file"
	}
	return ""
}
