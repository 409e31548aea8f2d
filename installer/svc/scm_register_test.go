package svc_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/svc"
)

const accountPassword = "not-a-real-password-1"

func web(account, password string) svc.Definition {
	return svc.Definition{Name: "web", Windows: svc.Windows{
		Exec: []string{`C:\Program Files\empower\backend.exe`, "--config", `D:\a b\x.json`}, DisplayName: "Web", Description: "The web.",
		Account: account, Password: secret.New(password), Delayed: true, After: []string{"MSSQLSERVER"},
	}}
}

const webLine = `"C:\Program Files\empower\backend.exe" --config "D:\a b\x.json"`

// lastChange is the last registration; its password apart, "none" for none at all.
func (d *double) lastChange(t *testing.T) (svc.SCMChange, string) {
	t.Helper()
	if len(d.changes) == 0 {
		t.Fatal("nothing was registered")
	}
	c, password := d.changes[len(d.changes)-1], "none"
	if c.Password != nil {
		password = c.Password.Reveal()
	}
	c.Password = nil
	return c, password
}

func TestANewServiceIsRegisteredWhole(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		if err := m.Register(t.Context(), web(`CONTOSO\svc`, accountPassword)); err != nil {
			t.Fatal(err)
		}
		got, password := d.lastChange(t)
		wanted := svc.SCMChange{
			Type: ownProcess, Start: 3, CommandLine: webLine, Account: `CONTOSO\svc`, DisplayName: "Web", After: []string{"MSSQLSERVER"},
		}
		if !reflect.DeepEqual(got, wanted) || password != accountPassword {
			t.Errorf("got %+v with the right password %v, want %+v", got, password == accountPassword, wanted)
		}
		restart := svc.SCMAction{Type: 1, Delay: time.Minute}
		settings := []svc.SCMSetting{
			{Level: 1, Text: "The web."},
			{Level: 2, Time: 24 * time.Hour, Actions: []svc.SCMAction{restart, restart, {}}},
			{Level: 4, On: true},
			{Level: 7, Time: time.Minute},
			{Level: 3, On: true},
		}
		if !reflect.DeepEqual(d.settings, settings) {
			t.Errorf("got %+v, want %+v", d.settings, settings)
		}
		d.asked(t, "create web")
	})
}

func TestAServiceIsCalledByItsNameWhereNothingElseIsSaid(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		err := m.Register(t.Context(), svc.Definition{Name: "web", Enable: true, Windows: svc.Windows{Exec: []string{`C:\b.exe`}}})
		got, _ := d.lastChange(t)
		if err != nil || got.DisplayName != "web" || got.Start != 2 || got.Account != "LocalSystem" {
			t.Errorf("got %+v and %v", got, err)
		}
	})
}

func TestEachKindOfAccountGetsThePasswordThatWindowsWants(t *testing.T) {
	for account, wanted := range map[string]string{
		"": "", "LocalService": "", "NetworkService": "",
		`NT SERVICE\web`: "none", `CONTOSO\web$`: "none",
		`CONTOSO\svc`: accountPassword, `.\svc`: accountPassword,
	} {
		onDouble(t, func(d *double, m *svc.SCMManager) {
			t := d.t
			if err := m.Register(t.Context(), web(account, accountPassword)); err != nil {
				t.Fatal(err)
			}
			if _, got := d.lastChange(t); got != wanted {
				t.Errorf("%s: got another password than wanted", account)
			}
		})
	}
}

func TestAccountsOfPeopleAndOfTheDomainMayLogOnAsAService(t *testing.T) {
	for account, granted := range map[string][]string{
		`CONTOSO\svc`: {`CONTOSO\svc`}, `CONTOSO\web$`: {`CONTOSO\web$`}, "svc": {`.\svc`},
		"": nil, "LocalService": nil, "NetworkService": nil, `NT SERVICE\web`: nil,
	} {
		onDouble(t, func(d *double, m *svc.SCMManager) {
			t := d.t
			if err := m.Register(t.Context(), web(account, accountPassword)); err != nil {
				t.Fatal(err)
			}
			want(t, account+" got the right", d.granted, granted...)
		})
	}
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		d.refuse["grant"] = number(svc.WindowsNoSuchAccount)
		err := m.Register(t.Context(), web(`CONTOSO\svc`, accountPassword))
		if err == nil {
			t.Fatal("an account that is not there was taken")
		}
		wantText(t, err.Error(), `register "web": let CONTOSO\svc log on as a service: `, "there is no such account (error 1332)")
		d.asked(t, "create web")
		d.emulated = true
		if err := m.Register(t.Context(), web(`CONTOSO\svc`, accountPassword)); err != nil {
			t.Error(err)
		}
	})
}

