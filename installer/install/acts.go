package install

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/run"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/step"
)

// Modes of the program's own files. The service's account may read the
// fingerprint key where it has an account of its own.
const (
	stateMode     fs.FileMode = 0o600
	sharedKeyMode fs.FileMode = 0o640
	releasesMode  fs.FileMode = 0o755
)

// list gathers acts.
type list struct{ acts []run.Act }

func (l *list) add(kind string, s run.Step) { l.acts = append(l.acts, run.Act{Kind: kind, Step: s}) }

// acts lists what an installation does. Undone backwards, services are stopped
// and unknown before their files go.
func (in *installation) acts(ctx context.Context, found []rollout.Found) ([]run.Act, error) {
	var l list
	if err := in.addAccount(ctx, &l); err != nil {
		return nil, err
	}
	for _, f := range in.made.folders {
		l.add(session.KindFolder, &step.MakeFolder{
			Path: f.path, Mode: f.mode, Owner: f.owner, Missing: step.MissingFolders(f.path), Host: in.deps.Host,
		})
	}
	in.addProgram(&l)
	key, err := secret.NewKey(in.deps.Random)
	if err != nil {
		return nil, err
	}
	keyOwner, keyMode := in.made.reader(), stateMode
	if keyOwner.User != "" {
		keyMode = sharedKeyMode
	}
	l.add(session.KindFile, &step.WriteFile{
		Path: in.folder.Key(), Mode: keyMode, Owner: keyOwner,
		Content: []byte(key.Encode().Reveal()), Host: in.deps.Host,
	})
	for _, f := range in.made.files {
		l.add(session.KindFile, &step.WriteFile{Path: f.path, Mode: f.mode, Owner: f.owner, Content: f.content, Host: in.deps.Host})
	}
	for i, s := range in.services {
		l.add(session.KindRegister, &step.Register{Service: s, Definition: in.made.definition(in.services[i]), Crew: in.deps.Crew})
	}
	if in.boot != nil {
		l.add(session.KindUnits, in.boot)
	}
	fingerprint := key.Fingerprint(in.wanted[settings.ClientSecret])
	l.add(session.KindStart, &step.Start{Services: found, Crew: in.deps.Crew})
	l.add(session.KindProve, &step.Prove{Services: found, Fingerprint: fingerprint, Crew: in.deps.Crew})
	err = in.addState(&l, fingerprint)
	return l.acts, err
}

// addAccount makes the account that the services run as. On Windows it is there.
func (in *installation) addAccount(ctx context.Context, l *list) error {
	if in.made.user == "" {
		return nil
	}
	_, err := in.deps.Host.Lookup(ctx, in.made.user)
	if err != nil && !errors.Is(err, host.ErrNoUser) {
		return explain.State(err)
	}
	l.add(session.KindUser, &step.MakeUser{Name: in.made.user, WasThere: err == nil, Host: in.deps.Host})
	return nil
}

// addProgram copies the program files and points at them. Another environment
// of this host may have brought them already.
func (in *installation) addProgram(l *list) {
	if in.req.Payload == "" {
		return
	}
	p := in.made.paths
	there := len(step.MissingFolders(p.Release)) == 0
	releases := filepath.Dir(p.Release)
	l.add(session.KindFolder, &step.MakeFolder{
		Path: releases, Mode: releasesMode, Missing: step.MissingFolders(releases), Host: in.deps.Host,
	})
	l.add(session.KindPayload, &step.Payload{From: in.req.Payload, To: p.Release, WasThere: there})
	if p.Current != p.Release {
		l.add(session.KindLink, &step.Link{Path: p.Current, Target: p.Release})
	}
}

// addState saves what later commands read. The description is the last: with
// it, and not before, the environment is installed.
func (in *installation) addState(l *list, fingerprint string) error {
	now := in.deps.Now().UTC()
	record := site.Record{
		Format: site.RecordFormat, Files: map[string]string{},
		Credential: &site.Credential{Fingerprint: fingerprint, SetAt: now, SetBy: in.req.Operator},
		LastChange: &site.LastChange{Run: in.deps.RunID, Command: "install", At: now, By: in.req.Operator},
	}
	record.Credential.Note(in.proven, in.known)
	for _, f := range in.made.files {
		sum := sha256.Sum256(f.content)
		record.Files[f.path] = hex.EncodeToString(sum[:])
	}
	remembered, err := record.Encode()
	if err != nil {
		return err
	}
	described, err := release.Encode(in.made.installation)
	if err != nil {
		return fmt.Errorf("describe the installation: %w", err)
	}
	l.add(session.KindSave, &step.Save{Path: in.folder.Record(), Mode: stateMode, New: remembered})
	l.add(session.KindSave, &step.Save{Path: in.folder.Installation(), Mode: stateMode, New: described})
	in.report.Credential = &report.Credential{
		ID: in.known.ID, Expires: in.known.Expires, Fingerprint: fingerprint, Validation: record.Credential.Validation,
	}
	return nil
}

// tell says what stands now.
func (in *installation) tell() {
	in.report.Result, in.report.Changed = report.Changed, true
	in.report.Plan = nil
	for _, f := range in.made.files {
		in.report.Files = append(in.report.Files, report.File{Path: f.path})
	}
	for _, s := range in.services {
		in.report.Services = append(in.report.Services, report.Service{Name: s.Name, State: "running", Action: "started"})
	}
	in.report.Next = append(in.report.Next,
		in.deps.Hint("verify", in.req.Environment)+" proves the present state at any time",
		in.deps.Hint("configure", in.req.Environment)+" replaces the client secret before it expires")
}
