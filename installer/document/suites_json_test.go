//go:build suites

package document_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// standard is encoding/json, which the product does not use.
func standard() reader {
	return reader{"encoding/json", func(src []byte) ([]leaf, error) { return jsonLeaves(narrow(src)) }}
}

// bare is encoding/json without the comments and trailing commas that commented
// put there.
func bare() reader {
	return reader{"encoding/json", func(src []byte) ([]leaf, error) {
		text := strings.TrimPrefix(string(src), "\ufeff")
		return jsonLeaves([]byte(withoutCommas(withoutComments(text))))
	}}
}

// narrow is UTF-16 with a byte order mark as UTF-8.
func narrow(src []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(src, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(src, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return src
	}
	var units []uint16
	for i := 2; i+1 < len(src); i += 2 {
		units = append(units, order.Uint16(src[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}

func jsonLeaves(src []byte) ([]leaf, error) {
	d := json.NewDecoder(bytes.NewReader(src))
	d.UseNumber()
	out, err := jsonValue(d, nil, nil)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return out, nil
}

// jsonValue reads by tokens, so that a name that is there twice is seen twice.
func jsonValue(d *json.Decoder, path []string, out []leaf) ([]leaf, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	at := syntax.FormatPointer(path)
	switch v := t.(type) {
	case json.Delim:
		return jsonContainer(d, v, path, append(out, leaf{path: at, kind: v.String()}))
	case string:
		return append(out, leaf{path: at, kind: "string", text: v}), nil
	default:
		return append(out, leaf{path: at, kind: fmt.Sprintf("%T", v), text: fmt.Sprint(v)}), nil
	}
}

func jsonContainer(d *json.Decoder, opening json.Delim, path []string, out []leaf) ([]leaf, error) {
	for i := 0; d.More(); i++ {
		name := strconv.Itoa(i)
		if opening == '{' {
			t, err := d.Token()
			if err != nil {
				return nil, err
			}
			name, _ = t.(string)
		}
		var err error
		if out, err = jsonValue(d, append(path[:len(path):len(path)], name), out); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return out, err
}

// comments are put between all tokens. They hold what must not be taken for a
// value.
func comments() []string {
	return []string{
		" /* \"a\": \"decoy\", // */ ",
		" // \"ClientSecret\": \"decoy\", /* }\r\n",
		"/**/\t//\n/* * ü 😀\n \" */",
	}
}

func commented(src, comment string) string {
	pattern := regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+`)
	var out strings.Builder
	out.WriteString(comment)
	last := ""
	for _, token := range pattern.FindAllString(src, -1) {
		closes := token == "}" || token == "]"
		if closes && last != "" && last != "{" && last != "[" {
			out.WriteString("," + comment)
		}
		out.WriteString(token + comment)
		last = token
	}
	return out.String()
}

func withoutComments(src string) string {
	pattern := regexp.MustCompile(`"(?:[^"\\]|\\.)*"|//[^\n]*|/\*(?s:.*?)\*/`)
	return pattern.ReplaceAllStringFunc(src, func(token string) string {
		if token[0] == '"' {
			return token
		}
		return " "
	})
}

func withoutCommas(src string) string {
	pattern := regexp.MustCompile(`"(?:[^"\\]|\\.)*"|,\s*[}\]]`)
	return pattern.ReplaceAllStringFunc(src, func(token string) string {
		if token[0] == '"' {
			return token
		}
		return token[len(token)-1:]
	})
}
