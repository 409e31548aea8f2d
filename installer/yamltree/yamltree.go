// Package yamltree is the one door to yaml.v3: it parses to nodes with
// positions, decodes strictly, and reports mistakes by line and column without
// quoting a value (yaml.v3's own messages quote them).
package yamltree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"gopkg.in/yaml.v3"
)

// Node is yaml.v3's node. Line and Column count from 1, Column in characters;
// both point at the first property (tag or anchor) where there is one.
type Node = yaml.Node

// Kinds and styles of nodes.
const (
	Document = yaml.DocumentNode
	Mapping  = yaml.MappingNode
	Sequence = yaml.SequenceNode
	Scalar   = yaml.ScalarNode
	Alias    = yaml.AliasNode

	DoubleQuoted = yaml.DoubleQuotedStyle
	SingleQuoted = yaml.SingleQuotedStyle
	Literal      = yaml.LiteralStyle
	Folded       = yaml.FoldedStyle
	Tagged       = yaml.TaggedStyle
	Flow         = yaml.FlowStyle
)

// Error is a mistake in a YAML text. It never quotes the text.
type Error struct {
	Line   int // 0 when it is not known
	Column int // 0 when it is not known
	Reason string
}

// Error is "line L, column C: reason", as far as known.
func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.Reason
	case e.Column == 0:
		return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
	default:
		return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Reason)
	}
}

// Parse returns the documents of a YAML stream as nodes of kind Document; an
// empty text has none.
func Parse(data []byte) (docs []*Node, err error) {
	defer func() {
		// yaml.v3 panics on some malformed input; a text is never worth a crash.
		if recover() != nil {
			docs, err = nil, &Error{Reason: "not valid YAML"}
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		node := new(Node)
		err := decoder.Decode(node)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return nil, stopped(data, err)
		}
		docs = append(docs, node)
	}
}

// Root parses a text of exactly one document and returns its top value.
func Root(data []byte) (*Node, error) {
	docs, err := Parse(data)
	if err != nil {
		return nil, err
	}
	if len(docs) == 0 {
		return nil, &Error{Reason: "it is empty"}
	}
	if len(docs) != 1 || len(docs[0].Content) != 1 {
		return nil, &Error{Reason: fmt.Sprintf("%d YAML documents where one is due", len(docs))}
	}
	return docs[0].Content[0], nil
}

// Encode writes a value with an indentation of two.
func Encode(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("encode YAML: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("encode YAML: %w", err)
	}
	return out.Bytes(), nil
}

// redact keeps the line of a yaml.v3 message and drops its words: they may
// quote a value.
func redact(err error) *Error {
	place := regexp.MustCompile(`line (\d+):`).FindStringSubmatch(err.Error())
	if place == nil {
		return &Error{Reason: "not valid YAML"}
	}
	line, _ := strconv.Atoi(place[1]) // the expression admits only digits
	return &Error{Line: line, Reason: "not valid YAML"}
}
