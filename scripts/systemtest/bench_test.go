//go:build system && bench && linux

package systemtest_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

const rounds = 15

// script does with curl, sed and systemctl what configure does with one
// confirmation: prove the secret, write it, restart, wait until the backend is
// ready. It has no undo, no checks and no journal.
const script = `set -eu
secret=$(cat "$1")
curl -fsS --cacert "$CA" -o /dev/null --data-urlencode client_id="$CLIENT" --data-urlencode client_secret="$secret" \
	-d grant_type=client_credentials --data-urlencode scope=https://graph.microsoft.com/.default "$TOKEN"
sed -i "s|\"ClientSecret\": \"[^\"]*\"|\"ClientSecret\": \"$secret\"|" "$CONFIG"
systemctl restart "$UNIT"
until curl -fsS -o /dev/null "http://$LISTEN/health/ready" 2>/dev/null; do sleep 0.05; done
`

// TestBench prints what configure takes, side by side with the script, on one
// host in one run; aims are printed beside what is.
func TestBench(t *testing.T) {
	b := install(t, "ONE")
	b.withoutWatching(t)
	var ours, theirs, peak []float64
	for range rounds {
		o, rss := b.timeConfigure(t)
		ours, peak = append(ours, o), append(peak, rss)
		theirs = append(theirs, b.timeScript(t))
	}
	var outageOurs, outageBare, failedOurs, failedBare []float64
	for range rounds {
		outage, failed := b.watch(t, func() { b.timeConfigure(t) })
		outageOurs, failedOurs = append(outageOurs, outage), append(failedOurs, failed)
		outage, failed = b.watch(t, func() { sh(t, "systemctl", "restart", b.unit) })
		outageBare, failedBare = append(outageBare, outage), append(failedBare, failed)
	}
	var cold, trivial []float64
	for range 3 * rounds {
		cold = append(cold, timeOf(t, program(t, "installer"), "version"))
		trivial = append(trivial, timeOf(t, "/bin/true"))
	}
	size, err := os.Stat(program(t, "installer"))
	if err != nil {
		t.Fatal(err)
	}
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(t.Output(), format, args...) }
	row := func(name string, got float64, unit, beside string, other, aim float64) {
		say("%-34s %9.1f %-4s  %-28s %9.1f   ratio %5.2f   aim <= %.2f\n", name, got, unit, beside, other, got/other, aim)
	}
	say("medians of %d, side by side in one run\n", rounds)
	row("configure, one confirmation", median(ours), "ms", "curl, sed, systemctl", median(theirs), 1.1)
	row("outage while it restarts", median(outageOurs), "ms", "bare systemctl restart", median(outageBare), 1.05)
	row("requests that failed", median(failedOurs), "", "bare systemctl restart", median(failedBare), 1.05)
	say("%-34s %9.1f ms    /bin/true %.1f ms; aim <= 15 ms\n", "cold start of installer version", median(cold), median(trivial))
	say("%-34s %9.1f MB    aim <= 40 MB\n", "peak memory of configure", median(peak))
	say("%-34s %9.1f MB    aim <= 25 MB\n", "size of the binary", float64(size.Size())/1e6)
}

func median(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// withoutWatching leaves the stable window out, which the script does not have
// and which would hide every difference.
func (b *installed) withoutWatching(t *testing.T) {
	t.Helper()
	path := stateRoot + "/" + b.env + "/installation.yaml"
	text := kit.Read(t, path)
	shorter := strings.Replace(text, "stableFor: 2s", "stableFor: 1ms", 1)
	if shorter == text {
		t.Fatalf("the description holds no stable window:\n%s", text)
	}
	kit.Write(t, path, shorter)
}

func (b *installed) timeConfigure(t *testing.T) (milliseconds, peakMB float64) {
	t.Helper()
	fresh := kit.SecretFile(t, b.entra.AddSecret(t))
	cmd := call{args: b.configure("--client-secret-file", fresh)}.command(t.Context(), t)
	began := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(began)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatal("no usage")
	}
	return float64(took.Microseconds()) / 1e3, float64(usage.Maxrss) * 1024 / 1e6
}

func (b *installed) timeScript(t *testing.T) float64 {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rotate.sh")
	kit.Write(t, path, script)
	cmd := exec.CommandContext(t.Context(), "/bin/sh", path, kit.SecretFile(t, b.entra.AddSecret(t)))
	cmd.Env = environ("CA="+b.entra.CAFile, "CLIENT="+b.entra.Client, "CONFIG="+b.config, "UNIT="+b.unit, "LISTEN="+b.listen,
		"TOKEN="+b.entra.URL+"/"+b.entra.Tenant+"/oauth2/v2.0/token")
	began := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return float64(time.Since(began).Microseconds()) / 1e3
}

// watch asks the backend every two milliseconds, over a fresh connection each
// time, while something goes on: the time between the last answer before and
// the first after the gap, and how many requests failed.
func (b *installed) watch(t *testing.T, meanwhile func()) (outage, failed float64) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Second}
		lastGood := time.Now()
		for ctx.Err() == nil {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+b.listen+"/health/live", nil)
			if err != nil {
				return
			}
			response, err := client.Do(request)
			switch {
			case err == nil:
				_ = response.Body.Close() // its status is enough
				outage = max(outage, float64(time.Since(lastGood).Microseconds())/1e3)
				lastGood = time.Now()
			case ctx.Err() == nil:
				failed++
			}
			<-time.After(2 * time.Millisecond)
		}
	})
	<-time.After(100 * time.Millisecond)
	meanwhile()
	<-time.After(300 * time.Millisecond)
	stop()
	done.Wait()
	return outage, failed
}

func timeOf(t *testing.T, argv ...string) float64 {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), argv[0], argv[1:]...)
	cmd.Env = environ()
	began := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	return float64(time.Since(began).Microseconds()) / 1e3
}
