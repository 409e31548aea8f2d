package configure

import (
	"context"
	"fmt"
	"time"

	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/step"
)

// standingWithin bounds looking at what stands where.
const standingWithin = time.Minute

// tellStanding says exactly what stands where, after a change that could not be
// put back.
func (c *change) tellStanding(ctx context.Context, switches []*step.Switch) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), standingWithin)
	defer cancel()
	c.report.Files, c.report.Services = nil, nil
	for _, s := range switches {
		state, err := s.Pending.State()
		said := s.Pending.Path + " " + state.Says()
		if err != nil {
			said = fmt.Sprintf("%s cannot be looked at: %v", s.Pending.Path, err)
		}
		c.deps.Progress.Say(progress.Warning, said)
		c.report.Files = append(c.report.Files, report.File{Path: s.Pending.Path, Holds: string(state)})
	}
	found, err := c.deps.Survey(ctx, c.site.Installation)
	if err != nil {
		c.deps.Progress.Say(progress.Warning, err.Error())
	}
	for _, s := range found {
		state := string(s.State.Activity)
		if s.Running && !s.Healthy {
			state += ", not healthy"
		}
		c.deps.Progress.Say(progress.Warning, fmt.Sprintf("the service %s is %s", s.Name, state))
		c.report.Services = append(c.report.Services, report.Service{Name: s.Name, State: state, Detail: s.State.Detail})
	}
}
