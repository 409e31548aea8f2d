package backend

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"github.com/tailscale/hujson"
)

// values is a .NET configuration: keys joined with ":", in lower case because
// .NET compares them without regard to case.
type values map[string]string

// parseJSON reads a JSON configuration file as .NET does. The error holds a
// place and no text, which might be a secret.
func parseJSON(data []byte) (values, error) {
	root, err := hujson.Parse(bytes.TrimPrefix(data, []byte("\ufeff")))
	if err != nil {
		place := regexp.MustCompile(`line \d+, column \d+`).FindString(err.Error())
		return nil, fmt.Errorf("not valid JSON at %s", place)
	}
	if _, ok := root.Value.(*hujson.Object); !ok {
		return nil, fmt.Errorf("the top value is not an object")
	}
	v := values{}
	if err := v.add("", root.Value); err != nil {
		return nil, err
	}
	return v, nil
}

func (v values) add(key string, value hujson.ValueTrimmed) error {
	switch value := value.(type) {
	case *hujson.Object:
		for _, member := range value.Members {
			name, _ := member.Name.Value.(hujson.Literal) // the grammar admits nothing else
			if err := v.add(join(key, name.String()), member.Value.Value); err != nil {
				return err
			}
		}
	case *hujson.Array:
		for i, element := range value.Elements {
			if err := v.add(join(key, strconv.Itoa(i)), element.Value); err != nil {
				return err
			}
		}
	case hujson.Literal:
		if _, twice := v[key]; twice {
			return fmt.Errorf("the key %q is there twice", key)
		}
		v[key] = literal(value)
	}
	return nil
}

func literal(l hujson.Literal) string {
	switch l.Kind() {
	case '"':
		return l.String()
	case 'n':
		return ""
	default:
		return string(l)
	}
}

// overlay takes over what environment variables say: A__B=c means a:b.
func (v values) overlay(env []string) {
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		if strings.Contains(name, "__") {
			v[strings.ToLower(strings.ReplaceAll(name, "__", ":"))] = value
		}
	}
}

func (v values) merge(over values) { maps.Copy(v, over) }

// get reads a key in any case.
func (v values) get(key string) string { return v[strings.ToLower(key)] }

func join(key, name string) string {
	name = strings.ToLower(name)
	if key == "" {
		return name
	}
	return key + ":" + name
}
