package pack

import (
	"bytes"
	"context"
	"crypto/sha1" //nolint:gosec // UUIDs of version 5 are made with it
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
	"time"
)

// upgradeCode names the product through all its versions. It must never change:
// Windows finds what to replace by it.
const upgradeCode = "{5B8833D9-DC47-4A71-8988-86F241B233B9}"

// errNoWixl is a host that makes no MSI.
var errNoWixl = errors.New("wixl and msibuild are not installed (Debian: apt-get install wixl msitools)")

// wixl 0.101 has no element for environment variables; msibuild adds that table.
const installerWXS = `<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="{{.Product}}" UpgradeCode="{{.Upgrade}}" Name="{{.Name}}" Language="1033" Version="{{.Number}}" Manufacturer="{{.Vendor}}">
    <Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine" Description="{{.Name}} {{.Version}}" Manufacturer="{{.Vendor}}"/>
    <MajorUpgrade DowngradeErrorMessage="A newer version of the {{.Name}} is installed already."/>
    <Media Id="1" Cabinet="installer.cab" EmbedCab="yes"/>
    <Directory Id="TARGETDIR" Name="SourceDir">
      <Directory Id="ProgramFiles64Folder">
        <Directory Id="EMPOWER" Name="empower">
          <Directory Id="INSTALLDIR" Name="installer">
            <Component Id="Program" Guid="{{.Component}}" Win64="yes">
              <File Id="installer.exe" Name="installer.exe" Source="installer.exe" KeyPath="yes"/>
            </Component>
          </Directory>
        </Directory>
      </Directory>
    </Directory>
    <Feature Id="Complete" Level="1"><ComponentRef Id="Program"/></Feature>
  </Product>
</Wix>
`

// environmentTable appends the folder to the PATH of the machine, and takes it
// off with the product.
const environmentTable = "Environment\tName\tValue\tComponent_\r\ns72\tl255\tL255\ts72\r\nEnvironment\tEnvironment\r\n" +
	"Path\t=-*PATH\t[~];[INSTALLDIR]\tProgram\r\n"

// canMSI tells whether there is a way to an MSI for a target: wixl knows no arm64.
func canMSI(target Target) bool { return target == Target{"windows", "amd64"} }

// MSI is the program as a package of Windows Installer. Folder is empty and takes
// what the tools read and write.
func MSI(ctx context.Context, folder string, program []byte, origin Origin) ([]byte, error) {
	for _, tool := range []string{"wixl", "msibuild"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, errNoWixl
		}
	}
	number, _, _ := strings.Cut(origin.Version, "-")
	code := uuid5("package " + origin.Version + " " + origin.Commit + " " + string(program))
	source, err := template.New("wxs").Parse(installerWXS)
	if err != nil {
		return nil, err
	}
	var wxs bytes.Buffer
	err = source.Execute(&wxs, map[string]string{
		"Product": uuid5("product " + number), "Upgrade": upgradeCode, "Component": uuid5("component installer.exe"),
		"Name": product, "Vendor": vendor, "Number": number, "Version": origin.Version,
	})
	if err != nil {
		return nil, err
	}
	for _, f := range []File{{Name: "installer.exe", Data: program}, {Name: "installer.wxs", Data: wxs.Bytes()}, {Name: "Environment.idt", Data: []byte(environmentTable)}} {
		path, err := stage(folder, f)
		if err != nil {
			return nil, err
		}
		if err := os.Chtimes(path, origin.Time, origin.Time); err != nil { // the cabinet takes it over
			return nil, err
		}
	}
	if err := runMSITools(ctx, folder, number); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(folder, "installer.msi"))
	if err != nil {
		return nil, err
	}
	return data, settle(data, code, origin.Time)
}

func runMSITools(ctx context.Context, folder, number string) error {
	query := func(sql string) []string { return []string{"msibuild", "installer.msi", "-q", sql} }
	for _, argv := range [][]string{
		{"wixl", "--arch", "x64", "--output", "installer.msi", "installer.wxs"},
		{"msibuild", "installer.msi", "-i", "Environment.idt"},
		query("INSERT INTO InstallExecuteSequence (Action, Sequence) VALUES ('RemoveEnvironmentStrings', 3300)"),
		query("INSERT INTO InstallExecuteSequence (Action, Sequence) VALUES ('WriteEnvironmentStrings', 5200)"),
		// Windows Installer compares programs that have a version by it.
		query("UPDATE File SET Version = '" + number + ".0', Language = '1033' WHERE File = 'installer.exe'"),
	} {
		cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), "TZ=UTC", "LC_ALL=C")
		if _, err := output(cmd); err != nil {
			return err
		}
	}
	return nil
}

// uuid5 is a UUID of version 5 (RFC 9562) in the form of Windows Installer.
func uuid5(name string) string {
	const space = "empower backend installer, Windows Installer: "
	sum := sha1.Sum([]byte(space + name)) //nolint:gosec // as above
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return strings.ToUpper(fmt.Sprintf("{%x-%x-%x-%x-%x}", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16]))
}

// Properties of the summary information stream ([MS-OLEPS], and Summary
// Information Stream of Windows Installer on Microsoft Learn).
const (
	pidPackageCode = 9
	pidCreated     = 12
	pidSaved       = 13
	typeText       = 30
	typeTime       = 64
)

// settle puts the package code and the times of the summary information, which
// the tools take by chance and from the clock.
func settle(msi []byte, code string, at time.Time) error {
	format := []byte{0xe0, 0x85, 0x9f, 0xf2, 0xf9, 0x4f, 0x68, 0x10, 0xab, 0x91, 0x08, 0x00, 0x2b, 0x27, 0xb3, 0xd9}
	if bytes.Count(msi, format) != 1 {
		return errors.New("the MSI has no summary information, or two")
	}
	// The stream starts with a header of 28 bytes; then the format, and where the
	// properties are, counted from the stream's start.
	stream := msi[bytes.Index(msi, format)-28:]
	if len(stream) < 48 {
		return errSummary
	}
	start := binary.LittleEndian.Uint32(stream[44:])
	if int64(start)+8 > int64(len(stream)) {
		return errSummary
	}
	set := summary(stream[start:])
	filetime := make([]byte, 8)
	binary.LittleEndian.PutUint64(filetime, uint64(at.Unix()+11644473600)*10_000_000) //nolint:gosec // no commit is older than 1601
	return errors.Join(
		set.put(pidPackageCode, typeText, append(binary.LittleEndian.AppendUint32(nil, uint32(len(code)+1)), code...)), //nolint:gosec // 39
		set.put(pidCreated, typeTime, filetime),
		set.put(pidSaved, typeTime, filetime),
	)
}

var errSummary = errors.New("the summary information of the MSI has another form than wixl 0.101 writes")

// summary is a property set: its size, how many there are, and for each its
// number and its place.
type summary []byte

// put overwrites the value of a property of the same size.
func (s summary) put(id, kind uint32, value []byte) error {
	count := int(binary.LittleEndian.Uint32(s[4:]))
	for i := range min(count, (len(s)-8)/8) {
		entry := s[8+8*i:]
		if binary.LittleEndian.Uint32(entry) != id {
			continue
		}
		place := int64(binary.LittleEndian.Uint32(entry[4:]))
		if place+4+int64(len(value)) > int64(len(s)) || binary.LittleEndian.Uint32(s[place:]) != kind {
			return errSummary
		}
		if kind == typeText && !bytes.Equal(s[place+4:place+8], value[:4]) {
			return errSummary
		}
		copy(s[place+4:], value)
		return nil
	}
	return errSummary
}
