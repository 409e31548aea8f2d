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
	var a address
	rest := at
	if !strings.HasPrefix(at, "/") {
		var object string
		object, rest, _ = strings.Cut(at, ":")
		a.name = object
		if namespace, name, ok := strings.Cut(object, "/"); ok {
			a.namespace, a.name = namespace, name
		}
		if a.name == "" || strings.Contains(a.name, "/") {
			return a, bad(at)
		}
	}
	rest, inner, nested := strings.Cut(rest, "#")
	a.format, a.inner, _ = strings.Cut(inner, ":")
	if nested && (a.format == "" || !strings.Contains(inner, ":")) {
		return a, bad(at)
	}
	tokens, err := syntax.ParsePointer(rest)
	if err != nil || len(tokens) != 2 || !isField(tokens[0]) || tokens[1] == "" {
		return a, bad(at)
	}
	a.field, a.key = tokens[0], tokens[1]
	return a, nil
}

func isField(name string) bool { return name == data || name == stringData }

func bad(at string) error {
	return &syntax.Error{
		Kind:   syntax.BadPointer,
		Reason: "not a place like /stringData/KEY, NAME:/data/KEY or /data/app.json#jsonc:/AzureAd/ClientSecret: " + strings.ToValidUTF8(at, "�"),
	}
}
