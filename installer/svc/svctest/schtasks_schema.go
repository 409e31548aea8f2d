package svctest

import (
	"fmt"
	"regexp"
	"strings"
)

// children are what an element may hold: xs:all, or xs:sequence where ordered.
type children struct {
	ordered bool
	names   []string
}

// taskSchema is [MS-TSCH] 2.5, the elements that the tasks of this program and
// their neighbours use.
func taskSchema() map[string]children {
	trigger := func(more ...string) children {
		base := []string{"Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit"}
		return children{ordered: true, names: append(base, more...)}
	}
	all := func(names ...string) children { return children{names: names} }
	return map[string]children{
		"Task":             all("RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"),
		"RegistrationInfo": all("URI", "SecurityDescriptor", "Source", "Date", "Author", "Version", "Description", "Documentation"),
		"Triggers":         all("BootTrigger", "TimeTrigger", "CalendarTrigger"),
		"TimeTrigger":      trigger("RandomDelay"),
		"BootTrigger":      trigger("Delay"),
		"CalendarTrigger":  trigger("RandomDelay", "ScheduleByDay"),
		"ScheduleByDay":    all("DaysInterval"),
		"Principals":       all("Principal"),
		"Principal":        all("UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"),
		"Settings": all("AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy", "DisallowStartIfOnBatteries",
			"StopIfGoingOnBatteries", "AllowHardTerminate", "StartWhenAvailable", "RunOnlyIfNetworkAvailable", "WakeToRun",
			"Enabled", "Hidden", "DeleteExpiredTaskAfter", "IdleSettings", "ExecutionTimeLimit", "Priority", "RunOnlyIfIdle"),
		"Actions": all("Exec"),
		"Exec":    all("Command", "Arguments", "WorkingDirectory"),
	}
}

// checkValue looks at an element that holds a text. ServiceAccount is what the
// programming interface calls a logon type, and what schtasks refuses in XML.
func checkValue(name, text string) error {
	const truth, duration = `true|false`, `P(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?`
	patterns := map[string]string{
		"Enabled": truth, "DisallowStartIfOnBatteries": truth, "StopIfGoingOnBatteries": truth, "StartWhenAvailable": truth,
		"Delay": duration, "RandomDelay": duration, "DaysInterval": `[1-9]\d?`, "ExecutionTimeLimit": duration,
		"StartBoundary":           `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?`,
		"LogonType":               `S4U|Password|InteractiveToken|InteractiveTokenOrPassword`,
		"RunLevel":                `LeastPrivilege|HighestAvailable`,
		"MultipleInstancesPolicy": `Parallel|Queue|IgnoreNew|StopExisting`,
		"Priority":                `\d|10`,
	}
	pattern, known := patterns[name]
	switch {
	case known && !regexp.MustCompile(`^(`+pattern+`)$`).MatchString(text):
		return fmt.Errorf("%s: %q is incorrectly formatted or out of range", name, text)
	case strings.TrimSpace(text) == "":
		return fmt.Errorf("%s is empty", name)
	}
	return nil
}
