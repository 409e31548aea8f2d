package settings

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// errEncoding says that a text has no encoding that is read.
var errEncoding = errors.New("not UTF-8 and not UTF-16 with a byte order mark: save the file as UTF-8")

// DecodeText is a text in UTF-8 without a byte order mark, read from UTF-8 with
// or without one, or from UTF-16 with one. What does not survive the way back
// is refused rather than mended.
func DecodeText(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		decoded, err := unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil || len(data)%2 != 0 || bytes.ContainsRune(decoded, utf8.RuneError) {
			return nil, errEncoding
		}
		return decoded, nil
	}
	data = bytes.TrimPrefix(data, []byte{0xEF, 0xBB, 0xBF})
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, errEncoding
	}
	return data, nil
}
