package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/tailscale/hujson"
)

func (j jsonFile) verify(after []byte, edits []splice) error {
	if err := sameTokens(j.t.body, after, edits); err != nil {
		return err
	}
	return sameToOthers(j.t.body, after, edits)
}

// sameTokens reads both texts in step. The same tokens in the same order are
// the same document: names, types and order of all values included.
func sameTokens(before, after []byte, edits []splice) error {
	a, b := scanner{src: before}, scanner{src: after}
	moved := 0
	for ordinal := 0; ; ordinal++ {
		old, err := a.next()
		if err != nil {
			return err
		}
		now, err := b.next()
		if err != nil {
			return broken("it is no JSON any more")
		}
		if now.kind != old.kind || now.start != old.start+moved {
			return broken("another value moved or changed its type")
		}
		switch {
		case due(edits, ordinal):
			if value, ok := unquote(after[now.start:now.end]); !ok || value != edits[0].value || old.start != edits[0].start {
				return broken("the value reads differently")
			}
			moved += len(edits[0].text) - (old.end - old.start)
			edits = edits[1:]
		case !bytes.Equal(before[old.start:old.end], after[now.start:now.end]):
			return broken("another value changed")
		}
		if old.kind == tokEnd {
			return reached(edits, "a value was not reached")
		}
	}
}

// due reports whether the next edit is of this token.
func due(edits []splice, ordinal int) bool { return len(edits) > 0 && edits[0].ordinal == ordinal }

// reached is an error where edits are left at the end.
func reached(edits []splice, reason string) error {
	if len(edits) > 0 {
		return broken(reason)
	}
	return nil
}

// sameToOthers asks a parser that shares no code with the scanner: hujson takes
// comments and trailing commas out, encoding/json reads what is left.
func sameToOthers(before, after []byte, edits []splice) error {
	a, err := standard(before)
	if err != nil {
		return &Error{Kind: ParserDiffer, Reason: "a second parser does not accept the file: it cannot be edited safely"}
	}
	b, err := standard(after)
	if err != nil {
		return broken("a second parser does not accept it")
	}
	for ordinal := 0; ; ordinal++ {
		old, oldErr := a.Token()
		now, nowErr := b.Token()
		switch {
		case errors.Is(oldErr, io.EOF) && errors.Is(nowErr, io.EOF):
			return reached(edits, "a second parser did not reach a value")
		case oldErr != nil:
			return &Error{Kind: ParserDiffer, Reason: "a second parser stops within the file: it cannot be edited safely"}
		case nowErr != nil:
			return broken("a second parser stops within it")
		case due(edits, ordinal):
			if err := sameEdit(old, now, a.InputOffset(), edits[0]); err != nil {
				return err
			}
			edits = edits[1:]
		case old != now:
			return broken("a second parser sees another value changed")
		}
	}
}

// sameEdit compares what a second parser reads, before and after, at an edit.
func sameEdit(old, now json.Token, end int64, e splice) error {
	if old != e.leaf.value || end != int64(e.end) {
		return &Error{Kind: ParserDiffer, Reason: "a second parser reads another value in this place"}
	}
	if now != e.value {
		return broken("a second parser reads the value differently")
	}
	return nil
}

// standard reads a body token by token. hujson recurses; the scanner has
// bounded the nesting before.
func standard(body []byte) (*json.Decoder, error) {
	// It blanks comments out in what it is given, and wants a line end behind
	// the last one.
	plain, err := hujson.Standardize(append(bytes.Clone(body), '\n'))
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(plain))
	d.UseNumber()
	return d, nil
}
