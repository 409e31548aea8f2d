package yamldoc

import (
	"bytes"
	"errors"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// maxTags is how many %TAG directives are read: the parsers compare each with
// each.
const maxTags = 100

// checkYAML refuses what YAML 1.1, YAML 1.2 and editors read in different ways.
func checkYAML(body []byte) error {
	for _, bad := range []struct {
		text, reason string
		kind         syntax.Kind
	}{
		{syntax.MarkUTF8, "a byte order mark within the file", syntax.Encoding},
		{"\u0085", "a line end of YAML 1.1 (NEL): readers differ on where the line ends", syntax.ParserDiffer},
		{"\u2028", "a line separator: readers differ on where the line ends", syntax.ParserDiffer},
		{"\u2029", "a paragraph separator: readers differ on where the line ends", syntax.ParserDiffer},
		{"ENC[AES256_GCM", "the file holds encrypted values: change it with the program that encrypted it", syntax.Encrypted},
	} {
		if i := bytes.Index(body, []byte(bad.text)); i >= 0 {
			return syntax.Refuse(bad.kind, body, i, bad.reason)
		}
	}
	if bytes.Count(body, []byte("\n%TAG")) > maxTags {
		return syntax.Refuse(syntax.Unsupported, body, bytes.LastIndex(body, []byte("\n%TAG"))+1, "more %TAG directives than are read")
	}
	for i := bytes.IndexByte(body, '\r'); i >= 0; {
		if i+1 >= len(body) || body[i+1] != '\n' {
			return syntax.Refuse(syntax.ParserDiffer, body, i, "a carriage return that ends no line: readers differ on it")
		}
		next := bytes.IndexByte(body[i+1:], '\r')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return nil
}

func parseYAML(t syntax.Text) (*File, error) {
	docs, err := yamltree.Parse(asVersion11(t.Body))
	if err != nil {
		return nil, notRead(t.Body, err)
	}
	y := &File{t: t, docs: docs, aliased: map[*yamltree.Node]bool{}, lines: []int{0}}
	for i, c := range t.Body {
		if c == '\n' {
			y.lines = append(y.lines, i+1)
		}
	}
	todo := make([]*yamltree.Node, 0, len(docs))
	for i := len(docs) - 1; i >= 0; i-- {
		todo = append(todo, docs[i])
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		y.nodes = append(y.nodes, n)
		if n.Kind == yamltree.Alias {
			y.aliased[n.Alias] = true
		}
		for i := len(n.Content) - 1; i >= 0; i-- {
			todo = append(todo, n.Content[i])
		}
	}
	return y, nil
}

// notRead tells what the second parser reads from what is no YAML.
func notRead(body []byte, err error) error {
	if at, deep := tooDeep(body); deep {
		return syntax.Refuse(syntax.Unsupported, body, at, "nested deeper than is read")
	}
	e := &syntax.Error{Kind: syntax.Syntax, Reason: "not valid YAML"}
	var first *yamltree.Error
	if errors.As(err, &first) {
		e.Line, e.Column, e.Reason = first.Line, first.Column, first.Reason
	}
	// The second parser also tells the column, and not the line before.
	if _, err := secondFacts(body, 0); err != nil {
		var second *syntax.Error
		if errors.As(err, &second) && second.Line > 0 {
			e.Line, e.Column = second.Line, second.Column
		}
		return e
	}
	e.Kind, e.Reason = syntax.Unsupported, "YAML 1.2 allows this, and not every reader takes it: write it in a simpler way"
	if i := bytes.Index(body, []byte(`\/`)); i >= 0 {
		if e.Line == 0 {
			e.Line, _ = syntax.Place(body, i)
		}
		e.Reason = `YAML 1.2 allows the escape \/, and this program's parser does not read it: write / instead`
	}
	return e
}

// tooDeep reports whether, and where, what cannot be read has more brackets within
// each other, or indicators at the start of a line, than the parsers go deep.
func tooDeep(body []byte) (at int, deep bool) {
	depth := 0
	for i := 0; i < len(body); {
		line, next, _ := cutLine(body, i)
		if len(line)-len(bytes.TrimLeft(line, "-? \t")) > 2*syntax.MaxDepth {
			return i + 2*syntax.MaxDepth, true
		}
		for j, c := range line {
			switch c {
			case '[', '{':
				depth++
			case ']', '}':
				depth--
			}
			if depth > syntax.MaxDepth {
				return i + j, true
			}
		}
		i = next
	}
	return 0, false
}

// asVersion11 is a body whose %YAML directives the parsers take. What YAML 1.2
// resolves otherwise is not a matter of a directive to them.
func asVersion11(body []byte) []byte {
	const newer = "%YAML 1.2"
	if !bytes.Contains(body, []byte(newer)) {
		return body
	}
	body = bytes.Clone(body)
	between := true // documents
	for i := 0; i < len(body); {
		line, next, _ := cutLine(body, i)
		switch text := bytes.TrimLeft(line, " \t"); {
		case between && bytes.HasPrefix(line, []byte(newer)):
			body[i+len(newer)-1] = '1'
		case bytes.HasPrefix(line, []byte("...")) && (len(line) == 3 || isBlank(line[3])):
			between = true
		case len(text) > 0 && text[0] != '#' && line[0] != '%':
			between = false
		}
		i = next
	}
	return body
}