func TestAnAccountThatNeedsAPasswordIsRefusedWithout(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		err := m.Register(t.Context(), web(`CONTOSO\svc`, ""))
		wantAll(t, err, svc.ErrPassword)
		wantText(t, err.Error(), `register "web": CONTOSO\svc: `)
		d.add("web", svc.SCMStopped)
		wantAll(t, m.Register(t.Context(), web(`CONTOSO\svc`, "")), svc.ErrPassword)
		d.asked(t)

		// One that the service has already keeps the password that it has.
		d.services["web"].config.Account = `contoso\SVC`
		if err := m.Register(t.Context(), web(`CONTOSO\svc`, "")); err != nil {
			t.Fatal(err)
		}
		if got, password := d.lastChange(t); got.Account != "" || password != "none" {
			t.Errorf("got the account %q changed", got.Account)
		}
	})
}

func TestOnlyWhatDiffersIsChanged(t *testing.T) {
	same := svc.SCMConfig{
		Type: ownProcess, Start: 3, CommandLine: webLine, Account: `NT AUTHORITY\LOCAL SERVICE`, DisplayName: "Web", After: []string{"mssqlserver"},
	}
	for name, c := range map[string]struct {
		differ func(now *svc.SCMConfig, d *svc.Definition)
		want   svc.SCMChange
	}{
		"nothing":      {func(*svc.SCMConfig, *svc.Definition) {}, svc.SCMChange{}},
		"type":         {func(now *svc.SCMConfig, _ *svc.Definition) { now.Type = 0x110 }, svc.SCMChange{Type: ownProcess}},
		"program":      {func(now *svc.SCMConfig, _ *svc.Definition) { now.CommandLine = "x" }, svc.SCMChange{CommandLine: webLine}},
		"account":      {func(now *svc.SCMConfig, _ *svc.Definition) { now.Account = "LocalSystem" }, svc.SCMChange{Account: `NT AUTHORITY\LocalService`}},
		"name":         {func(now *svc.SCMConfig, _ *svc.Definition) { now.DisplayName = "Old" }, svc.SCMChange{DisplayName: "Web"}},
		"no name":      {func(_ *svc.SCMConfig, d *svc.Definition) { d.Windows.DisplayName = "" }, svc.SCMChange{}},
		"more":         {func(now *svc.SCMConfig, _ *svc.Definition) { now.After = nil }, svc.SCMChange{After: []string{"MSSQLSERVER"}}},
		"less":         {func(_ *svc.SCMConfig, d *svc.Definition) { d.Windows.After = nil }, svc.SCMChange{After: []string{}}},
		"enabled":      {func(_ *svc.SCMConfig, d *svc.Definition) { d.Enable = true }, svc.SCMChange{Start: 2}},
		"stays so":     {func(now *svc.SCMConfig, d *svc.Definition) { now.Start, d.Enable = 2, false }, svc.SCMChange{}},
		"disabled":     {func(now *svc.SCMConfig, d *svc.Definition) { now.Start, d.Enable = 4, true }, svc.SCMChange{}},
		"is automatic": {func(now *svc.SCMConfig, d *svc.Definition) { now.Start, d.Enable = 2, true }, svc.SCMChange{}},
	} {
		t.Run(name, func(t *testing.T) {
			onDouble(t, func(d *double, m *svc.SCMManager) {
				t := d.t
				s, definition := d.add("web", svc.SCMStopped), web("LocalService", "")
				s.config = same
				c.differ(&s.config, &definition)
				if err := m.Register(t.Context(), definition); err != nil {
					t.Fatal(err)
				}
				if reflect.DeepEqual(c.want, svc.SCMChange{}) {
					d.asked(t)
					return
				}
				if got, _ := d.lastChange(t); !reflect.DeepEqual(got, c.want) {
					t.Errorf("got %+v, want %+v", got, c.want)
				}
			})
		})
	}
}

func TestAPasswordThatIsGivenIsAlwaysSet(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		for range 2 {
			if err := m.Register(t.Context(), web(`CONTOSO\svc`, accountPassword)); err != nil {
				t.Fatal(err)
			}
		}
		got, password := d.lastChange(t)
		if !reflect.DeepEqual(got, svc.SCMChange{Account: `CONTOSO\svc`}) || password != accountPassword {
			t.Errorf("got %+v with the right password %v", got, password == accountPassword)
		}
		d.asked(t, "create web", "change web")
	})
}

func TestAPartThatIsMissingIsAnErrorOnWindowsAlone(t *testing.T) {
	for _, emulated := range []bool{true, false} {
		onDouble(t, func(d *double, m *svc.SCMManager) {
			t := d.t
			d.emulated = emulated
			d.add("web", svc.SCMStopped)
			d.refuse["set web"] = number(svc.WindowsInvalidLevel)
			err := m.Register(t.Context(), web("", ""))
			if (err == nil) != emulated {
				t.Errorf("emulated %v: got %v", emulated, err)
			}
			d.refuse["set web"] = number(svc.WindowsAccessDenied)
			wantAll(t, m.Register(t.Context(), web("", "")), svc.ErrPermission)
		})
	}
}

