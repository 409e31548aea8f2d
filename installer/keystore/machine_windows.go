package keystore

import (
	"bytes"
	"unsafe"

	"golang.org/x/sys/windows"
)

// dpapi is for the machine, and asks nobody anything.
const dpapi = windows.CRYPTPROTECT_LOCAL_MACHINE | windows.CRYPTPROTECT_UI_FORBIDDEN

func seal(text, purpose []byte) ([]byte, error) {
	var out windows.DataBlob
	if err := windows.CryptProtectData(blob(text), nil, blob(purpose), 0, nil, dpapi, &out); err != nil {
		return nil, err
	}
	return taken(out)
}

func unseal(sealed, purpose []byte) ([]byte, error) {
	var out windows.DataBlob
	if err := windows.CryptUnprotectData(blob(sealed), nil, blob(purpose), 0, nil, dpapi, &out); err != nil {
		return nil, err
	}
	return taken(out)
}

func blob(data []byte) *windows.DataBlob {
	if len(data) == 0 {
		return &windows.DataBlob{}
	}
	return &windows.DataBlob{Size: uint32(len(data)), Data: &data[0]} //nolint:gosec // entries are short
}

// taken copies what Windows allocated, and frees it.
func taken(out windows.DataBlob) ([]byte, error) {
	theirs := unsafe.Slice(out.Data, out.Size) //nolint:gosec // as long as Windows says
	data := bytes.Clone(theirs)
	clear(theirs)
	_, err := windows.LocalFree(windows.Handle(unsafe.Pointer(out.Data))) //nolint:gosec // the handle is the address
	return data, err
}

func guardOf(path string) (owner, me, list string, err error) {
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return "", "", "", err
	}
	sid, _, err := descriptor.Owner()
	if err != nil {
		return "", "", "", err
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return "", "", "", err
	}
	return sid.String(), user.User.Sid.String(), descriptor.String(), nil
}
