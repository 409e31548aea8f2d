package eventlog

import (
	"errors"

	"golang.org/x/sys/windows/registry"
	"golang.org/x/sys/windows/svc/eventlog"
)

func register(r Registration) (err error) {
	key, _, err := registry.CreateKey(registry.LOCAL_MACHINE, r.Key, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, key.Close()) }()
	return errors.Join(
		key.SetExpandStringValue("EventMessageFile", r.MessageFile),
		key.SetDWordValue("TypesSupported", r.SupportedTypes),
		key.SetDWordValue("CustomSource", r.HasCustomSource),
	)
}

func report(e Event) (err error) {
	log, err := eventlog.Open(Source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	text := Message(e.Text)
	switch e.ID.Severity() {
	case Error:
		return log.Error(uint32(e.ID), text)
	case Warning:
		return log.Warning(uint32(e.ID), text)
	case Information:
	}
	return log.Info(uint32(e.ID), text)
}
