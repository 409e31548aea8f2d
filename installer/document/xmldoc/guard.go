package xmldoc

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// guard is why nothing in an element can be changed: what .NET reads there comes
// from elsewhere, or is encrypted. Its zero value guards nothing.
type guard struct {
	kind   syntax.Kind
	at     int
	reason string
}

func (g guard) refusal(body []byte) error {
	if g.kind == "" {
		return nil
	}
	return syntax.Refuse(g.kind, body, g.at, g.reason)
}

func guarded(name string, open event, tag []property) guard {
	if local := name[strings.LastIndexByte(name, ':')+1:]; local == "EncryptedData" {
		return guard{syntax.Encrypted, open.all.start, "this element is encrypted: decrypt the section first (aspnet_regiis -pd)"}
	}
	for _, p := range tag {
		at := p.event.all.start
		switch {
		case p.name == "configProtectionProvider":
			return guard{syntax.Encrypted, at, "the section is encrypted (configProtectionProvider): decrypt it first (aspnet_regiis -pd)"}
		case p.name == "configSource":
			return guard{syntax.Shared, at, "the section stands in the file that its attribute configSource names: edit that one"}
		case p.name == "file" && name == "appSettings":
			return guard{syntax.Shared, at, "values of the file that the attribute file names come before those that stand here: edit that one"}
		case p.name == "configBuilders":
			return guard{syntax.Shared, at, "values of the section come from elsewhere (configBuilders)"}
		}
	}
	return guard{}
}

// namespaces refuses attributes that declare what names mean.
func namespaces(attribute string, body []byte, at int) *syntax.Error {
	if attribute == "xmlns" || strings.HasPrefix(attribute, "xmlns:") {
		return syntax.Refuse(syntax.Unsupported, body, at, "xmlns declares what the names of elements mean: it is no value")
	}
	return nil
}
