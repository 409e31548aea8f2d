package syntax_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// lines is a grammar of key=value lines; what the second parser makes of them
// can be made wrong.
type lines struct {
	second func(facts []syntax.Fact) ([]syntax.Fact, error)
	encode func(text string) string
}

func (l lines) open(src []byte) (syntax.File, error) {
	text, err := syntax.Decode(src)
	if err != nil {
		return nil, err
	}
	return syntax.Open(text, l)
}

func (lines) Address(at string) (string, error) {
	if at == "" {
		return "", &syntax.Error{Kind: syntax.BadPointer, Reason: "no key"}
	}
	return at, nil
}

func (lines) Values(body []byte) ([]syntax.Value, error) {
	var all []syntax.Value
	offset := 0
	for line := range bytes.SplitSeq(body, []byte("\n")) {
		key, value, ok := bytes.Cut(line, []byte("="))
		switch {
		case ok:
			start := offset + len(key) + 1
			v := syntax.Value{Path: string(key), Start: start, End: start + len(value), Text: string(value)}
			if v.Text == "locked" {
				v.Refusal = &syntax.Error{Kind: syntax.NotString, Reason: "locked"}
			}
			all = append(all, v)
		case len(line) > 0:
			return nil, syntax.Refuse(syntax.Syntax, body, offset, "no value")
		}
		offset += len(line) + 1
	}
	return all, nil
}

func (l lines) Encode(_ []byte, _ syntax.Value, text string) (string, error) {
	if l.encode != nil {
		return l.encode(text), nil
	}
	if strings.ContainsAny(text, "\n\x00") || text == "locked" {
		return "", &syntax.Error{Kind: syntax.Unrepresent, Reason: "no"}
	}
	return text, nil
}

func (l lines) Insert(body []byte, path, text string) ([]syntax.Splice, error) {
	written, err := l.Encode(body, syntax.Value{}, text)
	if len(body) > 0 && !bytes.HasSuffix(body, []byte("\n")) {
		return []syntax.Splice{{Start: len(body), End: len(body), Text: "\n" + path + "=" + written}}, err
	}
	return []syntax.Splice{{Start: len(body), End: len(body), Text: path + "=" + written + "\n"}}, err
}

func (l lines) Facts(body []byte) ([]syntax.Fact, error) {
	var facts []syntax.Fact
	values, err := l.Values(body)
	for _, v := range values {
		facts = append(facts, syntax.Fact{Path: v.Path, Text: v.Text})
	}
	if l.second != nil {
		return l.second(facts)
	}
	return facts, err
}

func TestAListOfValuesKeepsTheLaws(t *testing.T) {
	samples := []syntaxtest.Sample{
		{Name: "first", At: "a", Text: "a=«old»\nb=x\n", Old: "old"},
		{Name: "last, no newline", At: "b", Text: "a=x\nb=«old»", Old: "old"},
		{Name: "nothing", At: "b", Text: "a=x\nb=«»\nc=y\n", Old: ""},
	}
	syntaxtest.Run(t, lines{}.open, samples, func(_ syntaxtest.Sample, value string) bool { return strings.ContainsAny(value, "\n\x00") })
	syntaxtest.Additions(t, lines{}.open, []syntaxtest.Addition{
		{Name: "at the end", At: "c", Value: "x", Text: "a=1\n", Want: "a=1\nc=x\n"},
		{Name: "behind nothing at the end", At: "c", Value: "x", Text: "a=1\nb=", Want: "a=1\nb=\nc=x"},
	})
	syntaxtest.Mutation(t, lines{}.open, samples, 10)
	refuse := func(at, text string, want syntax.Kind, place string) syntaxtest.Refusal {
		return syntaxtest.Refusal{Name: string(want), At: at, Text: text, Want: want, Place: place}
	}
	syntaxtest.Refusals(t, lines{}.open, []syntaxtest.Refusal{
		refuse("c", "a="+syntaxtest.Entra+"\n", syntax.NotFound, ""),
		refuse("a", "a="+syntaxtest.Entra+"\na=x\n", syntax.Ambiguous, "2:3: "),
		refuse("a", "a=locked\n", syntax.NotString, "1:3: "),
		refuse("a", "a=x\nb\n", syntax.Syntax, "2:1: "),
		refuse("", "a=x\n", syntax.BadPointer, ""),
	})
}

// An encoder that writes more than the value is caught, whatever it writes.
func TestWhatChangesAnythingElseIsRefused(t *testing.T) {
	for name, encode := range map[string]func(text string) string{
		"another value":     func(text string) string { return text + "x" },
		"one value more":    func(text string) string { return text + "\nz=1" },
		"no value":          func(string) string { return "locked" },
		"not readable":      func(text string) string { return text + "\nz" },
		"the key again":     func(text string) string { return text + "\na=" + text },
		"the next one, too": func(text string) string { return text + "\nb=y" },
	} {
		_, err := syntaxtest.Set(lines{encode: encode}.open, []byte("a=old\nb=x\n"), "a", "new")
		if !syntax.Is(err, syntax.Verify) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := syntaxtest.Add(lines{encode: encode}.open, []byte("b=x\n"), "a", "new"); !syntax.Is(err, syntax.Verify) {
			t.Errorf("%s, added: %v", name, err)
		}
	}
}

func TestASecondParserIsHeard(t *testing.T) {
	bad := errors.New("no")
	calls := 0
	for name, c := range map[string]struct {
		second func(facts []syntax.Fact) ([]syntax.Fact, error)
		want   syntax.Kind
	}{
		"does not accept the file": {func([]syntax.Fact) ([]syntax.Fact, error) { return nil, bad }, syntax.ParserDiffer},
		"reads another value":      {func([]syntax.Fact) ([]syntax.Fact, error) { return []syntax.Fact{{Path: "a", Text: "x"}}, nil }, syntax.ParserDiffer},
		"sees another value changed": {func(f []syntax.Fact) ([]syntax.Fact, error) {
			calls++
			return append(f, syntax.Fact{Path: "c", Text: fmt.Sprint(calls)}), nil
		}, syntax.Verify},
		"agrees": {nil, ""},
	} {
		_, err := syntaxtest.Set(lines{second: c.second}.open, []byte("a=old\nb=x\n"), "a", "new")
		if got := syntaxtest.KindOf(err); got != c.want {
			t.Errorf("%s: got %v (%s), want %s", name, err, got, c.want)
		}
	}
}

func TestWhatHoldsAValuePrintsNone(t *testing.T) {
	v := syntax.Value{Path: "a", Text: syntaxtest.Entra}
	e := syntax.Replacement(v, syntaxtest.Entra, syntaxtest.Entra)
	for _, text := range []string{
		fmt.Sprintf("%v %+v %s", v, v, v), fmt.Sprintf("%v %+v", e, e), fmt.Sprintf("%v", e.Splices),
		fmt.Sprintf("%v", []syntax.Fact{{Path: "a", Text: syntaxtest.Entra}}), fmt.Sprintf("%v", struct{ V syntax.Value }{v}),
	} {
		if strings.Contains(text, syntaxtest.Entra) {
			t.Errorf("prints %q", text)
		}
	}
}

func TestAnErrorTellsThePlaceAsFarAsItIsKnown(t *testing.T) {
	for want, e := range map[string]syntax.Error{
		"why":      {Reason: "why"},
		"3: why":   {Line: 3, Reason: "why"},
		"3:4: why": {Line: 3, Column: 4, Reason: "why"},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
