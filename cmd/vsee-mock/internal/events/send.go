package events

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
	Type   string   `arg:"" help:"The event's type, such as eligibility.checked."`
	Member string   `required:"" placeholder:"ID" help:"The id of the user whom it is about."`
	Set    []string `sep:"none" placeholder:"data.KEY=TEXT" help:"A field of its data: data.KEY=TEXT, or data.KEY:=JSON for what is no text; data.KEY:=null takes it away. Can be repeated."`
	remote.Flags
}

// Help is the text below the command's summary.
func (sendEvent) Help() string {
	return "What --set leaves out comes from the user's last check or claim; of a claim, codes and sums follow from data.status. " +
		"What the document does not allow is refused. VSee has not defined claims."
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
			return nil, fmt.Errorf("%w; the other fields of an event follow from the clinic", errAssign)
		}
		if field, _, deeper := strings.Cut(key, "."); deeper {
			return nil, fmt.Errorf("--set %s: what lies deeper is set as a whole, by data.%s:='{…}'", output.Plain(path), output.Plain(field))
		}
		if _, twice := data[key]; twice {
			return nil, fmt.Errorf("--set %s is there twice", output.Plain(path))
		}
		data[key] = text
		if isJSON {
			data[key] = json.RawMessage(text)
			if !json.Valid([]byte(text)) {
				return nil, fmt.Errorf("--set %s: what follows := must be JSON; for a text, write = alone", output.Plain(path))
			}
		}
	}
	return data, nil
}
