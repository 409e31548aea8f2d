package preflight

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/empowersuite/backend-installer/installer/settings"
)

// maxWebConfigBytes is IIS' own limit (MaxWebConfigFileSizeInKB) four times over.
const maxWebConfigBytes = 1 << 20

var errWebConfig = errors.New("it is not well-formed")

// readWebConfig reads the variables that IIS gives to a backend: the
// environmentVariables of aspNetCore.
// https://learn.microsoft.com/aspnet/core/host-and-deploy/iis/web-config (2026).
func readWebConfig(path string) (setter, error) {
	web := setter{
		sets:   path + " sets",
		remedy: "remove the environmentVariable from " + path + ", then run it again",
	}
	file, err := os.Open(path)
	if err != nil {
		return web, err
	}
	defer file.Close() //nolint:errcheck // read-only
	text, err := io.ReadAll(io.LimitReader(file, maxWebConfigBytes+1))
	if err != nil {
		return web, err
	}
	if len(text) > maxWebConfigBytes {
		return web, fmt.Errorf("it is larger than %d bytes", maxWebConfigBytes)
	}
	err = web.parse(text)
	return web, err
}

// parse takes the names of variables, and the values of those that name the .NET
// environment. No error quotes the file, which may hold secrets.
func (s *setter) parse(text []byte) error {
	plain, err := settings.DecodeText(text)
	if err != nil {
		return err
	}
	decoder := xml.NewDecoder(bytes.NewReader(plain))
	decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	var inside []string
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			line, _ := decoder.InputPos()
			return fmt.Errorf("line %d: %w", line, errWebConfig)
		}
		switch element := token.(type) {
		case xml.StartElement:
			inside = append(inside, element.Name.Local)
			if strings.HasSuffix(strings.Join(inside, "/"), "aspNetCore/environmentVariables/environmentVariable") {
				s.take(element)
			}
		case xml.EndElement:
			inside = inside[:len(inside)-1]
		}
	}
}

func (s *setter) take(element xml.StartElement) {
	given := map[string]string{}
	for _, a := range element.Attr {
		given[a.Name.Local] = a.Value
	}
	name := given["name"]
	s.variables = append(s.variables, name)
	if strings.EqualFold(name, "ASPNETCORE_ENVIRONMENT") || strings.EqualFold(name, "DOTNET_ENVIRONMENT") {
		s.environments = append(s.environments, given["value"])
	}
}
