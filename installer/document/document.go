package document

import (
	"path"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/inifile"
	"github.com/empowersuite/backend-installer/installer/document/jsonc"
	"github.com/empowersuite/backend-installer/installer/document/properties"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/tomldoc"
	"github.com/empowersuite/backend-installer/installer/document/xmldoc"
	"github.com/empowersuite/backend-installer/installer/document/yamldoc"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// MaxBytes is what a caller should read of a file at most.
const MaxBytes = 256 << 20

// Format is a dialect of configuration file.
type Format string

// The formats.
const (
	JSONC      Format = "jsonc" // JSON as .NET reads it: BOM, comments, trailing commas, names in any case
	JSON       Format = "json"  // RFC 8259
	YAML       Format = "yaml"
	XML        Format = "xml"
	TOML       Format = "toml"
	INI        Format = "ini"
	Properties Format = "properties" // of Java
	Raw        Format = "raw"        // the whole content is the value
)

// Formats are all of them, in the order of the documentation.
func Formats() []Format {
	return []Format{JSONC, JSON, YAML, XML, TOML, INI, Properties, Raw}
}

// FormatOf tells the format by a file's name. It is a guess for a person who may
// correct it: the formats json, kubernetes, systemd-env and raw have no names of
// their own.
func FormatOf(name string) (Format, bool) {
	base := strings.ToLower(path.Base(name))
	for format, extensions := range map[Format][]string{
		JSONC: {".json", ".jsonc"}, YAML: {".yaml", ".yml"}, XML: {".xml", ".config"}, TOML: {".toml"}, INI: {".ini"}, Properties: {".properties"},
	} {
		if slices.Contains(extensions, path.Ext(base)) {
			return format, true
		}
	}
	return "", false
}

// Slot is a place in a file. What At means is the format's: see the package
// documentation.
type Slot struct {
	At           string
	FinalNewline bool // Raw only: the file ends in a newline that is not part of the value
}

// Match is a value that was found.
type Match struct {
	Value  secret.Value
	Line   int
	Column int
}

// Change is a value to put in a slot.
type Change struct {
	Slot  Slot
	Value secret.Value
}

// CheckAt refuses what is no address of a format, whatever the file.
func CheckAt(f Format, at string) error {
	smallest := map[Format]string{JSONC: "{}", JSON: "{}", XML: "<a/>"}
	file, err := open([]byte(smallest[f]), f, false)
	if err != nil {
		return err
	}
	if _, err := file.Find(at); syntax.Is(err, syntax.BadPointer) {
		return err
	}
	return nil
}

func open(src []byte, f Format, finalNewline bool) (syntax.File, error) {
	switch f {
	case JSONC:
		return jsonc.Open(src)
	case JSON:
		return jsonc.OpenStrict(src)
	case YAML:
		return yamldoc.Open(src)
	case XML:
		return xmldoc.Open(src)
	case TOML:
		return tomldoc.Open(src)
	case INI:
		return inifile.Open(src)
	case Properties:
		return properties.Open(src)
	case Raw:
		return openRaw(src, finalNewline)
	}
	return nil, unknown(f)
}

func unknown(f Format) error {
	return &syntax.Error{Kind: syntax.Unsupported, Reason: "\"" + string(f) + "\" is not a format"}
}
