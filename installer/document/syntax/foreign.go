package syntax

import "strings"

// Decrypted is why a text is not what the setting will be, where another program
// decrypts it; nil for any other text.
func Decrypted(text string) *Error {
	if strings.Contains(text, "ENC[AES256_GCM") || strings.HasPrefix(text, "$ANSIBLE_VAULT;") {
		return Reason(Encrypted, "the value is encrypted: change it with the program that encrypted it")
	}
	return nil
}

// Foreign is as Decrypted, and of what a template replaces.
func Foreign(text string) *Error {
	if strings.Contains(text, "{{") {
		return Reason(Templated, "the value is an expression of a template, {{…}}")
	}
	return Decrypted(text)
}

// Representable refuses to write what no format takes as it is: a text that Find
// would then refuse to read.
func Representable(text string) error {
	if Decrypted(text) != nil {
		return Reason(Unrepresent, "the value looks like one that sops or Ansible has encrypted, which another program would decrypt")
	}
	return nil
}

// Signed refuses a file for the signature of sops at an offset: no value of it can
// be changed without sops.
func Signed(body []byte, offset int) *Error {
	return Refuse(Encrypted, body, offset, "the file is encrypted with sops, which signs all of it: change it with sops")
}
