package kubernetes

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// address is a place in a manifest.
type address struct {
	namespace, name string // "" is any
	field, key      string
	format, inner   string // "" where the place is the key itself
}

// The fields of a Secret.
const (
	data       = "data"
	stringData = "stringData"
)

func parse(at string) (address, error) {
	a, rest, err := parseObject(at)
	if err != nil {
		return a, err
	}
	rest, inner, nested := strings.Cut(rest, "#")
	format, place, ok := strings.Cut(inner, ":")
	if nested && (format == "" || !ok) {
		return a, bad(at, "a format and a colon are wanted behind #")
	}
	a.format, a.inner = format, place
	tokens, err := syntax.ParsePointer(rest)
	if err != nil {
		return a, bad(at, "the key is no part of a JSON Pointer")
	}
	if len(tokens) == 0 || tokens[0] != data && tokens[0] != stringData {
		return a, bad(at, "/data/ or /stringData/ is wanted")
	}
	switch a.field = tokens[0]; {
	case len(tokens) == 1 || tokens[1] == "":
		return a, bad(at, "the key is missing")
	case len(tokens) > 2:
		return a, bad(at, "a key has nothing below it; a file in it is named with #")
	}
	a.key = tokens[1]
	return a, nil
}

// parseObject reads NAME or NAMESPACE/NAME, where one is given, and returns what
// is behind the colon.
func parseObject(at string) (a address, rest string, err error) {
	if strings.HasPrefix(at, "/") {
		return a, at, nil
	}
	object, rest, ok := strings.Cut(at, ":")
	if !ok {
		return a, "", bad(at, "/data/ or /stringData/ is wanted")
	}
	a.name = object
	if namespace, name, ok := strings.Cut(object, "/"); ok {
		a.namespace, a.name = namespace, name
	}
	if a.name == "" || strings.Contains(a.name, "/") {
		return a, "", bad(at, "what is before the colon is no name of a Secret")
	}
	return a, rest, nil
}

// title is how an address names an object.
func title(name, namespace string) string {
	if namespace != "" {
		return namespace + "/" + name
	}
	return name
}

func bad(at, why string) error {
	return &syntax.Error{
		Kind: syntax.BadPointer,
		Reason: "not a place like /stringData/KEY, NAME:/data/KEY or /data/app.json#jsonc:/AzureAd/ClientSecret: " +
			strings.ToValidUTF8(at, "\ufffd") + ": " + why,
	}
}
