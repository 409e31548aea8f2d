package kubernetes

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/yamldoc"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// object is what a manifest describes.
type object struct {
	*yamltree.Node
	foreign error // why its values are not to be changed here
}

// objects are those of the documents, and of the Lists among them.
func (f file) objects() ([]object, error) {
	var all []object
	for _, top := range f.yaml.Tops() {
		if lookup(top, "items") == nil || !strings.HasSuffix(text(top, "kind"), "List") {
			all = append(all, object{top, f.yaml.Foreign(top)})
			continue
		}
		items, err := f.yaml.Member(top, "items")
		if err != nil {
			return nil, err
		}
		for i := range items.Content {
			item, err := f.yaml.Member(items, strconv.Itoa(i))
			switch {
			case err != nil:
				return nil, err
			case item == nil:
				return nil, f.yaml.Refuse(syntax.Unsupported, items, "the items of the List are no list: kubectl takes none of the file")
			}
			foreign := f.yaml.Foreign(top)
			if foreign == nil {
				foreign = f.yaml.Foreign(item)
			}
			all = append(all, object{item, foreign})
		}
	}
	return all, nil
}

// secret is the one that an address names, or the only one that has the key, or
// the only one.
func (f file) secret(a address) (*yamltree.Node, error) {
	all, err := f.objects()
	if err != nil {
		return nil, err
	}
	var named, having []object
	err = &syntax.Error{Kind: syntax.NotFound, Reason: "no Secret in the manifest"}
	if a.name != "" {
		err = &syntax.Error{Kind: syntax.NotFound, Reason: "no Secret named " + title(a.name, a.namespace)}
	}
	for _, o := range all {
		switch {
		case !a.names(o.Node):
			continue
		case !isSecret(o.Node):
			if o.foreign != nil {
				err = o.foreign
			}
			continue
		}
		named = append(named, o)
		if lookup(lookup(o.Node, a.field), a.key) != nil {
			having = append(having, o)
		}
	}
	if len(having) == 0 {
		having = named
	}
	switch len(having) {
	case 0:
		return nil, err
	case 1:
		return having[0].Node, having[0].foreign
	}
	return nil, f.yaml.Refuse(syntax.Ambiguous, having[1].Node,
		fmt.Sprintf("%d Secrets are meant: name one of them, as in %s:/%s/%s", len(having), title(identity(having[0].Node)), a.field, a.key))
}

func isSecret(n *yamltree.Node) bool {
	version := text(n, "apiVersion")
	return text(n, "kind") == "Secret" && (version == "v1" || version == "")
}

// names reports whether an address can be about an object.
func (a address) names(n *yamltree.Node) bool {
	name, namespace := identity(n)
	return (a.name == "" || a.name == name) && (a.namespace == "" || a.namespace == namespace)
}

func identity(n *yamltree.Node) (name, namespace string) {
	metadata := lookup(n, "metadata")
	return text(metadata, "name"), text(metadata, "namespace")
}

// lookup is the first value of a key, also one that an alias stands for, nil
// where there is none.
func lookup(n *yamltree.Node, key string) *yamltree.Node {
	if n == nil {
		return nil
	}
	v := yamldoc.Lookup(n, key)
	if v != nil && v.Kind == yamltree.Alias {
		return v.Alias
	}
	return v
}

// text is the text of what lookup finds, "" where there is none.
func text(n *yamltree.Node, key string) string {
	if v := lookup(n, key); v != nil {
		return v.Value
	}
	return ""
}
