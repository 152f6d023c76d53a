package controlcmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/remote"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// sendEvent is `vsee-mock events send`.
type sendEvent struct {
	Type   string   `arg:"" help:"Type of the event, such as eligibility.checked."`
	Member string   `required:"" placeholder:"ID" help:"Id of the user in the event."`
	Set    []string `sep:"none" placeholder:"data.KEY=TEXT" help:"Set a field of the data; can be repeated."`
	remote.Flags
}

// Help is the text below the command's summary.
func (sendEvent) Help() string {
	return "--set takes data.KEY=TEXT, or data.KEY:=JSON for any other value; data.KEY:=null removes the field.\n\n" +
		"Fields without --set come from the user's last check or claim; the codes and amounts of a claim follow from " +
		"data.status. The mock refuses an event that openapi.yaml does not allow. VSee has not defined claims."
}

// Run sends an event and prints the result.
func (s *sendEvent) Run(a *command.App) error {
	data, err := assign(s.Set)
	if err != nil {
		return command.Usage(err)
	}
	c, err := s.Client()
	if err != nil {
		return err
	}
	sent, err := c.FireEvent(a.Ctx, c.Clinic, controlapi.NewEvent{Type: s.Type, MemberID: s.Member, Data: data})
	if err != nil {
		return err
	}
	return printSent(a, s.Flags, c, sent)
}

var errAssign = errors.New(`--set must be data.KEY=TEXT or data.KEY:=JSON, such as data.eligibility_response="Success"`)

// assign parses the values of --set. Its errors repeat at most the key: a value may be a patient's.
func assign(settings []string) (map[string]any, error) {
	data := map[string]any{}
	for _, setting := range settings {
		path, text, found := strings.Cut(setting, "=")
		if !found {
			return nil, errAssign
		}
		path, isJSON := strings.CutSuffix(path, ":")
		key, below := strings.CutPrefix(path, "data.")
		if !below || key == "" {
			return nil, fmt.Errorf("%w; the clinic fills the other fields of an event", errAssign)
		}
		if field, _, deeper := strings.Cut(key, "."); deeper {
			return nil, fmt.Errorf("--set %s: set the whole field instead, with data.%s:='{…}'", output.Plain(path),
				output.Plain(field))
		}
		if _, twice := data[key]; twice {
			return nil, fmt.Errorf("--set %s is given twice: keep one", output.Plain(path))
		}
		data[key] = text
		if isJSON {
			data[key] = json.RawMessage(text)
			if !json.Valid([]byte(text)) {
				return nil, fmt.Errorf("--set %s: the value after := must be JSON; write = before a text", output.Plain(path))
			}
		}
	}
	return data, nil
}
