package pack

import (
	"archive/zip"
	"bytes"
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// Signer makes Authenticode signatures with osslsigncode. The key is in a PFX
// file or on a token; its passphrase stays in a file, which only osslsigncode
// reads.
type Signer struct {
	PFX      string // a PKCS #12 file
	PassFile string

	Module string // of PKCS #11, with the key's URI and its certificates
	Key    string
	Certs  string

	TimestampURL string // none where it is ""
	CAFile       string // trusted by the verification
}

// SignerFrom reads the settings.
func SignerFrom(getenv func(string) string) (Signer, error) {
	s := Signer{
		PFX: getenv("SIGN_PFX"), PassFile: getenv("SIGN_PASS_FILE"),
		Module: getenv("SIGN_PKCS11_MODULE"), Key: getenv("SIGN_PKCS11_KEY"), Certs: getenv("SIGN_CERTS"),
		TimestampURL: getenv("SIGN_TIMESTAMP_URL"), CAFile: getenv("SIGN_CA_FILE"),
	}
	if s.CAFile == "" {
		s.CAFile = "/etc/ssl/certs/ca-certificates.crt"
	}
	return s, errors.Join(s.check(), checkPassFile(s.PassFile))
}

func (s Signer) check() error {
	switch {
	case s.PassFile == "":
		return errors.New("SIGN_PASS_FILE is not set: the file with the passphrase or PIN of the key")
	case s.PFX == "" && s.Module == "":
		return errors.New("set SIGN_PFX, or SIGN_PKCS11_MODULE with SIGN_PKCS11_KEY and SIGN_CERTS")
	case s.PFX != "" && s.Module != "":
		return errors.New("SIGN_PFX and SIGN_PKCS11_MODULE are both set: which key is meant?")
	case s.Module != "" && (s.Key == "" || s.Certs == ""):
		return errors.New("SIGN_PKCS11_MODULE needs SIGN_PKCS11_KEY and SIGN_CERTS")
	case strings.Contains(s.Key, "pin-value"):
		return errors.New("SIGN_PKCS11_KEY holds the PIN, which every user of this host would see: put it into SIGN_PASS_FILE")
	}
	return nil
}

func checkPassFile(name string) error {
	if name == "" {
		return nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return fmt.Errorf("SIGN_PASS_FILE: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("SIGN_PASS_FILE: others may read %s: chmod 600", name)
	}
	return nil
}

// Argv is the command that signs a file.
func (s Signer) Argv(in, out string) []string {
	argv := []string{"osslsigncode", "sign", "-h", "sha256", "-n", product, "-readpass", s.PassFile}
	if s.PFX != "" {
		argv = append(argv, "-pkcs12", s.PFX)
	} else {
		argv = append(argv, "-pkcs11module", s.Module, "-key", s.Key, "-certs", s.Certs)
	}
	if s.TimestampURL != "" {
		argv = append(argv, "-ts", s.TimestampURL)
	}
	return append(argv, "-in", in, "-out", out)
}

// sign signs a file's content and proves the signature.
func (s Signer) sign(ctx context.Context, folder string, f File) ([]byte, error) {
	in, err := stage(folder, f)
	if err != nil {
		return nil, err
	}
	signed := filepath.Join(filepath.Dir(in), "signed-"+filepath.Base(in))
	argv := s.Argv(in, signed)
	if _, err := output(exec.CommandContext(ctx, argv[0], argv[1:]...)); err != nil {
		return nil, fmt.Errorf("sign %s: %w", f.Name, err)
	}
	verify := exec.CommandContext(ctx, "osslsigncode", "verify", "-CAfile", s.CAFile, "-TSA-CAfile", s.CAFile, "-in", signed)
	if _, err := output(verify); err != nil {
		return nil, fmt.Errorf("verify the signature of %s: %w", f.Name, err)
	}
	return os.ReadFile(signed)
}

// Sign makes signed Windows packages of the release in a folder: the program
// within, and the MSI that holds it, are signed.
func (s Signer) Sign(ctx context.Context, work, release string) ([]File, error) {
	var made []File
	for _, target := range Targets() {
		if target.OS != "windows" {
			continue
		}
		names, err := filepath.Glob(filepath.Join(release, "installer-*-"+target.OS+"-"+target.Arch+".zip"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			files, err := s.signTarget(ctx, filepath.Join(work, target.Arch), name, target)
			if err != nil {
				return nil, err
			}
			made = append(made, files...)
		}
	}
	if len(made) == 0 {
		return nil, fmt.Errorf("%s has no Windows package: make dist comes first", release)
	}
	return made, nil
}

func (s Signer) signTarget(ctx context.Context, work, archivePath string, target Target) ([]File, error) {
	content, err := unzip(archivePath)
	if err != nil {
		return nil, err
	}
	program, err := s.sign(ctx, work, named(content, target.Program()))
	if err != nil {
		return nil, err
	}
	origin, err := originOfArchive(archivePath, target, program)
	if err != nil {
		return nil, err
	}
	made, err := archive(target, content, program, origin)
	if err != nil || !canMSI(target) {
		return made, err
	}
	msi, err := MSI(ctx, work, program, origin)
	if errors.Is(err, errNoWixl) {
		return made, nil // the release has none either, and has said so
	}
	if err != nil {
		return nil, err
	}
	name := target.Base(origin.Version) + ".msi"
	msi, err = s.sign(ctx, work, File{Name: name, Data: msi})
	return append(made, File{Name: name, Data: msi}), err
}

// originOfArchive takes the version from the archive's name, and the rest from
// the program.
func originOfArchive(archivePath string, target Target, program []byte) (Origin, error) {
	info, err := buildinfo.Read(bytes.NewReader(program))
	if err != nil {
		return Origin{}, fmt.Errorf("%s: %w", archivePath, err)
	}
	version := strings.TrimPrefix(filepath.Base(archivePath), "installer-")
	version = strings.TrimSuffix(version, "-"+target.OS+"-"+target.Arch+".zip")
	return OriginOf(strings.TrimSuffix(version, dirty), info)
}

// unzip reads an archive of ours, without its top folder.
func unzip(name string) ([]File, error) {
	r, err := zip.OpenReader(name)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was read only
	var files []File
	for _, entry := range r.File {
		stream, err := entry.Open()
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(stream)
		if err := errors.Join(err, stream.Close()); err != nil {
			return nil, err
		}
		_, inner, _ := strings.Cut(path.Clean(entry.Name), "/")
		files = append(files, File{Name: inner, Data: data, Exec: entry.Mode()&0o111 != 0})
	}
	return files, nil
}
