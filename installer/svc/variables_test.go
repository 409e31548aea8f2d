package svc_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/svc"
)

func TestAServicesOwnVariablesReplaceThoseOfTheHost(t *testing.T) {
	got := svc.Inherit([]string{"DOTNET_ENVIRONMENT=Staging", "A"}, []string{"dotnet_environment=Production", "PATH", "ASPNETCORE_ENVIRONMENT=Test"})
	want(t, "variables", got, "DOTNET_ENVIRONMENT=Staging", "A", "PATH", "ASPNETCORE_ENVIRONMENT=Test")
}

func TestOnlyTheValueThatNamesTheNETEnvironmentIsKept(t *testing.T) {
	got := svc.WithoutValues([]string{"AzureAd__ClientSecret=not-a-real-secret", "aspnetcore_environment=Staging", "DOTNET_ENVIRONMENT=", "A"})
	want(t, "variables", got, "AzureAd__ClientSecret", "aspnetcore_environment=Staging", "DOTNET_ENVIRONMENT=", "A")
}
