package pack_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/dist/pack"
)

const passphrase = "not-a-real-secret-4711"

func settingsOf(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func passFile(t *testing.T, mode os.FileMode) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pass")
	if err := os.WriteFile(name, []byte(passphrase+"\n"), mode); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestTheSettingsOfSigningAreChecked(t *testing.T) {
	private, shared := passFile(t, 0o600), passFile(t, 0o644)
	for name, test := range map[string]struct {
		settings map[string]string
		want     string // in the error, "" for none
	}{
		"nothing":            {nil, "SIGN_PASS_FILE is not set"},
		"no key":             {map[string]string{"SIGN_PASS_FILE": private}, "set SIGN_PFX"},
		"a PFX":              {map[string]string{"SIGN_PASS_FILE": private, "SIGN_PFX": "k.pfx"}, ""},
		"others may read it": {map[string]string{"SIGN_PASS_FILE": shared, "SIGN_PFX": "k.pfx"}, "chmod 600"},
		"it is not there":    {map[string]string{"SIGN_PASS_FILE": private + "x", "SIGN_PFX": "k.pfx"}, "SIGN_PASS_FILE: stat"},
		"two keys":           {map[string]string{"SIGN_PASS_FILE": private, "SIGN_PFX": "k.pfx", "SIGN_PKCS11_MODULE": "m.so"}, "which key"},
		"half a token":       {map[string]string{"SIGN_PASS_FILE": private, "SIGN_PKCS11_MODULE": "m.so"}, "needs SIGN_PKCS11_KEY"},
		"a token": {map[string]string{
			"SIGN_PASS_FILE": private, "SIGN_PKCS11_MODULE": "m.so", "SIGN_PKCS11_KEY": "pkcs11:object=k", "SIGN_CERTS": "c.pem",
		}, ""},
		"a PIN in the URI": {map[string]string{
			"SIGN_PASS_FILE": private, "SIGN_PKCS11_MODULE": "m.so", "SIGN_PKCS11_KEY": "pkcs11:object=k?pin-value=" + passphrase, "SIGN_CERTS": "c.pem",
		}, "holds the PIN"},
	} {
		_, err := pack.SignerFrom(settingsOf(test.settings))
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: got %v", name, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		case err != nil && strings.Contains(err.Error(), passphrase):
			t.Errorf("%s: the error shows the passphrase: %v", name, err)
		}
	}
}

