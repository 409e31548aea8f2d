package site

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// The files of an environment's folder.
const (
	installationFile = "installation.yaml"
	recordFile       = "record.json"
	keyFile          = "fingerprint.key"
	journalFolder    = "journal"
	lockFile         = "lock"
	logFolder        = "log"
	handedFolder     = "handed"
	ledgerFile       = "credentials.json"

	watchFile         = "watch.json"
	watchSettingsFile = "watch.yaml"
	watchLockFile     = "watch.lock"
)

// maxStateBytes bounds each state file.
const maxStateBytes = 4 << 20

// ErrNone says that there is no installation of the environment, or none at all.
var ErrNone = errors.New("no installation")

// ErrNotFolder says that the Store is a file.
var ErrNotFolder = errors.New("not a directory")

// ErrSeveral says that the host has several environments and none was named.
var ErrSeveral = errors.New("several environments")

// Store is the folder that holds one folder per environment.
type Store struct{ Root string }

// Environments names those with an installation, sorted. A Store that is not
// there has none.
func (s Store) Environments() ([]string, error) {
	entries, err := os.ReadDir(s.Root)
	if info, statErr := os.Stat(s.Root); statErr == nil && !info.IsDir() {
		return nil, fmt.Errorf("list the environments: %s: %w", s.Root, ErrNotFolder) // Windows says that it is not there
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the environments: %w", err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		if _, err := os.Stat(filepath.Join(s.Root, e.Name(), installationFile)); err == nil {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// Resolve is the environment to work on: the one that is named, or the only
// one. It is ErrNone or ErrSeveral otherwise, the latter naming them.
func (s Store) Resolve(named string) (string, error) {
	if named != "" {
		return named, nil
	}
	names, err := s.Environments()
	switch {
	case err != nil:
		return "", err
	case len(names) == 0:
		return "", ErrNone
	case len(names) > 1:
		return "", fmt.Errorf("%w: %s", ErrSeveral, strings.Join(names, ", "))
	}
	return names[0], nil
}

// Folder is an environment's folder.
func (s Store) Folder(environment string) Folder {
	return Folder{filepath.Join(s.Root, environment)}
}

// Folder is the folder of one environment. It need not be there.
type Folder struct{ Path string }

// Make makes the folder. Others may pass through it, so that a backend can read
// the fingerprint key that is opened to it, but not list it.
func (f Folder) Make() error {
	const parents = 0o755 // hold one folder per environment, each with its own mode
	if err := atomicfile.MakeFolder(f.Path, 0o711, parents); err != nil {
		return fmt.Errorf("make the state folder: %w", err)
	}
	return nil
}

// Installation is the path of the description.
func (f Folder) Installation() string { return filepath.Join(f.Path, installationFile) }

// Record is the path of the record.
func (f Folder) Record() string { return filepath.Join(f.Path, recordFile) }

// Key is the path of the fingerprint key.
func (f Folder) Key() string { return filepath.Join(f.Path, keyFile) }

// Journals is the folder of the journals.
func (f Folder) Journals() string { return filepath.Join(f.Path, journalFolder) }

// Lock is the path of the lock.
func (f Folder) Lock() string { return filepath.Join(f.Path, lockFile) }

// Watch is the path of what watch remembers.
func (f Folder) Watch() string { return filepath.Join(f.Path, watchFile) }

// WatchSettings is the path of the settings of watch.
func (f Folder) WatchSettings() string { return filepath.Join(f.Path, watchSettingsFile) }

// WatchLock is the path of the lock of a check by watch.
func (f Folder) WatchLock() string { return filepath.Join(f.Path, watchLockFile) }

// Logs is the folder of the logs.
func (f Folder) Logs() string { return filepath.Join(f.Path, logFolder) }

// Ledger is the path of what was begun in the directory and is not done.
func (f Folder) Ledger() string { return filepath.Join(f.Path, ledgerFile) }

// Handed is the folder of secrets that came by one-time links, or from the directory,
// and are not proven yet.
func (f Folder) Handed() string { return filepath.Join(f.Path, handedFolder) }

// Open reads the description, the record and the key. Without a description
// the error is ErrNone; a key that is not there yet is the zero Key.
func (f Folder) Open(known release.Known) (Site, error) {
	s := Site{Folder: f}
	text, err := atomicfile.Read(f.Installation(), maxStateBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return s, ErrNone
	}
	if err != nil {
		return s, fmt.Errorf("read the description: %w", err)
	}
	if s.Installation, err = release.ParseInstallation(text.Data, known); err != nil {
		return s, &FileError{Path: f.Installation(), Cause: err}
	}
	if s.Record, err = f.readRecord(); err != nil {
		return s, err
	}
	s.Key, s.HasKey, err = f.readKey()
	return s, err
}

func (f Folder) readRecord() (Record, error) {
	r := Record{Format: RecordFormat}
	file, err := atomicfile.Read(f.Record(), maxStateBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, fmt.Errorf("read the record: %w", err)
	}
	if err := json.Unmarshal(file.Data, &r); err != nil {
		return r, &FileError{Path: f.Record(), Cause: errors.New("not a record of this program")}
	}
	return r, nil
}

func (f Folder) readKey() (key secret.Key, there bool, err error) {
	file, err := atomicfile.Read(f.Key(), maxStateBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return secret.Key{}, false, nil
	}
	if err != nil {
		return secret.Key{}, false, fmt.Errorf("read the fingerprint key: %w", err)
	}
	key, err = secret.ParseKey(string(file.Data))
	if err != nil {
		return key, false, &FileError{Path: f.Key(), Cause: err}
	}
	return key, true, nil
}

// MakeKey draws a key and writes it where there is none yet. The group of the
// backend may read it, so that the backend can tell fingerprints: gid, or -1
// for none.
func (f Folder) MakeKey(random io.Reader, gid int) (secret.Key, error) {
	key, there, err := f.readKey()
	if there || err != nil {
		return key, err
	}
	if key, err = secret.NewKey(random); err != nil {
		return key, err
	}
	mode := fs.FileMode(0o600)
	if gid >= 0 {
		mode = 0o640
	}
	options := atomicfile.Options{Mode: mode, UID: -1, GID: gid}
	if err := atomicfile.Create(f.Key(), []byte(key.Encode().Reveal()), options); err != nil {
		return key, fmt.Errorf("write the fingerprint key: %w", err)
	}
	return key, nil
}

// FileError is a file that cannot be used as it is.
type FileError struct {
	Path  string
	Cause error
}

// Error names the file and the cause; a place in the file follows its path, so
// that editors find it.
func (e *FileError) Error() string {
	var placed *syntax.Error
	if errors.As(e.Cause, &placed) && placed.Line > 0 {
		return fmt.Sprintf("%s:%v", e.Path, e.Cause)
	}
	return fmt.Sprintf("%s: %v", e.Path, e.Cause)
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Cause }
