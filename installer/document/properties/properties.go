package properties

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Open reads a file.
func Open(src []byte) (syntax.File, error) {
	if err := syntax.Unmarked(src, "Java takes it for a part of the first key"); err != nil {
		return nil, err
	}
	if i := bytes.IndexByte(src, 0); i >= 0 {
		return nil, syntax.Refuse(syntax.Encoding, src, i, "a NUL: binary, or UTF-16, which Java does not read")
	}
	t := syntax.Text{Body: src}
	f, err := syntax.Open(t, grammar{charset{latin: !utf8.Valid(src)}})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// grammar is what Listed needs to know of the format.
type grammar struct{ charset charset }

// Address implements syntax.Grammar: a key is its own address.
func (grammar) Address(at string) (string, error) {
	if at == "" || !utf8.ValidString(at) {
		return "", &syntax.Error{Kind: syntax.BadPointer, Reason: "not a key like spring.datasource.password"}
	}
	return at, nil
}

// Values implements syntax.Grammar.
func (g grammar) Values(body []byte) ([]syntax.Value, error) {
	var all []syntax.Value
	s := scanner{body: body}
	for {
		l, ok, err := s.next()
		if !ok || err != nil {
			return all, err
		}
		all = append(all, g.value(body, l))
	}
}

func (g grammar) value(body []byte, l line) syntax.Value {
	v := syntax.Value{Start: l.valueStart, End: l.end, Style: l.style}
	path, whole := g.charset.meaning(body[l.start:l.keyEnd])
	if !whole {
		path = string(body[l.start:l.keyEnd])
	}
	v.Path = path
	text, whole := g.charset.meaning(body[l.valueStart:l.end])
	v.Text = text
	switch {
	case l.split:
		v.Refusal = &syntax.Error{Kind: syntax.Unsupported, Reason: "the line of its key goes on on this one before the value begins: readers differ on it"}
	case !whole:
		v.Refusal = &syntax.Error{Kind: syntax.Encoding, Reason: "the value holds half of a surrogate pair, which is no text"}
	default:
		v.Refusal = syntax.Decrypted(text)
		if kind, reason := meant(text); kind != "" {
			v.Refusal = &syntax.Error{Kind: kind, Reason: "the value is " + reason}
		}
	}
	return v
}

// meant is why readers would not take a text as it is, "" where they would.
func meant(text string) (syntax.Kind, string) {
	trimmed := strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(trimmed, "ENC(") && strings.HasSuffix(trimmed, ")"):
		return syntax.Encrypted, "encrypted by Jasypt, ENC(…)"
	case strings.HasPrefix(trimmed, "{cipher}"):
		return syntax.Encrypted, "encrypted by Spring Cloud, {cipher}…"
	case strings.Contains(text, "${"):
		return syntax.Templated, "a placeholder of Spring, ${…}"
	case strings.Contains(text, "#{"):
		return syntax.Templated, "an expression of Spring, #{…}"
	default:
		return "", ""
	}
}

// Encode implements syntax.Grammar.
func (g grammar) Encode(_ []byte, v syntax.Value, text string) (string, error) {
	if err := representable(text); err != nil {
		return "", err
	}
	written := writeValue(text, v.Style != blank)
	if v.Style == nothing && text != "" {
		written = "=" + written
	}
	return written, nil
}

func representable(text string) error {
	if !utf8.ValidString(text) {
		return &syntax.Error{Kind: syntax.Unrepresent, Reason: "the value is no valid text"}
	}
	if kind, reason := meant(text); kind != "" {
		return &syntax.Error{Kind: syntax.Unrepresent, Reason: "Java would not take the value as it is: to its readers it is " + reason}
	}
	return nil
}
