package yamltree

import (
	"encoding"
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

// strict walks node and type together and names keys the type does not have,
// keys that are there twice, and values of a wrong type.
func strict(node *Node, t reflect.Type) []error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if node.Kind == Alias {
		node = node.Alias
	}
	pointer := reflect.PointerTo(t)
	if pointer.Implements(reflect.TypeFor[yaml.Unmarshaler]()) || pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return nil // it reads itself
	}
	if node.ShortTag() == "!!null" {
		return nil
	}
	switch t.Kind() { //nolint:exhaustive // every other kind is left to yaml.v3
	case reflect.Struct, reflect.Map:
		return strictMap(node, t)
	case reflect.Slice:
		return strictSlice(node, t)
	case reflect.String:
		return strictScalar(node, "one value is wanted", "")
	case reflect.Int, reflect.Int64:
		return strictScalar(node, "a whole number is wanted", "!!int")
	case reflect.Bool:
		return strictScalar(node, "true or false is wanted", "!!bool")
	}
	return nil
}

// strictScalar wants a scalar, of a tag where one is given.
func strictScalar(node *Node, wanted, tag string) []error {
	if node.Kind != Scalar || tag != "" && node.ShortTag() != tag {
		return []error{at(node, wanted)}
	}
	return nil
}

func strictSlice(node *Node, t reflect.Type) []error {
	if node.Kind != Sequence {
		return []error{at(node, "a list is wanted")}
	}
	var all []error
	for _, item := range node.Content {
		all = append(all, strict(item, t.Elem())...)
	}
	return all
}

func strictMap(node *Node, t reflect.Type) []error {
	switch {
	case node.Kind != Mapping:
		return []error{at(node, "key: value is wanted")}
	case t.Kind() == reflect.Struct:
		return strictMapping(node, fields(t), nil)
	}
	return strictMapping(node, nil, t.Elem())
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
