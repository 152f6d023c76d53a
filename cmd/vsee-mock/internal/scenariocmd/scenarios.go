// Package scenariocmd has the commands about scenario files, and the demo, which plays a scenario.
package scenariocmd

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/internal/suggest"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Commands is `vsee-mock scenarios`.
type Commands struct {
	List     listCmd     `cmd:"" help:"List the scenarios and their conditions."`
	Show     showCmd     `cmd:"" help:"Show a scenario's file, and its meaning."`
	Explain  explainCmd  `cmd:"" help:"Show the events of a scenario, and their times."`
	Validate validateCmd `cmd:"" help:"Report every problem in files; exit 1 if there is one."`

	New    newCmd    `cmd:"" help:"Write a scenario file."`
	Save   saveCmd   `cmd:"" help:"Save a check, claim or visit of a running mock as a scenario."`
	Texts  textsCmd  `cmd:"" help:"List the texts of eligibility_response, or the codes of claims."`
	Schema schemaCmd `cmd:"" help:"Print the JSON Schema of scenario files."`
}

// listCmd is `vsee-mock scenarios list`.
type listCmd struct {
	Label string `help:"Only scenarios with this label."`
	JSON  bool   `name:"json" help:"Print JSON."`
	flags.ScenarioFiles
}

// listed is a scenario in a list for programs: the words for its file, and the file.
type listed struct {
	ID   string `json:"id"` // again, to stand before File
	File string `json:"file"`
	controlapi.Scenario
}

// Run prints the scenarios, in the order of trying.
func (l *listCmd) Run(a *command.App) error {
	set, err := l.Set(a.Stderr)
	if err != nil {
		return err
	}
	rows, claims := []listed{}, false
	for _, s := range set {
		if l.Label != "" && !s.HasLabel(l.Label) {
			continue
		}
		claims = claims || len(s.ClaimSteps()) > 0
		rows = append(rows, listed{s.ID, s.File, controlapi.ScenarioOf(s)})
		if !l.JSON {
			_, _ = fmt.Fprintf(a.Stdout, "%s\n    %s  [%s]\n    %s\n", s.ID, s.Title, strings.Join(s.Labels, " "), invocation(s))
		}
	}
	if len(rows) == 0 && l.Label != "" {
		return command.Usage(unknownLabel(l.Label, set))
	}
	if l.JSON {
		return output.JSON(a.Stdout, rows)
	}
	if claims {
		_, _ = fmt.Fprintln(a.Stdout, claimsAreOurs)
	}
	return nil
}

// unknownLabel is the error for a label that no scenario has. It names the nearest label, or else all of them.
func unknownLabel(label string, set scenarios.Set) error {
	labels := map[string]bool{}
	for _, s := range set {
		for _, known := range s.Labels {
			labels[known] = true
		}
	}
	known := slices.Sorted(maps.Keys(labels))
	if near := suggest.Name(label, known); near != "" {
		return fmt.Errorf("--label is not a label of these scenarios; did you mean %s?", near)
	}
	return fmt.Errorf("--label is not a label of these scenarios: they have %s", cmp.Or(strings.Join(known, ", "), "none"))
}

// invocation says how to invoke a scenario: the required properties of a check, or of the patient when the mock acts
// without a check.
func invocation(s scenarios.Scenario) string {
	if !s.When.IsZero() {
		return "when: " + s.When.String()
	}
	var parts []string
	add := func(name string, value scenarios.Text) {
		if value != "" {
			parts = append(parts, fmt.Sprintf("%s=%s", name, value))
		}
	}
	who := s.Patient
	add("carrier_code", who.CarrierCode)
	add("subscriber_num", who.SubscriberNum)
	add("group_number", who.GroupNumber)
	add("card", who.Card)
	add("respparty", who.Respparty)
	add("first_name", who.FirstName)
	add("last_name", who.LastName)
	add("dob", who.DOB)
	add("gender", who.Gender)
	for _, name := range who.Without {
		parts = append(parts, "no "+name)
	}
	return strings.TrimSpace("patient: " + strings.Join(parts, " "))
}

// textsCmd is `vsee-mock scenarios texts`.
type textsCmd struct {
	Claims bool `help:"List the codes of claims, with vsee-mock's own texts."`
}

// Run prints the texts.
func (t *textsCmd) Run(a *command.App) error {
	if t.Claims {
		return claimCodes(a.Stdout)
	}
	return printTexts(a.Stdout)
}

func printTexts(w io.Writer) error {
	_, _ = fmt.Fprintf(w, "    %s\n", scenarios.Success)
	for _, r := range scenarios.Reasons() {
		if _, err := fmt.Fprintf(w, "%s  %s\n", r.Code, r.Text); err != nil {
			return err
		}
	}
	return nil
}

// schemaCmd is `vsee-mock scenarios schema`.
type schemaCmd struct{}

// Run prints the schema.
func (schemaCmd) Run(a *command.App) error {
	_, err := a.Stdout.Write(scenarios.Schema())
	return err
}
