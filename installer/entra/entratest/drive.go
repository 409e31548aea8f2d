package entratest

import (
	"fmt"
	"slices"
	"time"
)

// Set turns every knob at once; the answer counts from here.
func (s *Server) Set(k Knobs) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.knobs = k
}

// Knobs is how the knobs stand; AnswerCount is what is left of it.
func (s *Server) Knobs() Knobs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.knobs
}

// Turn turns some knobs by name, see Knobs.With.
func (s *Server) Turn(turned map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, err := s.knobs.With(turned)
	if err == nil {
		s.knobs = k
	}
	return err
}

// AddApp registers an application. Passwords that come with it are known to
// every replica at once.
func (s *Server) AddApp(a App) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.directory.addApp(a, s.clock()); err != nil {
		return err
	}
	s.directory.app(a.ClientID).created = s.now()
	return nil
}

// ChangeApp changes an application in place; its passwords have their own
// methods, its client ID and tenant stay.
func (s *Server) ChangeApp(clientID string, change func(*App)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	app := s.directory.app(clientID)
	if app == nil {
		return fmt.Errorf("%s: %w", clientID, ErrUnknownApp)
	}
	changed := app.App
	change(&changed)
	changed.ClientID, changed.Tenant, changed.Passwords = app.ClientID, app.Tenant, nil
	app.App = changed
	return nil
}

// Apps is every application with its passwords.
func (s *Server) Apps() []App {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []App
	for _, a := range s.directory.apps {
		app := a.App
		for _, p := range a.passwords {
			app.Passwords = append(app.Passwords, p.Password)
		}
		all = append(all, app)
	}
	return all
}

// AddPassword gives an application a fresh password, which spreads as the
// knobs say, and returns it with what was made up.
func (s *Server) AddPassword(clientID string, p Password) (Password, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	app := s.directory.app(clientID)
	if app == nil {
		return Password{}, fmt.Errorf("%s: %w", clientID, ErrUnknownApp)
	}
	added, err := app.add(p, s.clock(), s.knobs.spread(s.now(), s.options.Seed))
	if err != nil {
		return Password{}, err
	}
	added.added = s.now()
	return added.Password, nil
}

// RemovePassword deletes a password, at all replicas at once.
func (s *Server) RemovePassword(clientID, keyID string) error {
	return s.password(clientID, keyID, func(app *application, i int) {
		app.removed = append(app.removed, gone{app.passwords[i], s.now()})
		app.passwords = slices.Delete(app.passwords, i, i+1)
	})
}

// Expire lets a password end now.
func (s *Server) Expire(clientID, keyID string) error {
	return s.password(clientID, keyID, func(app *application, i int) {
		app.passwords[i].End = s.clock().Add(-time.Second)
	})
}

func (s *Server) password(clientID, keyID string, act func(*application, int)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	app := s.directory.app(clientID)
	if app == nil {
		return fmt.Errorf("%s: %w", clientID, ErrUnknownApp)
	}
	i := slices.IndexFunc(app.passwords, func(p *password) bool { return p.KeyID == keyID })
	if i < 0 {
		return fmt.Errorf("%s: %w", keyID, ErrUnknownPassword)
	}
	act(app, i)
	return nil
}
