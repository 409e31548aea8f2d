package document

import (
	"bytes"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// rawFile is a file whose whole content is the value.
type rawFile struct {
	t            syntax.Text
	finalNewline bool
}

func openRaw(src []byte, finalNewline bool) (syntax.File, error) {
	if err := syntax.Unmarked(src, "whether it is part of the value cannot be known"); err != nil {
		return nil, err
	}
	return rawFile{syntax.Text{Body: src}, finalNewline}, syntax.CheckUTF8(src)
}

func (r rawFile) Text() syntax.Text { return r.t }

func (r rawFile) Find(at string) (syntax.Value, error) {
	if at != "" {
		return syntax.Value{}, &syntax.Error{Kind: syntax.BadPointer, Reason: "a raw file is one value: it has no place " + at}
	}
	end := len(r.t.Body)
	if r.finalNewline {
		end -= len(finalNewline(r.t.Body))
	}
	v := syntax.Value{End: end, Text: string(r.t.Body[:end])}
	if e := syntax.Decrypted(v.Text); e != nil {
		return v, e.At(r.t.Body, 0)
	}
	return v, nil
}

// Replace adds the final newline that the description wants and the file lacks.
func (r rawFile) Replace(v syntax.Value, text string) (syntax.Edit, error) {
	written := text
	switch {
	case strings.Contains(text, "\x00"):
		return syntax.Edit{}, &syntax.Error{Kind: syntax.Unrepresent, Reason: "a raw file cannot hold a NUL"}
	case strings.HasPrefix(text, "\ufeff"):
		return syntax.Edit{}, &syntax.Error{Kind: syntax.Unrepresent, Reason: "a raw file cannot start with a byte order mark"}
	case r.finalNewline && v.End == len(r.t.Body):
		written += "\n"
	}
	return syntax.Replacement(v, written, text), syntax.Representable(text)
}

func (r rawFile) Add(string, string) (syntax.Edit, error) {
	return syntax.Edit{}, &syntax.Error{Kind: syntax.Present, Reason: "a raw file is one value: there is nothing to add to it"}
}

func (r rawFile) Verify(after []byte, edits []syntax.Edit) error {
	again, err := openRaw(after, r.finalNewline)
	if err != nil {
		return syntax.Broken("it is not a text any more")
	}
	// A value that ends in CR merges with the final newline.
	if v, err := again.Find(""); err != nil || v.Text != edits[0].Text {
		return &syntax.Error{Kind: syntax.Unrepresent, Reason: "a raw file cannot hold the value so that it reads back"}
	}
	return nil
}

func finalNewline(body []byte) string {
	switch {
	case bytes.HasSuffix(body, []byte("\r\n")):
		return "\r\n"
	case bytes.HasSuffix(body, []byte("\n")):
		return "\n"
	default:
		return ""
	}
}
