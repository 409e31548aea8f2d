package tomldoc

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/BurntSushi/toml"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Facts implements syntax.Witness with BurntSushi/toml, which panics on what it
// holds for a defect of its own.
func (grammar) Facts(body []byte) (facts []syntax.Fact, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the second parser gave up")
		}
	}()
	var all any
	if _, err := toml.Decode(string(body), &all); err != nil {
		return nil, placed(err, body)
	}
	return flatten(nil, "", all), nil
}

// placed is an error with the place that the second parser gives it.
func placed(err error, body []byte) error {
	var mistake toml.ParseError
	if !errors.As(err, &mistake) || mistake.Position.Line < 1 {
		return err
	}
	return syntax.Refuse(syntax.ParserDiffer, body, min(mistake.Position.Start, len(body)), "not valid to the second parser")
}

// flatten appends the facts of a value. No string begins with the byte that
// marks the others.
func flatten(facts []syntax.Fact, at string, value any) []syntax.Fact {
	switch v := value.(type) {
	case string:
		return append(facts, syntax.Fact{Path: at, Text: v})
	case map[string]any:
		facts = append(facts, syntax.Fact{Path: at, Text: "\xfftable"})
		for name, value := range v {
			facts = flatten(facts, join(at, name), value)
		}
	case []map[string]any:
		facts = append(facts, syntax.Fact{Path: at, Text: "\xfftables"})
		for i, value := range v {
			facts = flatten(facts, join(at, strconv.Itoa(i)), value)
		}
	case []any:
		facts = append(facts, syntax.Fact{Path: at, Text: "\xffarray"})
		for i, value := range v {
			facts = flatten(facts, join(at, strconv.Itoa(i)), value)
		}
	default:
		facts = append(facts, syntax.Fact{Path: at, Text: fmt.Sprintf("\xff%T %v", v, v)})
	}
	return facts
}
