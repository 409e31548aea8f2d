//go:build faults && linux && amd64

package crashtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/empowersuite/backend-installer/installer/journal"
)

// journaled are the kinds of the records that a run left.
func (b *bench) journaled() string {
	found, _ := filepath.Glob(filepath.Join(b.tree, "state/PROD/journal/*")) // the pattern is good
	if len(found) == 0 {
		return "no journal"
	}
	var kinds []string
	records, err := journal.Read(found[0])
	if err != nil {
		return err.Error()
	}
	for _, r := range records {
		var of struct{ Act *int }
		if json.Unmarshal(r.Data, &of) == nil && of.Act != nil {
			kinds = append(kinds, fmt.Sprintf("%s%d", r.Kind, *of.Act))
			continue
		}
		kinds = append(kinds, r.Kind)
	}
	if text, err := os.ReadFile(found[0]); err == nil && !bytes.HasSuffix(text, []byte("\n")) {
		kinds = append(kinds, "torn")
	}
	return strings.Join(kinds, " ")
}
