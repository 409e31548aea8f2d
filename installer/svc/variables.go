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

// inherit joins a service's own variables with those of the host that it does
// not set itself. Case does not matter.
func inherit(own, host []string) []string {
	all := slices.Clone(own)
	for _, assignment := range host {
		if name, _, _ := strings.Cut(assignment, "="); !slices.ContainsFunc(own, func(o string) bool {
			set, _, _ := strings.Cut(o, "=")
			return strings.EqualFold(set, name)
		}) {
			all = append(all, assignment)
		}
	}
	return all
}

// withoutValues drops the value of every NAME=value but of those that name a
// .NET environment.
func withoutValues(assignments []string) []string {
	var kept []string
	for _, assignment := range assignments {
		if name, _, _ := strings.Cut(assignment, "="); !namesEnvironment(name) {
			assignment = name
		}
		kept = append(kept, assignment)
	}
	return kept
}

func namesEnvironment(variable string) bool {
	return strings.EqualFold(variable, "ASPNETCORE_ENVIRONMENT") || strings.EqualFold(variable, "DOTNET_ENVIRONMENT")
}

// netEnvironments are the values of the two variables that name the .NET
// environment of a service, sorted. What cannot be part of a file's name is
// none. https://learn.microsoft.com/aspnet/core/fundamentals/environments (2026).
func netEnvironments(assignments []string) []string {
	part := regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	var values []string
	for _, assignment := range assignments {
		name, value, _ := strings.Cut(assignment, "=")
		if namesEnvironment(name) && part.MatchString(value) {
			values = append(values, value)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}
