package watch

import (
	"context"

	"github.com/empowersuite/backend-installer/installer/expiry"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
)

// Try sends a test message to every sink and changes nothing.
func Try(ctx context.Context, deps session.Deps, req Request) (report.Report, error) {
	c := begin(deps, req)
	if err := c.open(ctx); err != nil {
		return c.out.Report, err
	}
	if len(req.Outlets) == 0 {
		return c.out.Report, fault.New(fault.Usage, "there is nobody to tell", "name a sink in the settings; "+deps.Hint("watch init FILE", "")+" writes an example")
	}
	c.state = c.remembered()
	c.state = owing(c.state.Forgetting(), []expiry.Warning{{Kind: expiry.Trial, At: deps.Now().UTC()}}, req.Outlets)
	results := make([]result, len(req.Outlets))
	failed := false
	for i, o := range req.Outlets {
		results[i] = c.deliver(ctx, o, c.messages(o))
		failed = c.told(results[i]) != nil || failed
	}
	if failed {
		var said string
		for _, d := range c.out.Report.Deliveries {
			if d.Detail != "" {
				said += "\n" + d.Sink + ": " + d.Detail
			}
		}
		return c.out.Report, fault.New(fault.NotDelivered, "the test did not arrive everywhere:"+said, "mend what is named and try again")
	}
	c.out.Report.Result = report.Healthy
	return c.out.Report, nil
}
