package kubernetes

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// changeable refuses a Secret whose value cannot be changed by changing it here,
// and one of which it is not sure, as with a key that is there twice.
func (f file) changeable(secret *yamltree.Node, a address) error {
	for _, name := range []string{"kind", "apiVersion", "metadata"} {
		if _, err := f.yaml.Member(secret, name); err != nil {
			return err
		}
	}
	if n, err := f.yaml.Member(secret, "immutable"); err != nil || n != nil && !isFalse(text(secret, "immutable")) {
		if err == nil {
			err = f.yaml.Refuse(syntax.Unsupported, n, "the Secret is immutable, and the cluster takes no other value for it: create a new one")
		}
		return err
	}
	other := map[string]string{data: stringData, stringData: data}[a.field]
	field, err := f.yaml.Member(secret, other)
	if err != nil || field == nil {
		return err
	}
	n, err := f.yaml.Member(field, a.key)
	if n != nil {
		return f.yaml.Refuse(syntax.Ambiguous, n, a.key+" is in "+other+", and the cluster takes what stringData holds: leave it in one of them")
	}
	return err
}

// isFalse: kubectl reads YAML 1.1.
func isFalse(text string) bool {
	switch strings.ToLower(text) {
	case "", "~", "null", "false", "no", "off", "n":
		return true
	default:
		return false
	}
}

// notCopied refuses to change a value that the annotation of kubectl apply would
// keep.
func (f file) notCopied(p place, old string) error {
	annotation := lookup(lookup(lookup(p.secret, "metadata"), "annotations"), lastApplied)
	if annotation == nil || old == "" {
		return nil
	}
	for _, copied := range copies(annotation.Value, p.key) {
		if strings.Contains(copied, old) {
			return f.yaml.Refuse(syntax.Unsupported, annotation,
				"this annotation holds a copy of the value and would keep it: remove the annotation, kubectl apply makes it anew")
		}
	}
	return nil
}

// writable refuses a new value that Find would refuse: in base64 or not one that
// another program decrypts, and one of which there is a copy.
func (f file) writable(p place, text string) error {
	if f.notCopied(p, text) != nil {
		return syntax.Reason(syntax.Unrepresent, "the annotation of kubectl apply holds this very value: remove the annotation, or give another value")
	}
	return syntax.Representable(text)
}

// copies are what an annotation says of a key, or all that it says where it is
// not what kubectl writes.
func copies(annotation, key string) []string {
	var applied struct {
		Data       map[string]string `json:"data"`
		StringData map[string]string `json:"stringData"`
	}
	if json.Unmarshal([]byte(annotation), &applied) != nil {
		all := []string{annotation}
		for _, word := range strings.FieldsFunc(annotation, func(r rune) bool { return strings.ContainsRune("\"', \n", r) }) {
			all = append(all, decoded(word))
		}
		return all
	}
	return []string{applied.StringData[key], decoded(applied.Data[key])}
}

// decoded is what base64 stands for, "" where it is none.
func decoded(text string) string {
	all, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return ""
	}
	return string(all)
}
