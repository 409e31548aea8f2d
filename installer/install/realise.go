package install

import (
	"cmp"
	"fmt"
	"io/fs"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/render"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// manifestFile is the manifest's name in a release.
const manifestFile = "release.yaml"

// realise works out what will be made. It reads the release and nothing else.
func (in *installation) realise() (made, error) {
	m, err := in.workOut()
	if err != nil {
		return m, fault.Wrap(fault.ConfigInvalid, err, "the release cannot be worked out",
			"correct the place named in the release, or leave --release out to take the one that the program carries")
	}
	return m, nil
}

func (in *installation) workOut() (made, error) {
	text, err := fs.ReadFile(in.req.Release, manifestFile)
	if err != nil {
		return made{}, err
	}
	manifest, err := release.ParseManifest(text)
	if err != nil {
		return made{}, err
	}
	m := made{paths: in.deps.Layout.For(in.req.Environment, manifest.Version).Under(in.req.Prefix)}
	m.paths.State = in.folder.Path
	view := render.View{
		Env: in.req.Environment, Version: manifest.Version, Paths: m.paths, FingerprintKey: in.folder.Key(), Setting: in.setting,
	}
	if in.req.ServiceManager == Systemd {
		view.User = cmp.Or(in.value(settings.ServiceAccount).Reveal(), manifest.User)
		view.Group = view.User
	}
	realised, err := manifest.Realise(release.View{
		Environment: in.req.Environment, Manager: in.req.ServiceManager, Account: in.value(settings.ServiceAccount).Reveal(),
		Installer: in.deps.Version, Known: settings.Known,
		Read:   func(name string) ([]byte, error) { return fs.ReadFile(in.req.Release, name) },
		Render: func(name, text string) (string, error) { return render.Text(name, text, view) },
	})
	if err != nil {
		return made{}, err
	}
	return m, m.take(realised, in.value)
}

// value is a setting as it will be: wanted, else the default. The authority is
// that of the cloud where none is named, so that the backend asks where the
// installer asked.
func (in *installation) value(key string) secret.Value {
	if v, ok := in.wanted[key]; ok && !v.IsZero() {
		return v
	}
	if key == settings.EntraAuthority {
		authority, _, _ := entra.Cloud(in.value(settings.EntraCloud).Reveal())
		return secret.New(authority)
	}
	return secret.New(settings.Default(key))
}

// setting is value for templates, which never get a secret.
func (in *installation) setting(key string) (string, bool) {
	isSecret, ok := settings.Known(key)
	if !ok || isSecret {
		return "", false
	}
	return in.value(key).Reveal(), true
}

// take puts the values into their slots.
func (m *made) take(r release.Realised, value func(key string) secret.Value) error {
	m.user, m.enable, m.units = r.User, r.Enable, map[string][]byte{}
	m.installation, m.windows = r.Installation, r.Windows
	for _, f := range r.Folders {
		owner := m.reader()
		if f.Owner == "service" {
			owner.Root = false
		}
		m.folders = append(m.folders, folder{path: f.Path, mode: release.Mode(f.Mode), owner: owner})
	}
	for _, u := range r.Units {
		m.units[u.Name] = []byte(u.Text)
	}
	placed := map[string]bool{}
	for _, f := range r.Files {
		content, err := fill(f, r.Installation.Files, value, placed)
		if err != nil {
			return err
		}
		m.files = append(m.files, file{path: f.Name, mode: f.Mode, owner: m.reader(), content: content})
	}
	m.describe(value, placed)
	return nil
}

// choose finds the accounts of services on Windows. A service that none is named for
// gets its own. The error is a *fault.Error.
func (m *made) choose(value func(key string) secret.Value) error {
	m.accounts = map[string]account{}
	for name := range m.windows {
		text := cmp.Or(value(settings.ServiceAccount).Reveal(), `NT SERVICE\`+name)
		read, err := access.ParseAccount(text)
		if err != nil {
			return fault.Wrap(fault.Usage, err, settings.ServiceAccount,
				`write it as DOMAIN\user, DOMAIN\name$ for a managed account, LocalService or NetworkService; leave it empty for one that each service has for itself`)
		}
		a := account{Account: read}
		if read.NeedsPassword() {
			if a.password = value(settings.ServicePassword); a.password.IsZero() {
				return fault.New(fault.Usage, fmt.Sprintf("the account %s has a password, and %s is missing", read.Name, settings.ServicePassword),
					`give it as other secrets: by file, environment or credential store; a managed account (DOMAIN\name$) needs none`)
			}
		}
		m.accounts[name] = a
	}
	return nil
}

// fill splices the values of a file's slots into its text.
func fill(f release.Made, described []release.File, value func(string) secret.Value, placed map[string]bool) ([]byte, error) {
	content := []byte(f.Text)
	for _, d := range described {
		if d.Path != f.Name {
			continue
		}
		var changes []document.Change
		for _, s := range d.Slots {
			placed[s.Setting] = true
			if v := value(s.Setting); !v.IsZero() {
				changes = append(changes, document.Change{Slot: document.Slot{At: s.At, FinalNewline: d.FinalNewline}, Value: v})
			}
		}
		if len(changes) > 0 {
			return document.Edit(content, d.Format, changes)
		}
	}
	return content, nil
}

// describe notes the settings that no file holds.
func (m *made) describe(value func(key string) secret.Value, placed map[string]bool) {
	m.installation.Settings = map[string]string{}
	for _, s := range settings.All() {
		own := s.Kind == settings.Secret || s.Key == settings.Environment || settings.Told(s.Key)
		if v := value(s.Key); !own && !placed[s.Key] && !v.IsZero() {
			m.installation.Settings[s.Key] = v.Reveal()
		}
	}
}
