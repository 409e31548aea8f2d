package cli

import (
	"context"
	"errors"
	"io"

	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/report"
)

// Main runs the program with arguments (without its name) and returns its exit
// status.
func Main(world World, args []string) int {
	a := &app{world: world, args: args}
	if a.ownWindow() {
		return a.introduce()
	}
	noMousetrap()
	ctx, stop := signals(context.Background(), world.IO.Err, a.doing)
	defer stop()
	root := a.root()
	root.SetArgs(args)
	root.SetIn(world.IO.In)
	root.SetOut(world.IO.Out)
	root.SetErr(world.IO.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	var ended *statusError
	if errors.As(err, &ended) {
		return ended.status
	}
	var shown *shownError
	if errors.As(err, &shown) {
		return fault.Of(shown.cause).Code.Exit()
	}
	// What cobra itself refuses: an unknown flag or command.
	problem := fault.Of(err)
	if problem.Cause == err { //nolint:errorlint // the very error, not one in its chain
		problem = fault.New(fault.Usage, err.Error(), "installer --help lists commands and flags")
	}
	a.show(report.Report{Result: report.Failed}, problem)
	return problem.Code.Exit()
}

// shownError is an error that was printed already.
type shownError struct{ cause error }

func (e *shownError) Error() string { return e.cause.Error() }

// finish prints a flow's report and error.
func (a *app) finish(r report.Report, err error) error {
	var problem *fault.Error
	if err != nil {
		problem = fault.Of(err)
	}
	a.show(r, problem)
	a.log.result(r, problem, a.hide)
	a.report(report.Ended(a.told, r, problem, a.world.Deps.Now())...)
	if problem == nil {
		return nil
	}
	return &shownError{problem}
}

// write prints and drops the error of a stream that is closed: nobody is left
// to be told, and the run's outcome does not depend on it.
func write(w io.Writer, text string) { _, _ = io.WriteString(w, text) }