func TestTheCommandNamesTheFileOfThePassphrase(t *testing.T) {
	pass := passFile(t, 0o600)
	for name, test := range map[string]struct {
		signer pack.Signer
		want   string
	}{
		"a PFX": {
			pack.Signer{PFX: "k.pfx", PassFile: pass},
			"osslsigncode sign -h sha256 -n empower Backend installer -readpass " + pass + " -pkcs12 k.pfx -in a -out b",
		},
		"a token and a time stamp": {
			pack.Signer{Module: "m.so", Key: "pkcs11:object=k", Certs: "c.pem", PassFile: pass, TimestampURL: "http://stamp.example"},
			"osslsigncode sign -h sha256 -n empower Backend installer -readpass " + pass +
				" -pkcs11module m.so -key pkcs11:object=k -certs c.pem -ts http://stamp.example -in a -out b",
		},
	} {
		if got := strings.Join(test.signer.Argv("a", "b"), " "); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// codeSigner makes a certificate authority and a key for code signing.
func codeSigner(t *testing.T) pack.Signer {
	t.Helper()
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	s := pack.Signer{PFX: at("k.pfx"), PassFile: passFile(t, 0o600), CAFile: at("ca.pem")}
	if err := os.WriteFile(at("ext"), []byte("extendedKeyUsage=codeSigning\nkeyUsage=digitalSignature\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, argv := range [][]string{
		{"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at("ca.key"), "-out", at("ca.pem"), "-subj", "/CN=throw-away authority", "-days", "2"},
		{"req", "-newkey", "rsa:2048", "-nodes", "-keyout", at("k.pem"), "-out", at("k.csr"), "-subj", "/CN=throw-away signer"},
		{"x509", "-req", "-in", at("k.csr"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", at("ext"), "-out", at("k.crt")},
		{"pkcs12", "-export", "-inkey", at("k.pem"), "-in", at("k.crt"), "-certfile", at("ca.pem"), "-out", at("k.pfx"), "-passout", "file:" + s.PassFile},
	} {
		run(t, nil, slices.Concat([]string{"openssl"}, argv)...)
	}
	return s
}

func signRelease(t *testing.T, s pack.Signer, release, folder string) error {
	t.Helper()
	var told bytes.Buffer
	return pack.Main(t.Context(), pack.Call{
		Args: []string{"sign", release, folder}, Out: &told,
		Getenv: settingsOf(map[string]string{
			"SIGN_PFX": s.PFX, "SIGN_PASS_FILE": s.PassFile, "SIGN_CA_FILE": s.CAFile,
			"SIGN_PKCS11_MODULE": s.Module, "SIGN_PKCS11_KEY": s.Key, "SIGN_CERTS": s.Certs,
		}),
	})
}

func TestTheReleaseIsSignedAndStays(t *testing.T) {
	release := releaseFolder(t)
	need(t, "openssl", "osslsigncode", "msiextract")
	before := readFolder(t, release)
	signer, folder := codeSigner(t), filepath.Join(t.TempDir(), "signed")
	if err := signRelease(t, signer, release, folder); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(pack.Sums(before), pack.Sums(readFolder(t, release))) {
		t.Error("signing changed the release")
	}
	checkSums(t, readFolder(t, folder))
	for _, arch := range []string{"amd64", "arm64"} {
		name := filepath.Base(only(t, filepath.Join(folder, "*-windows-"+arch+".zip")))
		signed, plain := unpack(t, filepath.Join(folder, name)), unpack(t, filepath.Join(release, name))
		checkSums(t, slices.Collect(filesOf(signed)))
		checkSigned(t, signer, signed["installer.exe"].Data, plain["installer.exe"].Data)
		checkSBOM(t, signed["sbom.cdx.json"].Data)
	}
	checkSignedMSI(t, signer, folder)
}

// checkSigned proves the signature, and that the released program is below it.
func checkSigned(t *testing.T, s pack.Signer, signed, plain []byte) {
	t.Helper()
	folder := t.TempDir()
	in, out := filepath.Join(folder, "in.exe"), filepath.Join(folder, "out.exe")
	if err := os.WriteFile(in, signed, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, nil, "osslsigncode", "verify", "-CAfile", s.CAFile, "-in", in)
	run(t, nil, "osslsigncode", "remove-signature", "-in", in, "-out", out)
	if got, err := os.ReadFile(out); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("without its signature it is not the released program: %v", err)
	}
	checkManifest(t, signed)
}

func checkSignedMSI(t *testing.T, s pack.Signer, folder string) {
	t.Helper()
	need(t, "wixl")
	msi := only(t, filepath.Join(folder, "*.msi"))
	run(t, nil, "osslsigncode", "verify", "-CAfile", s.CAFile, "-in", msi)
	inner := unpack(t, only(t, filepath.Join(folder, "*-windows-amd64.zip")))["installer.exe"].Data
	if got := extracted(t, msi); !bytes.Equal(got, inner) {
		t.Error("the signed MSI holds another program than the signed zip")
	}
}

// onToken moves the key of a signer to a token, which SoftHSM plays.
func onToken(t *testing.T, s pack.Signer) pack.Signer {
	t.Helper()
	folder, keys := t.TempDir(), filepath.Dir(s.PFX)
	configuration := filepath.Join(folder, "softhsm.conf")
	if err := os.WriteFile(configuration, []byte("directories.tokendir = "+folder+"\nobjectstore.backend = file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", configuration)
	key := filepath.Join(keys, "k8.pem")
	run(t, nil, "openssl", "pkcs8", "-topk8", "-nocrypt", "-in", filepath.Join(keys, "k.pem"), "-out", key)
	run(t, nil, "softhsm2-util", "--init-token", "--free", "--label", "throw-away", "--so-pin", "0000", "--pin", passphrase)
	run(t, nil, "softhsm2-util", "--import", key, "--token", "throw-away", "--label", "k", "--id", "01", "--pin", passphrase)
	s.PFX, s.Module, s.Key, s.Certs = "", softHSM, "pkcs11:token=throw-away;object=k", filepath.Join(keys, "k.crt")
	return s
}

const softHSM = "/usr/lib/softhsm/libsofthsm2.so"

func TestAKeyOnATokenSigns(t *testing.T) {
	release := releaseFolder(t)
	need(t, "openssl", "osslsigncode", "msiextract", "softhsm2-util")
	signer, folder := onToken(t, codeSigner(t)), filepath.Join(t.TempDir(), "signed")
	if err := signRelease(t, signer, release, folder); err != nil {
		t.Fatal(err)
	}
	checkSignedMSI(t, signer, folder)
}

func TestAWrongPassphraseSignsNothing(t *testing.T) {
	release := releaseFolder(t)
	need(t, "openssl", "osslsigncode")
	signer, folder := codeSigner(t), filepath.Join(t.TempDir(), "signed")
	if err := os.WriteFile(signer.PassFile, []byte(passphrase+"-wrong\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := signRelease(t, signer, release, folder)
	if err == nil || strings.Contains(err.Error(), passphrase) {
		t.Errorf("got %v, want an error without the passphrase", err)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("the folder of signed packages was made")
	}
}

func TestASignatureOfAnotherAuthorityIsNotTakenForProven(t *testing.T) {
	release := releaseFolder(t)
	need(t, "openssl", "osslsigncode")
	signer := codeSigner(t)
	signer.CAFile = codeSigner(t).CAFile
	if err := signRelease(t, signer, release, filepath.Join(t.TempDir(), "signed")); err == nil || !strings.Contains(err.Error(), "verify the signature") {
		t.Errorf("got %v, want a signature that is not proven", err)
	}
}
