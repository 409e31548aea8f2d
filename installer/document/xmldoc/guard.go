package xmldoc

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// guarded is why nothing in an element can be changed, nil where it can: what
// .NET reads there comes from elsewhere, or is encrypted.
func guarded(body []byte, open event, tag []property) *syntax.Error {
	name := string(open.name.of(body))
	if local := name[strings.LastIndexByte(name, ':')+1:]; local == "EncryptedData" {
		return syntax.Refuse(syntax.Encrypted, body, open.all.start, "this element is encrypted: decrypt the section first (aspnet_regiis -pd)")
	}
	for _, p := range tag {
		at := p.event.all.start
		switch {
		case p.name == "configProtectionProvider":
			return syntax.Refuse(syntax.Encrypted, body, at, "the section is encrypted (configProtectionProvider): decrypt it first (aspnet_regiis -pd)")
		case p.name == "configSource":
			return syntax.Refuse(syntax.Shared, body, at, "the section stands in the file that its attribute configSource names: edit that one")
		case p.name == "file" && name == "appSettings":
			return syntax.Refuse(syntax.Shared, body, at, "values of the file that the attribute file names come before those that stand here: edit that one")
		case p.name == "configBuilders":
			return syntax.Refuse(syntax.Shared, body, at, "values of the section come from elsewhere (configBuilders)")
		}
	}
	return nil
}

// namespaces refuses attributes that declare what names mean.
func namespaces(attribute string, body []byte, at int) *syntax.Error {
	if attribute == "xmlns" || strings.HasPrefix(attribute, "xmlns:") {
		return syntax.Refuse(syntax.Unsupported, body, at, "xmlns declares what the names of elements mean: it is no value")
	}
	return nil
}
