package envfile

import (
	"bytes"
	"errors"
	"strings"

	"github.com/joho/godotenv"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// dollar stands for $ in what godotenv reads: it is to show the values and not
// what becomes of them. No file is refused for it that a person has written.
const dollar = "\U0010fffd"

// Facts implements syntax.Witness with godotenv.
func (dotenv) Facts(body []byte) ([]syntax.Fact, error) {
	if bytes.Contains(body, []byte(dollar)) {
		return nil, errors.New("the last character of Unicode")
	}
	values, err := godotenv.UnmarshalBytes(bytes.ReplaceAll(body, []byte("$"), []byte(dollar)))
	if err != nil {
		return nil, err
	}
	facts := make([]syntax.Fact, 0, len(values))
	for key, text := range values {
		facts = append(facts, syntax.Fact{Path: key, Text: strings.ReplaceAll(text, dollar, "$")})
	}
	return facts, nil
}

// godotenv calls itself for each comment of a row, and looks for a blank as far as
// it takes behind each name that begins with export.
const (
	maxComments = 100_000
	maxSearched = 1 << 32
)

// guard keeps godotenv from taking too long.
type guard struct {
	comments, most int // in a row
	exports        int // names that begin like that
}

// statement is told of the text of each line that is no comment.
func (g *guard) statement(text []byte) {
	g.most = max(g.most, g.comments)
	g.comments = 0
	if bytes.HasPrefix(text, []byte("export")) {
		g.exports++
	}
}

func (g *guard) check(body []byte) error {
	if max(g.most, g.comments) > maxComments || g.exports*len(body) > maxSearched && bytes.Count(body, []byte("export ")) < g.exports {
		return syntax.Reason(syntax.Unsupported, "too many comments in a row, or names that begin with export, for the second parser")
	}
	return nil
}
