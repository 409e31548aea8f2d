package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

// iis FILE: an IIS serves app/appsettings.json from a pool that starts on
// demand, and the profile in FILE is adapted to it. iis events FILE: what
// happened there so far.
func iis(ts *testscript.TestScript, _ bool, args []string) {
	s := stageOf(ts)
	if len(args) == 2 && args[0] == "events" {
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Join(s.iis.Events(), "\n")+"\n"), 0o600))
		return
	}
	const pool = "empower-backend-PROD"
	folder, config := ts.MkAbs("inetsrv"), ts.MkAbs(filepath.Join("app", "appsettings.json"))
	ts.Check(os.MkdirAll(folder, 0o700))
	server, err := svctest.StartIIS(context.Background(), folder,
		svctest.Pool{Name: pool, Config: config, OnDemand: true, Drain: 200 * time.Millisecond})
	ts.Check(err)
	ts.Defer(func() { _ = server.Close() })
	s.iis = server
	text, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	adapted := strings.NewReplacer(
		`C:\Windows\System32\inetsrv\appcmd.exe`, server.Appcmd(),
		`C:\ProgramData\empower\backend\PROD\root\appsettings.json`, config,
		"http://127.0.0.1:5080/health/ready", server.URL(pool),
		"within: 240s, stableFor: 5s", "within: "+ts.Getenv("WITHIN")+", stableFor: 100ms",
	).Replace(string(text))
	adapted += "settings: {identity.entra.authority: '" + ts.Getenv("ENTRA") + "', identity.entra.caBundle: '" + ts.Getenv("CA") +
		"', identity.entra.confirmations: '1'}\n"
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(adapted), 0o600))
}
