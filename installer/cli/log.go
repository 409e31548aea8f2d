package cli

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
)

// maxLogBytes is when a log is put aside as installer.log.1.
const maxLogBytes = 4 << 20

// logger writes the log for support: JSON lines, no secrets. The zero logger
// drops everything.
type logger struct {
	path string
	slog *slog.Logger
	file io.Closer
}

// beginLog begins the log of a run. A folder that cannot be written is no reason
// to stop: the log is then dropped. So it is where others could have put a link
// in its place.
func (a *app) beginLog(d session.Deps, of site.Folder) {
	if d.Trust(of) == nil {
		a.log = openLog(of.Logs(), d.RunID, a.global.logLevel)
	}
}

// openLog opens a log in a folder, whose parent is there.
func openLog(folder, run, level string) logger {
	path := filepath.Join(folder, "installer.log")
	if info, err := os.Stat(path); err == nil && info.Size() > maxLogBytes {
		_ = os.Rename(path, path+".1") // a log too long is better than none
	}
	if err := atomicfile.NewFolder(folder, 0o700, ""); err != nil && !errors.Is(err, fs.ErrExist) {
		return logger{}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return logger{}
	}
	var least slog.Level
	if least.UnmarshalText([]byte(level)) != nil {
		least = slog.LevelInfo
	}
	handler := slog.NewJSONHandler(file, &slog.HandlerOptions{Level: least, ReplaceAttr: inUTC})
	return logger{path, slog.New(handler).With("run", run), file}
}

// inUTC makes lines of several hosts comparable; slog takes the local time.
func inUTC(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindTime {
		a.Value = slog.TimeValue(a.Value.Time().UTC())
	}
	return a
}

func (l logger) close() {
	if l.file != nil {
		_ = l.file.Close() // lines are written unbuffered
	}
}

func (l logger) event(e progress.Event) {
	if l.slog == nil {
		return
	}
	args := []any{slog.String("text", e.Text), slog.Duration("elapsed", e.Elapsed.Round(time.Millisecond))}
	switch e.Kind {
	case progress.Warning, progress.Recovered:
		l.slog.Warn("progress", args...)
	case progress.Detail, progress.Waiting:
		l.slog.Debug("progress", args...)
	case progress.Step, progress.Done, progress.Change:
		l.slog.Info("progress", args...)
	}
}

func (l logger) warn(text string, cause error) {
	if l.slog != nil {
		l.slog.Warn("trouble", slog.String("text", text), slog.String("cause", cause.Error()))
	}
}

func (l logger) result(r report.Report, problem *fault.Error, hide func(string) string) {
	if l.slog == nil {
		return
	}
	args := []any{slog.String("result", string(r.Result)), slog.String("environment", r.Environment)}
	if problem == nil {
		l.slog.Info("ended", args...)
		return
	}
	l.slog.Error("ended", append(args, slog.String("code", string(problem.Code)), slog.String("what", hide(problem.Error())))...)
}
