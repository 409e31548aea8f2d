package yamltree

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"gopkg.in/yaml.v3"
)

// Decode reads a text of one document into a struct and reports every mistake
// in one go: unknown keys, keys given twice, values of a wrong type. The error
// is an errors.Join of *Error.
func Decode(data []byte, into any) error {
	root, err := Root(data)
	if err != nil {
		return err
	}
	if problems := strict(root, reflect.TypeOf(into)); len(problems) > 0 {
		return errors.Join(problems...)
	}
	if err := root.Decode(into); err != nil {
		return typeErrors(err)
	}
	return nil
}

func typeErrors(err error) error {
	var ours *Error // of a type that reads itself
	if errors.As(err, &ours) {
		return ours
	}
	var te *yaml.TypeError
	if !errors.As(err, &te) {
		return redact(err)
	}
	var all []error
	for _, message := range te.Errors {
		e := redact(errors.New(message))
		e.Reason = "a value of the wrong type"
		if i := strings.LastIndex(message, " into "); i >= 0 {
			e.Reason += ", wanted " + strings.TrimPrefix(message[i+len(" into "):], "*")
		}
		all = append(all, e)
	}
	return errors.Join(all...)
}

// strict walks node and type together and names keys the type does not have
// and keys that are there twice.
func strict(node *Node, t reflect.Type) []error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if node.Kind == Alias {
		node = node.Alias
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[yaml.Unmarshaler]()) {
		return nil
	}
	switch {
	case node.Kind == Mapping && t.Kind() == reflect.Struct:
		return strictMapping(node, fields(t), nil)
	case node.Kind == Mapping && t.Kind() == reflect.Map:
		return strictMapping(node, nil, t.Elem())
	case node.Kind == Sequence && t.Kind() == reflect.Slice:
		var all []error
		for _, item := range node.Content {
			all = append(all, strict(item, t.Elem())...)
		}
		return all
	}
	return nil
}

func strictMapping(node *Node, known map[string]reflect.Type, every reflect.Type) []error {
	var all []error
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		t := every
		if known != nil {
			t = known[key.Value]
		}
		switch {
		case seen[key.Value]:
			all = append(all, at(key, fmt.Sprintf("the key %q is there twice", key.Value)))
		case t == nil:
			all = append(all, at(key, fmt.Sprintf("unknown key %q", key.Value)))
		default:
			all = append(all, strict(value, t)...)
		}
		seen[key.Value] = true
	}
	return all
}

func at(node *Node, reason string) *Error {
	return &Error{Line: node.Line, Column: node.Column, Reason: reason}
}

func fields(t reflect.Type) map[string]reflect.Type {
	known := map[string]reflect.Type{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name != "" && name != "-" {
			known[name] = f.Type
		}
	}
	return known
}
