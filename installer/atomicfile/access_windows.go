package atomicfile

import (
	"errors"
	"os"
	"runtime"

	"golang.org/x/sys/windows"

	"github.com/empowersuite/backend-installer/installer/access"
)

// closed is the access list of a new file until it gets its own: the system,
// administrators and the owner, nothing from the folder.
func closed() string {
	return access.List(false, access.Grant{SID: access.Owner, Rights: access.Full})
}

// createLike makes a new file that has another's access list and attributes
// from its start.
func createLike(path, like string) (*os.File, error) {
	attributes, err := fileAttributes(like)
	if err != nil {
		return nil, err
	}
	descriptor, err := accessOf(like)
	if err != nil {
		return nil, err
	}
	list, err := listAlone(descriptor)
	if err != nil {
		return nil, err
	}
	file, err := createNew(path, list, newAttributes(attributes))
	runtime.KeepAlive(descriptor) // the list lies in it
	return file, err
}

// listAlone leaves the owner out, which this account may not be allowed to set.
func listAlone(of *windows.SECURITY_DESCRIPTOR) (*windows.SECURITY_DESCRIPTOR, error) {
	list, _, err := of.DACL()
	if err != nil {
		return windows.SecurityDescriptorFromString(closed()) // a volume without access lists
	}
	alone, err := windows.NewSecurityDescriptor()
	if err != nil {
		return nil, err
	}
	if err := alone.SetDACL(list, true, false); err != nil {
		return nil, err
	}
	if isProtected(of) {
		err = alone.SetControl(windows.SE_DACL_PROTECTED, windows.SE_DACL_PROTECTED)
	}
	return alone, err
}

// attributesKey is the key of metadata for hidden, system and their like.
const attributesKey = "attributes"

// givenAfter tells what a file gets after it was replaced: an attribute that
// concerns the name need not be there before.
func givenAfter(key string) bool { return key == attributesKey }

// metadataOf a file: owner, access list and attributes. What a replacement
// carries over by itself is in carriedBy.
func metadataOf(path string) (metadata, error) {
	descriptor, err := accessOf(path)
	if err != nil {
		return nil, &os.PathError{Op: "read the access list", Path: path, Err: err}
	}
	attributes, err := fileAttributes(path)
	if err != nil {
		return nil, err
	}
	m := metadata{attributesKey: attributesText(attributes)}
	if owner, _, err := descriptor.Owner(); err == nil && owner != nil {
		m[ownerKey] = owner.String()
	}
	list, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return nil, &os.PathError{Op: "read the access list", Path: path, Err: err}
	}
	m["access list"] = comparableList(list.String())
	return m, nil
}

// dress gives a new file the access list of another, with what is inherited
// computed anew, and its owner.
func (p Pending) dress(file *os.File, like metadata) error {
	return p.giveAccess(file.Name(), p.Real, like)
}

// giveAccess makes owner and access list those of another file. A list that
// takes nothing from its folder keeps that, or the folder's readers could read
// on.
func (p Pending) giveAccess(path, from string, like metadata) error {
	descriptor, err := accessOf(from)
	if err != nil {
		return err
	}
	now, err := metadataOf(path)
	if err != nil {
		return err
	}
	if list, _, listErr := descriptor.DACL(); listErr == nil {
		err = setList(path, list, isProtected(descriptor))
	}
	if owner, _, ownerErr := descriptor.Owner(); ownerErr == nil && owner != nil && now[ownerKey] != like[ownerKey] {
		err = errors.Join(err, setOwner(path, owner))
	}
	runtime.KeepAlive(descriptor)
	return err
}

// metadataOfOpen asks by the name: an access list is told by names.
func metadataOfOpen(file *os.File) (metadata, error) { return metadataOf(file.Name()) }

// redressable holds: writing a file takes none of its metadata.
func redressable(*os.File, metadata) error { return nil }

// redress does nothing: writing a file takes none of its metadata.
func redress(*os.File, metadata) error { return nil }

func accessOf(path string) (*windows.SECURITY_DESCRIPTOR, error) {
	return windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.OWNER_SECURITY_INFORMATION)
}

func isProtected(descriptor *windows.SECURITY_DESCRIPTOR) bool {
	control, _, err := descriptor.Control()
	return err == nil && control&windows.SE_DACL_PROTECTED != 0
}

func setList(path string, list *windows.ACL, protected bool) error {
	inheritance := windows.SECURITY_INFORMATION(windows.UNPROTECTED_DACL_SECURITY_INFORMATION)
	if protected {
		inheritance = windows.PROTECTED_DACL_SECURITY_INFORMATION
	}
	return windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|inheritance, nil, nil, list, nil)
}

// setOwner uses the privilege to restore files where this account has it, on
// this thread alone.
func setOwner(path string, owner *windows.SID) error {
	set := func() error {
		return windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION, owner, nil, nil, nil)
	}
	if err := set(); err == nil {
		return nil
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := windows.ImpersonateSelf(windows.SecurityImpersonation); err != nil {
		return err
	}
	err := enableRestore()
	if err == nil {
		err = set()
	}
	return errors.Join(err, windows.RevertToSelf())
}

// enableRestore is for the thread's own token.
func enableRestore() error {
	var token windows.Token
	if err := windows.OpenThreadToken(windows.CurrentThread(), windows.TOKEN_ADJUST_PRIVILEGES|windows.TOKEN_QUERY, true, &token); err != nil {
		return err
	}
	defer token.Close() //nolint:errcheck // a handle that was only used here
	name, err := windows.UTF16PtrFromString("SeRestorePrivilege")
	if err != nil {
		return err
	}
	wanted := windows.Tokenprivileges{PrivilegeCount: 1}
	wanted.Privileges[0].Attributes = windows.SE_PRIVILEGE_ENABLED
	if err := windows.LookupPrivilegeValue(nil, name, &wanted.Privileges[0].Luid); err != nil {
		return err
	}
	return windows.AdjustTokenPrivileges(token, false, &wanted, 0, nil, nil)
}
