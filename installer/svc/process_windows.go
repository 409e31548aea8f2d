package svc

import "errors"

// lookUp looks a process up by its ID.
func lookUp() func(pid int) Process { return processOfID }

// processOfID is the process of that ID with its start; the zero Process when
// there is none or it has ended. Of a process that may not be looked at, the ID
// is all that is known.
func processOfID(pid int) Process {
	process, err := windowsSCM{}.Process(uint32(pid)) //nolint:gosec // of 31 bits
	switch {
	case errors.Is(err, errNoProcess):
		return Process{}
	case err != nil:
		return Process{PID: pid}
	}
	defer process.Close()
	if process.Ended() { // the ID stays taken while somebody holds a handle
		return Process{}
	}
	started, err := process.Started()
	if err != nil {
		return Process{PID: pid}
	}
	return Process{PID: pid, Started: started}
}
