package jsonc

import "io"

// Plain is a body without comments and trailing commas.
func Plain(body []byte) ([]byte, error) { return io.ReadAll(&plainReader{body: body}) }
