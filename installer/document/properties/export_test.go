package properties

import (
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Grammar is what Open reads a body with.
func Grammar(body []byte) syntax.Grammar { return grammar{charset{latin: !utf8.Valid(body)}} }
