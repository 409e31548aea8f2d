package atomicfile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/empowersuite/backend-installer/installer/fault"
)

// readings is how often a file is read that changes meanwhile.
const readings = 3

// Read reads the regular file that a path leads to, at most most bytes, into
// one buffer of the file's size. What is not a regular file is not opened.
// ErrChanged says that somebody kept writing it meanwhile, as far as its size
// and time tell; what they do not tell, Commit finds by the hash.
func Read(path string, most int64) (f File, err error) {
	err = betweenNames(func() error {
		f, err = read(path, most)
		return err
	})
	return f, err
}

func read(path string, most int64) (File, error) {
	absolute, err := absolutely(path)
	if err != nil {
		return File{}, fmt.Errorf("read %s: %w", fault.Path(path), err)
	}
	target, err := filepath.EvalSymlinks(absolute)
	if err != nil {
		return File{}, fmt.Errorf("read: %w", err)
	}
	f := File{Path: absolute, Real: target}
	for range readings {
		data, id, still, err := readOnce(target, most)
		if err != nil {
			return f, err
		}
		if still {
			f.Data, f.ID = data, id
			return f, nil
		}
	}
	return f, fmt.Errorf("read %s: %w while it was read", fault.Path(target), ErrChanged)
}

// readOnce also tells whether the file stayed as it was from start to end.
func readOnce(target string, most int64) (data []byte, id Identity, still bool, err error) {
	file, info, err := openRegular(target)
	if err != nil {
		return nil, id, false, err
	}
	defer file.Close() //nolint:errcheck // read-only
	data, err = readAll(file, info.Size(), most)
	if err != nil {
		return nil, id, false, fmt.Errorf("read %s: %w", fault.Path(target), err)
	}
	after, err := file.Stat()
	if err != nil {
		return nil, id, false, fmt.Errorf("read: %w", err)
	}
	if id, err = identify(file, info); err != nil {
		return nil, id, false, fmt.Errorf("read %s: %w", fault.Path(target), err)
	}
	id.SHA256, id.Metadata = hash(data), sumOf(file)
	return data, id, after.Size() == info.Size() && after.ModTime().Equal(info.ModTime()), nil
}

// readAll reads to the end. The size is what the file's entry says: some file
// systems say 0, and a file can grow.
func readAll(from io.Reader, size, most int64) ([]byte, error) {
	if size > most {
		return nil, fmt.Errorf("%w of %d bytes", ErrTooLarge, most)
	}
	data := make([]byte, 0, size+1) // the one byte finds the end
	for {
		n, err := from.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case int64(len(data)) > most:
			return nil, fmt.Errorf("%w of %d bytes", ErrTooLarge, most)
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return nil, err
		case len(data) == cap(data):
			data = slices.Grow(data, 4096)
		}
	}
}

// openRegular opens a path whose last part is no symbolic link.
func openRegular(target string) (*os.File, fs.FileInfo, error) {
	info, err := os.Lstat(target)
	if err != nil {
		return nil, nil, fmt.Errorf("read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("read %s: %w", fault.Path(target), ErrNotRegular)
	}
	file, err := openFile(target, os.O_RDONLY)
	if err != nil {
		return nil, nil, fmt.Errorf("read: %w", err)
	}
	if info, err = file.Stat(); err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: %w", fault.Path(target), ErrNotRegular)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("read: %w", err), file.Close())
	}
	return file, info, nil
}

// look is Read without the content: it is hashed on its way.
func look(target string) (Identity, error) {
	file, info, err := openRegular(target)
	if err != nil {
		return Identity{}, err
	}
	defer file.Close() //nolint:errcheck // read-only
	id, err := identify(file, info)
	if err != nil {
		return id, fmt.Errorf("read %s: %w", fault.Path(target), err)
	}
	sum := sha256.New()
	// A byte more than the entry says tells that the file grows, and ends.
	if _, err := io.Copy(sum, io.LimitReader(file, id.Size+1)); err != nil {
		return id, fmt.Errorf("read %s: %w", fault.Path(target), err)
	}
	id.SHA256, id.Metadata = hex.EncodeToString(sum.Sum(nil)), sumOf(file)
	return id, nil
}

// sumOf is "" where the metadata cannot be read: a replacement will tell.
func sumOf(file *os.File) string {
	like, err := metadataOfOpen(file)
	if err != nil {
		return ""
	}
	return like.sum()
}

// glance is look without the hash.
func glance(target string) (Identity, error) {
	file, info, err := openRegular(target)
	if err != nil {
		return Identity{}, err
	}
	id, err := identify(file, info)
	return id, errors.Join(err, file.Close())
}

// identifyOpen asks the descriptor, which stays with its file when the name
// leads to another.
func identifyOpen(file *os.File) (Identity, error) {
	info, err := file.Stat()
	if err != nil {
		return Identity{}, err
	}
	return identify(file, info)
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// there reports whether a path names anything.
func there(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
