package svc

import (
	"regexp"
	"slices"
	"strings"
)

// variableNames are the names of NAME=value, sorted, without the values.
func variableNames(assignments []string) []string {
	var names []string
	for _, assignment := range assignments {
		name, _, _ := strings.Cut(assignment, "=")
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// netEnvironments are the values of the two variables that name the .NET
// environment of a service, sorted. What cannot be part of a file's name is
// none. https://learn.microsoft.com/aspnet/core/fundamentals/environments (2026).
func netEnvironments(assignments []string) []string {
	part := regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	var values []string
	for _, assignment := range assignments {
		name, value, _ := strings.Cut(assignment, "=")
		chooses := strings.EqualFold(name, "ASPNETCORE_ENVIRONMENT") || strings.EqualFold(name, "DOTNET_ENVIRONMENT")
		if chooses && part.MatchString(value) {
			values = append(values, value)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}
