package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// scenarioCmd is `vsee-mock scenarios`.
type scenarioCmd struct {
	List     listCmd     `cmd:"" help:"List the scenarios, and what invokes each."`
	Show     showCmd     `cmd:"" help:"Show a scenario's file, and what it means."`
	Explain  timelineCmd `cmd:"" help:"Tell what happens in a scenario, and when."`
	Validate validateCmd `cmd:"" help:"Say all that is wrong with files; exit 1 if any is."`

	New    newCmd    `cmd:"" help:"Write a file for a scenario."`
	Save   saveCmd   `cmd:"" help:"Write what has happened to a check or a claim as a scenario."`
	Texts  textsCmd  `cmd:"" help:"List the texts of eligibility_response, or of claims, with codes."`
	Schema schemaCmd `cmd:"" help:"Print the JSON Schema of the language."`
}

// listCmd is `vsee-mock scenarios list`.
type listCmd struct {
	Label string `help:"Only those with this label."`
	JSON  bool   `name:"json" help:"As JSON."`
	own
}

// listed is a scenario in a list for programs: the words for its file, and the file.
type listed struct {
	ID   string `json:"id"` // again, to stand before File
	File string `json:"file"`
	controlapi.Scenario
}

// Run prints the scenarios, in the order of trying.
func (l *listCmd) Run(a *app) error {
	set, err := l.set(a.stderr)
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
			_, _ = fmt.Fprintf(a.stdout, "%s\n    %s  [%s]\n    %s\n", s.ID, s.Title, strings.Join(s.Labels, " "), invocation(s))
		}
	}
	if len(rows) == 0 {
		return usage{errors.New("--label is that of no scenario: without it all are listed, with their labels")}
	}
	if l.JSON {
		return printJSON(a.stdout, rows)
	}
	if claims {
		_, _ = fmt.Fprintln(a.stdout, claimsAreOurs)
	}
	return nil
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

// printJSON prints a value for programs.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// textsCmd is `vsee-mock scenarios texts`.
type textsCmd struct {
	Claims bool `help:"The codes of claims, with this project's own texts, instead."`
}

// Run prints the texts.
func (t *textsCmd) Run(a *app) error {
	if t.Claims {
		return claimCodes(a.stdout)
	}
	_, _ = fmt.Fprintf(a.stdout, "    %s\n", scenarios.Success)
	for _, r := range scenarios.Reasons() {
		if _, err := fmt.Fprintf(a.stdout, "%s  %s\n", r.Code, r.Text); err != nil {
			return err
		}
	}
	return nil
}

// schemaCmd is `vsee-mock scenarios schema`.
type schemaCmd struct{}

// Run prints the schema.
func (schemaCmd) Run(a *app) error {
	_, err := a.stdout.Write(scenarios.Schema())
	return err
}
