package svc

import (
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

const (
	logOnAsService = "SeServiceLogonRight"

	policyCreateAccount = 0x10
	policyLookupNames   = 0x800
)

// Grant adds to what an account has; giving it twice is no error.
func (windowsSCM) Grant(account string) error {
	if name, local := strings.CutPrefix(account, `.\`); local {
		host, err := windows.ComputerName()
		if err != nil {
			return said("GetComputerNameEx", err)
		}
		account = host + `\` + name
	}
	sid, _, _, err := windows.LookupSID("", account)
	if err != nil {
		return said("LookupAccountName", err)
	}
	right, err := windows.NewNTUnicodeString(logOnAsService) // has the shape of LSA_UNICODE_STRING
	if err != nil {
		return err
	}
	security := windows.NewLazySystemDLL("advapi32.dll")
	var attributes windows.OBJECT_ATTRIBUTES // of which none is looked at
	var policy windows.Handle
	status, _, _ := security.NewProc("LsaOpenPolicy").Call(0, uintptr(unsafe.Pointer(&attributes)), policyCreateAccount|policyLookupNames, uintptr(unsafe.Pointer(&policy))) //nolint:gosec // G103: how a call outside x/sys takes its arguments
	if err := refusal("LsaOpenPolicy", status); err != nil {
		return err
	}
	defer func() { _, _, _ = security.NewProc("LsaClose").Call(uintptr(policy)) }()                                                               // nothing of it is kept
	status, _, _ = security.NewProc("LsaAddAccountRights").Call(uintptr(policy), uintptr(unsafe.Pointer(sid)), uintptr(unsafe.Pointer(right)), 1) //nolint:gosec // G103: see above
	return refusal("LsaAddAccountRights", status)
}

// refusal reads an NTSTATUS, which has 32 bits.
func refusal(call string, status uintptr) error {
	if code := windows.NTStatus(status); code != 0 { //nolint:gosec // see above
		return said(call, code.Errno())
	}
	return nil
}
