package yamldoc

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// foreign refuses documents whose values another program encrypts or fetches.
func (y *file) foreign(top *yamltree.Node) error {
	if n := lookup(top, "sops"); n != nil && lookup(n, "mac") != nil {
		return y.refuse(syntax.Encrypted, n, "the file is encrypted with sops: change it with sops")
	}
	kind := lookup(top, "kind")
	if kind != nil && (kind.Value == "SealedSecret" || kind.Value == "ExternalSecret") {
		return y.refuse(syntax.Encrypted, kind, "the cluster takes the value from elsewhere ("+kind.Value+"): change it there")
	}
	return nil
}

// notEncoded refuses the way into a Kubernetes Secret's data, which is base64,
// and to a value that data and stringData both hold.
func (y *file) notEncoded(n *yamltree.Node, tokens []string) error {
	kind := lookup(n, "kind")
	if kind == nil || kind.Value != "Secret" || lookup(n, "apiVersion") == nil || len(tokens) < 2 {
		return nil
	}
	data := lookup(n, "data")
	switch {
	case data == nil:
		return nil
	case tokens[0] == "data":
		return y.refuse(syntax.Unsupported, data, "data of a Kubernetes Secret is base64: use stringData")
	case tokens[0] == "stringData" && lookup(data, tokens[1]) != nil:
		return y.refuse(syntax.Ambiguous, data, "the Kubernetes Secret holds the key in data, too")
	default:
		return nil
	}
}

// lookup is the first value of a key.
func lookup(n *yamltree.Node, name string) *yamltree.Node {
	if n.Kind != yamltree.Mapping {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// editable refuses what is no string of its own.
func (y *file) editable(n *yamltree.Node, at string) error {
	if err := y.passable(n); err != nil {
		return err
	}
	if at == "" {
		at = "the file"
	}
	switch {
	case n.Kind != yamltree.Scalar:
		return y.refuse(syntax.NotString, n, at+" is no string")
	case n.Style&yamltree.Tagged != 0 && n.ShortTag() != "!!str":
		return y.refuse(syntax.Tagged, n, at+" has a tag that gives the value a meaning of its own")
	case isEmpty(n):
		return y.emptyEditable(n, at)
	case n.ShortTag() != "!!str":
		return y.refuse(syntax.NotString, n, at+" is no string: YAML reads it as "+strings.TrimPrefix(n.ShortTag(), "!!"))
	case strings.Contains(n.Value, "{{"):
		return y.refuse(syntax.Templated, n, at+" is an expression of a template: change what the template is given")
	}
	if e := syntax.RefuseEncrypted(y.t.Body, y.offset(n), n.Value); e != nil {
		return e
	}
	return nil
}

func (y *file) emptyEditable(n *yamltree.Node, at string) error {
	i := y.offset(n)
	if n.Anchor != "" || n.Style&yamltree.Tagged != 0 || i == 0 || !strings.ContainsRune(":-", rune(y.t.Body[i-1])) {
		return y.refuse(syntax.Unsupported, n, at+" is empty in a way that leaves no sure place for a value")
	}
	return nil
}

// isEmpty reports whether nothing is written where a value is due.
func isEmpty(n *yamltree.Node) bool {
	return n.Kind == yamltree.Scalar && n.Value == "" &&
		n.Style&(yamltree.DoubleQuoted|yamltree.SingleQuoted|yamltree.Literal|yamltree.Folded) == 0
}