func TestDefinitionsThatCannotBeAreRefused(t *testing.T) {
	for name, spoil := range map[string]func(w *svc.Windows){
		"no program":       func(w *svc.Windows) { w.Exec = nil },
		"a relative one":   func(w *svc.Windows) { w.Exec = []string{"backend.exe"} },
		"no account":       func(w *svc.Windows) { w.Account = "a;b" },
		"odd dependency":   func(w *svc.Windows) { w.After = []string{`a\b`} },
		"no dependency":    func(w *svc.Windows) { w.After = []string{""} },
		"odd name":         func(w *svc.Windows) { w.DisplayName = "a\x00b" },
		"odd description":  func(w *svc.Windows) { w.Description = "a\x00b" },
		"variable in exec": func(w *svc.Windows) { w.Exec = append(w.Exec, "%PATH%") },
	} {
		onDouble(t, func(d *double, m *svc.SCMManager) {
			t := d.t
			for range 2 {
				definition := web("", "")
				spoil(&definition.Windows)
				if err := m.Register(t.Context(), definition); err == nil || !strings.HasPrefix(err.Error(), `register "web": `) {
					t.Errorf("%s: got %v", name, err)
				}
				d.asked(t)
				d.add("web", svc.SCMStopped)
			}
		})
	}
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		wantAll(t, m.Register(t.Context(), web(`\x`, "")), access.ErrAccount)
	})
}

func TestAnswersToARegistrationHaveTheirSentinels(t *testing.T) {
	for answer, sentinel := range map[uint32]error{
		svc.WindowsAccessDenied: svc.ErrPermission, svc.WindowsMarkedForDelete: svc.ErrDeleting,
		svc.WindowsServiceExists: nil, // made by somebody else meanwhile
	} {
		onDouble(t, func(d *double, m *svc.SCMManager) {
			t := d.t
			d.refuse["create web"] = number(answer)
			err := m.Register(t.Context(), web(`CONTOSO\svc`, accountPassword))
			if sentinel != nil {
				wantAll(t, err, sentinel)
			}
			wantText(t, err.Error(), `register "web": `, fmt.Sprintf("(error %d)", answer))
			if strings.Contains(err.Error(), accountPassword) {
				t.Error("the password is in the error")
			}
		})
	}
}

func TestAServiceIsDeletedOnce(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		d.add("web", svc.SCMStopped)
		for range 2 {
			if err := m.Unregister(t.Context(), "web"); err != nil {
				t.Error(err)
			}
		}
		d.asked(t, "delete web", "delete web")
		d.add("held", svc.SCMStopped)
		d.refuse["delete held"] = number(svc.WindowsMarkedForDelete)
		if err := m.Unregister(t.Context(), "held"); err != nil {
			t.Error(err)
		}
		d.refuse["delete held"] = number(svc.WindowsAccessDenied)
		wantAll(t, m.Unregister(t.Context(), "held"), svc.ErrPermission)
	})
}

func TestTheProgramIsQuotedAndItsArgumentsAreTakenApartAgain(t *testing.T) {
	const exe = `C:\Program Files\empower\backend.exe`
	for line, args := range map[string][]string{
		`"` + exe + `"`:                       {},
		`"` + exe + `" --config a.json`:       {"--config", "a.json"},
		`"` + exe + `" "" "a b" "c	d"`:        {"", "a b", "c\td"},
		`"` + exe + `" "say \"hi\"" "\\\""`:   {`say "hi"`, `\"`},
		`"` + exe + `" C:\x\ "C:\a b\\"`:      {`C:\x\`, `C:\a b\`},
		`"` + exe + `" "a\\\"b c\d" \\s\x`:    {`a\"b c\d`, `\\s\x`},
		`"` + exe + `" Grüße --share=100%`:    {"Grüße", "--share=100%"},
		`"` + exe + `" "line` + "\n" + `two"`: {"line\ntwo"},
	} {
		got, err := svc.CommandLine(append([]string{exe}, args...))
		if err != nil || got != line {
			t.Errorf("%q: got %s and %v, want %s", args, got, err, line)
		}
	}
}

func TestACommandLineThatWindowsWouldReadOtherwiseIsRefused(t *testing.T) {
	for _, argv := range [][]string{
		nil,
		{""},
		{"backend.exe"},
		{`backend\b.exe`},
		{`\b.exe`},
		{`C:b.exe`},
		{`C:\`},
		{`1:\b.exe`},
		{`C:\a"b.exe`},
		{"/usr/bin/b"},
		{`\\`},
		{`C:\b.exe`, "a\x00b"},
		{`C:\b.exe`, "%SystemRoot%"},
		{`C:\100%\b.exe`, "5%"},
	} {
		if got, err := svc.CommandLine(argv); err == nil {
			t.Errorf("%q: got %s, want it refused", argv, got)
		}
	}
	for _, exe := range []string{`c:\b.exe`, `Z:/opt/b.exe`, `\\server\share\b.exe`} {
		if _, err := svc.CommandLine([]string{exe}); err != nil {
			t.Errorf("%q: %v", exe, err)
		}
	}
}
