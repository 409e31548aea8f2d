package jsonc

import (
	"io"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Plain is a body without comments and trailing commas.
func Plain(body []byte) ([]byte, error) { return io.ReadAll(&plainReader{body: body}) }

// OpenShowing is Open with a second parser that is shown another body.
func OpenShowing(show func(body []byte) io.Reader) func(src []byte) (syntax.File, error) {
	return func(src []byte) (syntax.File, error) {
		f, err := open(src, dotNET)
		f.show = show
		return f, err
	}
}
