package document_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/tailscale/hujson"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

func opener(f document.Format) syntaxtest.Open {
	return func(src []byte) (syntax.File, error) { return document.Opened(src, f) }
}

// A careless encoder gets no addition through that is wrong, to other parsers than
// those that verify it, where there is one.
func TestACarelessAdditionIsCaught(t *testing.T) {
	judges := map[document.Format]syntaxtest.Judge{
		document.JSON:  judge(json.Unmarshal),
		document.JSONC: judge(unmarshalJSONC),
		document.TOML:  judge(toml.Unmarshal),
		document.YAML:  judge(yamltree.Decode),
	}
	for _, p := range pairs() {
		t.Run(string(p.format), func(t *testing.T) {
			missing := syntaxtest.Addition{Name: p.text, At: p.one[:len(p.one)-1] + "Z", Text: p.text}
			syntaxtest.MutationOfAdd(t, opener(p.format), []syntaxtest.Addition{missing}, 3, judges[p.format])
		})
	}
}

// A raw file holds every text, so that a careless encoder is right but where the
// value would be read as something else.
func TestACarelessRawFileIsCaught(t *testing.T) {
	syntaxtest.Mutation(t, opener(document.Raw), []syntaxtest.Sample{{Name: "raw", Text: "«old»", Old: "old"}}, 2)
}

func unmarshalJSONC(src []byte, into any) error {
	plain, err := hujson.Standardize(src)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, into)
}

// judge reads a member of the whole file.
func judge(unmarshal func(src []byte, into any) error) syntaxtest.Judge {
	return func(src []byte, at string) (string, error) {
		all := map[string]any{}
		if err := unmarshal(src, &all); err != nil {
			return "", err
		}
		text, ok := all[at[1:]].(string)
		if !ok {
			return "", errors.New("no string")
		}
		return text, nil
	}
}
