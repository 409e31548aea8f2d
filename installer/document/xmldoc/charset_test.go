package xmldoc_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/xmldoc"
)

func TestSingleByteEncodingsAreRead(t *testing.T) {
	for encoding, want := range map[string]string{
		"iso-8859-1": "ä", "ISO-8859-2": "ä", "iso-8859-3": "ä", "iso-8859-4": "ä", "iso-8859-5": "ф", "iso-8859-6": "ل",
		"iso-8859-7": "δ", "iso-8859-8": "ה", "iso-8859-9": "ä", "iso-8859-10": "ä", "iso-8859-13": "ä", "iso-8859-14": "ä",
		"iso-8859-15": "ä", "iso-8859-16": "ä", "windows-1250": "ä", "Windows-1251": "д", "windows-1252": "ä", "windows-1253": "δ",
		"windows-1254": "ä", "windows-1255": "ה", "windows-1256": "ن", "windows-1257": "ä", "windows-1258": "ä",
	} {
		src := []byte(fmt.Sprintf("<?xml version='1.0' encoding='%s'?>\r\n<a b='\xe4'>\xe4</a>", encoding))
		for _, at := range []string{"/a", "/a/@b"} {
			if got, err := syntaxtest.Get(xmldoc.Open, src, at); err != nil || got != want {
				t.Errorf("%s: got %q, %v, want %q", encoding, got, err, want)
			}
		}
		out, err := syntaxtest.Set(xmldoc.Open, src, "/a", want+"€")
		if wanted := strings.Replace(string(src), ">\xe4<", fmt.Sprintf(">&#x%X;&#x20AC;<", []rune(want)[0]), 1); err != nil || string(out) != wanted {
			t.Errorf("%s: got %q, %v, want %q", encoding, out, err, wanted)
		}
	}
}

func TestOtherEncodingsAreRefused(t *testing.T) {
	for _, encoding := range []string{
		"shift_jis", "EUC-JP", "gb18030", "big5", "utf-7", "utf-32", "ibm037", "iso-2022-jp", "iso-8859-12", "windows-874", "koi8-r", "latin1", "utf-16le", "UTF-16BE",
	} {
		_, err := xmldoc.Open([]byte("<?xml version='1.0' encoding='" + encoding + "'?><a/>"))
		if syntaxtest.KindOf(err) != syntax.Encoding || !strings.HasPrefix(err.Error(), "1:31: ") {
			t.Errorf("%s: %v", encoding, err)
		}
	}
}

func TestDeclarationsAreRead(t *testing.T) {
	for _, text := range []string{
		`<?xml version="1.0"?>`, `<?xml version='1.0' ?>`, `<?xml  version = "1.0"  encoding = 'UTF-8'  standalone = "no" ?>`,
		"<?xml\r\nversion='1.0'\tstandalone='yes'?>", "",
	} {
		if _, err := syntaxtest.Set(xmldoc.Open, []byte(text+"<a/>"), "/a", "x"); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{
		`<?xml encoding="utf-8" version="1.0"?>`, `<?xml version=1.0?>`, `<?xml version="1.0" standalone="maybe"?>`, `<?xml version="1.0" encoding=""?>`,
		`<?xml version="1.0"encoding="utf-8"?>`, `<?xml version="1.0" version="1.0"?>`, `<?XML version="1.0"?>`, `<?xml version="1.0'?>`,
	} {
		if _, err := xmldoc.Open([]byte(text + "<a/>")); syntaxtest.KindOf(err) != syntax.Syntax {
			t.Errorf("%s: %v", text, err)
		}
	}
}
