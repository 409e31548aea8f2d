package azidentity_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

// byDeviceCode signs a user in, who acts as soon as the message is shown.
func byDeviceCode(t *testing.T, s *entratest.Server, act func(userCode string) error) (azcore.AccessToken, error) {
	t.Helper()
	credential, err := azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: options(s, trusting(s)), DisableInstanceDiscovery: true,
		TenantID: entratest.TenantID, ClientID: entratest.PublicClientID,
		UserPrompt: func(_ context.Context, m azidentity.DeviceCodeMessage) error {
			if !strings.Contains(m.Message, m.UserCode) || m.VerificationURL != "https://microsoft.com/devicelogin" {
				t.Errorf("got %+v", m)
			}
			return act(m.UserCode)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	return credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/Application.ReadWrite.All"}})
}

func approving(s *entratest.Server) func(string) error {
	return func(userCode string) error { return s.Approve(userCode, "") }
}

func TestMicrosoftsClientSignsAUserInByDeviceCode(t *testing.T) {
	s := entratest.Start(t, entratest.State{Knobs: entratest.Knobs{DeviceInterval: time.Second}})
	token, err := byDeviceCode(t, s, approving(s))
	if err != nil {
		t.Fatal(err)
	}
	holder, ok := s.Holder(token.Token)
	if !ok || holder.User == nil || holder.User.Email != "test.user@test.example" {
		t.Fatalf("got %+v, %v", holder, ok)
	}
	if want := "Application.ReadWrite.All"; strings.Join(holder.Scopes, " ") != want {
		t.Errorf("got scopes %q, want %q", holder.Scopes, want)
	}
}

func TestMicrosoftsClientPollsUntilTheUserHasCome(t *testing.T) {
	s := entratest.Start(t, entratest.State{Knobs: entratest.Knobs{DeviceInterval: time.Second}})
	_, err := byDeviceCode(t, s, func(userCode string) error {
		time.AfterFunc(1500*time.Millisecond, func() {
			if err := s.Approve(userCode, ""); err != nil {
				t.Error(err)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.TokenRequests(entratest.PublicClientID, "70016"); got == 0 {
		t.Error("it never asked in vain")
	}
}

func TestMicrosoftsClientEndsWhereTheUserOrAPolicyDoes(t *testing.T) {
	for name, c := range map[string]struct {
		policy entratest.DevicePolicy
		act    func(*entratest.Server, string) error
		want   string
	}{
		"declined": {entratest.PolicyNone, func(s *entratest.Server, code string) error { return s.Decline(code) }, "70018"},
		"blocked":  {entratest.PolicyAtToken, func(s *entratest.Server, code string) error { return s.Approve(code, "") }, "53003"},
	} {
		s := entratest.Start(t, entratest.State{Knobs: entratest.Knobs{DeviceInterval: time.Second, DevicePolicy: c.policy}})
		_, err := byDeviceCode(t, s, func(code string) error { return c.act(s, code) })
		var failed *azidentity.AuthenticationFailedError
		if !errors.As(err, &failed) {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
		if got := s.TokenRequests(entratest.PublicClientID, c.want); got != 1 {
			t.Errorf("%s: %s was answered %d times, want once", name, c.want, got)
		}
	}
}
