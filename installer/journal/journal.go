package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// Format is the version of the file format that Create writes.
const Format = 1

// MaxBytes bounds what Read takes in.
const MaxBytes = 16 << 20

const suffix = ".journal"

// ErrDamaged says that a record in the middle of a journal does not match its
// checksum: the disk, or somebody, changed it.
var ErrDamaged = errors.New("the journal is damaged")

// Record is one line of a journal.
type Record struct {
	Seq  int             `json:"seq"`
	Time time.Time       `json:"time"`
	Kind string          `json:"kind"`
	Data json.RawMessage `json:"data,omitempty"`
}

// Journal is open for appending.
type Journal struct {
	path string
	file *os.File
	seq  int
	size int64 // of the sound records
	now  func() time.Time
}

// Create starts the journal of a run in a folder that is made when it is not
// there. It fails when a journal of that run exists.
func Create(folder, run string, now func() time.Time) (*Journal, error) {
	if err := atomicfile.MakeFolder(folder, 0o700, 0o700); err != nil {
		return nil, fmt.Errorf("make the journal folder: %w", err)
	}
	path := filepath.Join(folder, run+suffix)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create the journal: %w", err)
	}
	if err := atomicfile.SyncFolder(folder); err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(path))
	}
	return &Journal{path: path, file: file, now: now}, nil
}

// Resume opens an existing journal for appending and cuts off a torn tail.
func Resume(path string, now func() time.Time) (*Journal, []Record, error) {
	records, sound, err := read(path)
	if err != nil {
		return nil, nil, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("open the journal: %w", err)
	}
	if err := file.Truncate(sound); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("cut the journal's torn tail: %w", err), file.Close())
	}
	return &Journal{path: path, file: file, seq: len(records), size: sound, now: now}, records, nil
}

// Path is the journal's file.
func (j *Journal) Path() string { return j.path }

// Append adds a record and returns when it, and every one before it, is on the
// disk.
func (j *Journal) Append(kind string, data any) error {
	if err := j.Note(kind, data); err != nil {
		return err
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("journal %q: %w", kind, err)
	}
	return nil
}

// Note adds a record that announces nothing. A power cut can lose it, as long
// as no Append follows; the end of the process cannot.
func (j *Journal) Note(kind string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("journal %q: %w", kind, err)
	}
	text, err := json.Marshal(Record{Seq: j.seq + 1, Time: j.now().UTC(), Kind: kind, Data: raw})
	if err != nil {
		return fmt.Errorf("journal %q: %w", kind, err)
	}
	line := fmt.Appendf(nil, "%08x %s\n", checksum(text), text)
	if _, err := j.file.Write(line); err != nil {
		// A full disk may take half of a line, which is damage once others follow.
		return fmt.Errorf("journal %q: %w", kind, errors.Join(err, j.file.Truncate(j.size)))
	}
	j.seq, j.size = j.seq+1, j.size+int64(len(line))
	return nil
}

// Flush returns when every record is on the disk, also those of Note.
func (j *Journal) Flush() error {
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("flush the journal: %w", err)
	}
	return nil
}

// Close closes the file and leaves the journal where it is.
func (j *Journal) Close() error { return j.file.Close() }

// Remove closes and deletes the journal: the run is over.
func (j *Journal) Remove() error {
	if err := errors.Join(j.file.Close(), os.Remove(j.path)); err != nil {
		return fmt.Errorf("remove the journal: %w", err)
	}
	return atomicfile.SyncFolder(filepath.Dir(j.path))
}

// List names the journals of a folder, oldest run ID first. A folder that is
// not there has none.
func List(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the journals: %w", err)
	}
	var paths []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), suffix) {
			paths = append(paths, filepath.Join(folder, e.Name()))
		}
	}
	sort.Strings(paths)
	return paths, nil
}

// Read returns the sound records of a journal.
func Read(path string) ([]Record, error) {
	records, _, err := read(path)
	return records, err
}

// read also tells how many bytes the sound records take.
func read(path string) ([]Record, int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, fmt.Errorf("open the journal: %w", err)
	}
	defer file.Close() //nolint:errcheck // read-only
	text, err := io.ReadAll(io.LimitReader(file, MaxBytes))
	if err != nil {
		return nil, 0, fmt.Errorf("read the journal: %w", err)
	}
	return parse(text)
}

func parse(text []byte) ([]Record, int64, error) {
	var records []Record
	sound := 0
	for rest := text; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			break
		}
		record, ok := parseLine(rest[:end], len(records)+1)
		if !ok {
			if end+1 < len(rest) {
				return nil, 0, fmt.Errorf("record %d: %w", len(records)+1, ErrDamaged)
			}
			break
		}
		records = append(records, record)
		sound += end + 1
		rest = rest[end+1:]
	}
	return records, int64(sound), nil
}

func parseLine(line []byte, seq int) (Record, bool) {
	var record Record
	sum, text, found := bytes.Cut(line, []byte(" "))
	want, err := strconv.ParseUint(string(sum), 16, 32)
	if !found || err != nil || uint32(want) != checksum(text) {
		return record, false
	}
	if json.Unmarshal(text, &record) != nil || record.Seq != seq {
		return record, false
	}
	return record, true
}

func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }
