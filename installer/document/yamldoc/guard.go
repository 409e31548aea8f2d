package yamldoc

import (
	"bytes"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// Foreign refuses a document whose values another program encrypts or fetches.
func (y *File) Foreign(top *yamltree.Node) error {
	if n := Lookup(top, "sops"); n != nil && Lookup(n, "mac") != nil {
		return syntax.Signed(y.t.Body, y.offset(n))
	}
	kind := Lookup(top, "kind")
	if kind != nil && (kind.Value == "SealedSecret" || kind.Value == "ExternalSecret") {
		return y.refuse(syntax.Encrypted, kind, "the cluster takes the value from elsewhere ("+kind.Value+"): change it there")
	}
	return nil
}

// notEncoded refuses the way into a Kubernetes Secret's data, which is base64,
// and to a value that data and stringData both hold.
func (y *File) notEncoded(n *yamltree.Node, tokens []string) error {
	kind := Lookup(n, "kind")
	if kind == nil || kind.Value != "Secret" || Lookup(n, "apiVersion") == nil || len(tokens) < 2 {
		return nil
	}
	data := Lookup(n, "data")
	switch {
	case data == nil:
		return nil
	case tokens[0] == "data":
		return y.refuse(syntax.Unsupported, data, "data of a Kubernetes Secret is base64: name the format kubernetes")
	case tokens[0] == "stringData" && Lookup(data, tokens[1]) != nil:
		return y.refuse(syntax.Ambiguous, data, "the Kubernetes Secret holds the key in data, too")
	default:
		return nil
	}
}

// Lookup is the first value of a key, nil where there is none.
func Lookup(n *yamltree.Node, name string) *yamltree.Node {
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
func (y *File) editable(n *yamltree.Node, at string) error {
	if err := y.passable(n); err != nil {
		return err
	}
	switch {
	case n.Kind != yamltree.Scalar:
		return y.refuse(syntax.NotString, n, at+" is no string")
	case n.Style&yamltree.Tagged != 0 && n.ShortTag() != "!!str":
		return y.refuse(syntax.Tagged, n, at+" has a tag that gives the value a meaning of its own")
	case isEmpty(n):
		return y.emptyEditable(n, at)
	case y.hasBareTag(y.offset(n)):
		return y.refuse(syntax.Tagged, n, at+" has the tag !, with which readers differ on what is a string")
	case n.ShortTag() != "!!str":
		return y.refuse(syntax.NotString, n, at+" is no string: YAML reads it as "+strings.TrimPrefix(n.ShortTag(), "!!"))
	case strings.Contains(n.Value, "{{"):
		return y.refuse(syntax.Templated, n, at+" is an expression of a template: change what the template is given")
	}
	if e := syntax.Decrypted(n.Value); e != nil {
		return e.At(y.t.Body, y.offset(n))
	}
	return nil
}

// hasBareTag reports a tag of the node that starts here which yaml.v3 does not
// show. PyYAML and libyaml resolve ! "yes" as if it were plain.
func (y *File) hasBareTag(i int) bool {
	for _, property := range bytes.Fields(y.t.Body[i:skipProperties(y.t.Body, i)]) {
		if tag := string(property); tag == "!" || tag == "!<!>" {
			return true
		}
	}
	return false
}

func (y *File) emptyEditable(n *yamltree.Node, at string) error {
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
