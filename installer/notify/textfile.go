package notify

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// Textfile writes the gauges of a message for the textfile collector of Prometheus'
// node_exporter or windows_exporter: one file per environment, replaced as a whole.
type Textfile struct{ Folder string }

var _ Sink = Textfile{}

// Send replaces the environment's file, which everybody may read.
func (t Textfile) Send(ctx context.Context, m Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	path := filepath.Join(t.Folder, "empower_backend_"+m.Environment+".prom")
	return atomicfile.Create(path, []byte(Metrics(m)), atomicfile.Options{Mode: 0o644, UID: -1, GID: -1})
}

// Metrics are the gauges in the text format 0.0.4.
func Metrics(m Message) string {
	var b strings.Builder
	label := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(m.Environment)
	help := strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	for _, g := range m.Gauges {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n%s{environment=\"%s\"} %s\n",
			g.Name, help.Replace(g.Help), g.Name, g.Name, label, strconv.FormatFloat(g.Value, 'g', -1, 64))
	}
	return b.String()
}
