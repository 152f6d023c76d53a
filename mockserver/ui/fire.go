package ui

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// firing is the data of the form for an event sent by hand. What was typed is in its address, or in the form itself.
type firing struct {
	Type     string
	Types    []string
	Envelope string
	Users    []controlapi.User
	Member   string
	Inputs   []input
	JSON     string
	Refusal  string                    // why the event was not sent; empty when it was not refused
	Place    *controlapi.DocumentPlace // of the rule that it breaks; nil for none
	Endless  bool                      // the clinic has no receiver
}

// input is a field of the event's data in the form.
type input struct {
	field
	Place  string // its name in the form, such as data.note.status
	Text   string // as typed; empty for that of the mock
	Chosen string // from the menu, likewise
	Out    bool   // the event is sent without the field
	Wrong  bool   // the event was refused for it
}

// maxChoices is the number of users offered in a form.
const maxChoices = 200

// askEvent shows the form for an event, made from its schema in the document.
func (u *UI) askEvent(c *call) (answer, error) { return c.firing("", nil) }

// firing returns the form with the values of the request, and the refusal of an event with these values.
func (c *call) firing(refusal string, place *controlapi.DocumentPlace) (answer, error) {
	one, err := c.client.GetClinic(c.Context(), c.account)
	if err != nil {
		return answer{}, err
	}
	users, err := c.client.ListUsers(c.Context(), c.account, controlapi.PageRequest{Limit: maxChoices})
	if err != nil {
		return answer{}, err
	}
	form := firing{
		Type: c.FormValue("type"), Types: embedded.Spec().Types(), Envelope: one.Webhook.Envelope, Users: users.Data,
		Member: c.FormValue("member"), JSON: c.FormValue("json"), Refusal: refusal, Place: place,
		Endless: one.Webhook.URL == "",
	}
	if !slices.Contains(form.Types, form.Type) {
		form.Type = "eligibility.checked"
	}
	form.Inputs = c.inputs(form.Type, form.Envelope)
	for i, in := range form.Inputs {
		form.Inputs[i].Wrong = place != nil && place.Field == in.Place
	}
	a := answer{view: "fire", data: form}
	if refusal != "" {
		a.status = http.StatusBadRequest
	}
	return a, nil
}

// inputs returns the fields of an event's data in an envelope, with the values of the request. Those within a list have
// no input: the list itself has one, for JSON.
func (c *call) inputs(kind, envelope string) []input {
	var inputs []input
	e, _ := embedded.Spec().Event(kind)
	for _, one := range e.Envelopes {
		if one.Name != envelope {
			continue
		}
		for _, f := range fieldsOf(one.Schema, knownOf(kind), strings.TrimSpace("payload "+one.Name)) {
			place := f.Above + f.Name
			if !strings.HasPrefix(place, "data.") || strings.Contains(place, "[]") || f.Type == "object" {
				continue
			}
			f.Above = strings.TrimPrefix(f.Above, "data.")
			inputs = append(inputs, input{
				field: f, Place: place, Text: c.FormValue(place), Chosen: c.FormValue("menu." + place),
				Out: slices.Contains(c.Form["out"], place),
			})
		}
	}
	return inputs
}

// value returns the value of a field as it is sent: a typed text before the one of the menu. A number, or a list, that
// is none is sent as the text, for the control API to refuse. The second result is false for an untouched field.
func (i input) value() (any, bool) {
	text := i.Text
	if text == "" {
		text = i.Chosen
	}
	if i.Out || text == "" {
		return nil, i.Out
	}
	var parsed any
	if !strings.HasPrefix(i.Type, "string") && json.Unmarshal([]byte(text), &parsed) == nil {
		return parsed, true
	}
	return text, true
}

// fireEvent sends an event by hand, and shows it; or shows the form with the refusal.
func (u *UI) fireEvent(c *call) (answer, error) {
	one, err := c.client.GetClinic(c.Context(), c.account)
	if err != nil {
		return answer{}, err
	}
	data := map[string]any{}
	for _, in := range c.inputs(c.FormValue("type"), one.Webhook.Envelope) {
		if value, set := in.value(); set {
			put(data, strings.Split(strings.TrimPrefix(in.Place, "data."), "."), value)
		}
	}
	var own map[string]any
	if text := strings.TrimSpace(c.FormValue("json")); text != "" && json.Unmarshal([]byte(text), &own) != nil {
		return c.firing(`The JSON must be an object, such as {"eligibility_response": "Success"}.`, nil)
	}
	maps.Copy(data, own)
	report, err := c.client.FireEvent(c.Context(), c.account, controlapi.NewEvent{
		Type: c.FormValue("type"), MemberID: c.FormValue("member"), Data: data,
	})
	var refused *controlapi.Error
	if errors.As(err, &refused) && refused.Status/100 == http.StatusBadRequest/100 {
		return c.firing(refused.Error(), refused.Place)
	}
	if err != nil {
		return answer{}, err
	}
	return c.redirect("/events/" + report.Event.ID), nil
}

// toForm leads from the address of a refused event to the form.
func (u *UI) toForm(c *call) (answer, error) { return c.redirect("/fire"), nil }

// put sets a value within an object, at a path of names.
func put(object map[string]any, path []string, value any) {
	for _, name := range path[:len(path)-1] {
		within, ok := object[name].(map[string]any)
		if !ok {
			within = map[string]any{}
			object[name] = within
		}
		object = within
	}
	object[path[len(path)-1]] = value
}
