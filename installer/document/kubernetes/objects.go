package kubernetes

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/yamldoc"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// node is the value of a key, which the other field must not hold.
func (f file) node(a address) (*yamltree.Node, error) {
	field, err := f.field(a)
	if err != nil {
		return nil, err
	}
	n, err := f.yaml.Member(field, a.key)
	if err == nil && n == nil {
		err = f.yaml.Refuse(syntax.NotFound, field, "no "+a.key+" in "+a.field)
	}
	return n, err
}

// field is data or stringData of the one Secret that an address is about.
func (f file) field(a address) (*yamltree.Node, error) {
	secret, err := f.secret(a)
	if err != nil {
		return nil, err
	}
	if err := f.changeable(secret, a); err != nil {
		return nil, err
	}
	field, err := f.yaml.Member(secret, a.field)
	if err == nil && field == nil {
		err = f.yaml.Refuse(syntax.NotFound, secret, "the Secret has no "+a.field)
	}
	return field, err
}

// secret is the one that an address names, or the only one that has the key, or
// the only one.
func (f file) secret(a address) (*yamltree.Node, error) {
	all, err := f.secrets()
	if err != nil {
		return nil, err
	}
	var named, having []*yamltree.Node
	for _, s := range all {
		if !a.names(s) {
			continue
		}
		named = append(named, s)
		if field := yamldoc.Lookup(s, a.field); field != nil && yamldoc.Lookup(field, a.key) != nil {
			having = append(having, s)
		}
	}
	if len(having) == 0 {
		having = named
	}
	switch {
	case len(having) == 1:
		return having[0], nil
	case len(having) == 0 && a.name != "":
		return nil, &syntax.Error{Kind: syntax.NotFound, Reason: "no Secret named " + a.object()}
	case len(having) == 0:
		return nil, &syntax.Error{Kind: syntax.NotFound, Reason: "no Secret in the manifest"}
	}
	return nil, f.yaml.Refuse(syntax.Ambiguous, having[1], fmt.Sprintf("%d Secrets are meant: name one of them, as in %s:/%s/%s", len(having), titleOf(having[0]), a.field, a.key))
}

func (a address) object() string {
	if a.namespace != "" {
		return a.namespace + "/" + a.name
	}
	return a.name
}

// names reports whether an address can be about a Secret.
func (a address) names(secret *yamltree.Node) bool {
	name, namespace := identity(secret)
	return (a.name == "" || a.name == name) && (a.namespace == "" || a.namespace == namespace)
}

func identity(object *yamltree.Node) (name, namespace string) {
	if metadata := yamldoc.Lookup(object, "metadata"); metadata != nil {
		return text(metadata, "name"), text(metadata, "namespace")
	}
	return "", ""
}

func titleOf(object *yamltree.Node) string {
	name, namespace := identity(object)
	return address{name: name, namespace: namespace}.object()
}

func text(n *yamltree.Node, key string) string {
	if v := yamldoc.Lookup(n, key); v != nil {
		return v.Value
	}
	return ""
}

// secrets are all Secrets of the documents and of the Lists among them.
func (f file) secrets() ([]*yamltree.Node, error) {
	var all []*yamltree.Node
	for _, top := range f.yaml.Tops() {
		if err := f.yaml.Foreign(top); err != nil {
			return nil, err
		}
		objects := []*yamltree.Node{top}
		if items := yamldoc.Lookup(top, "items"); items != nil && strings.HasSuffix(text(top, "kind"), "List") {
			objects = items.Content
		}
		for _, o := range objects {
			if text(o, "kind") == "Secret" {
				all = append(all, o)
			}
		}
	}
	return all, nil
}

// changeable refuses a Secret whose value cannot be changed by changing it here.
func (f file) changeable(secret *yamltree.Node, a address) error {
	if n := yamldoc.Lookup(secret, "immutable"); n != nil && n.Value == "true" {
		return f.yaml.Refuse(syntax.Unsupported, n, "the Secret is immutable: the cluster takes no other value for it, make a new one")
	}
	other := map[string]string{data: stringData, stringData: data}[a.field]
	if field := yamldoc.Lookup(secret, other); field != nil {
		if n := yamldoc.Lookup(field, a.key); n != nil {
			return f.yaml.Refuse(syntax.Ambiguous, n, a.key+" is in "+other+", and the cluster takes what stringData holds: leave it in one of them")
		}
	}
	return f.notCopied(secret, a)
}

// notCopied refuses a value that the annotation of kubectl apply would keep.
func (f file) notCopied(secret *yamltree.Node, a address) error {
	metadata := yamldoc.Lookup(secret, "metadata")
	field := yamldoc.Lookup(secret, a.field)
	if metadata == nil || field == nil {
		return nil
	}
	value := text(field, a.key)
	annotations := yamldoc.Lookup(metadata, "annotations")
	if value == "" || annotations == nil {
		return nil
	}
	copied := yamldoc.Lookup(annotations, "kubectl.kubernetes.io/last-applied-configuration")
	if copied == nil {
		return nil
	}
	for _, form := range []string{value, base64.StdEncoding.EncodeToString([]byte(value))} {
		if strings.Contains(copied.Value, form) {
			return f.yaml.Refuse(syntax.Unsupported, copied, "this annotation holds a copy of the value and would keep it: remove the annotation, kubectl apply makes it anew")
		}
	}
	return nil
}
