package mockserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// freeSlots returns the offered slots as start+places, in hours and minutes of 2030-01-01.
func freeSlots(t testing.TB, c *mocktest.Clinic, query string, option func(*http.Request)) string {
	t.Helper()
	var got struct {
		Data struct {
			Slots []struct {
				ID        string `json:"slot_id"`
				Start     int64  `json:"slot_start"`
				Available int    `json:"slot_available"`
			}
			Data map[string]any `json:"slot_data"`
		}
	}
	get(t, c.BaseURL+"/availability?"+query, option).into(t, &got)
	var all []string
	for _, s := range got.Data.Slots {
		if got.Data.Data[s.ID] == nil {
			t.Errorf("slot_data lacks %s", s.ID)
		}
		minutes := (s.Start - 1893456000) / 60
		all = append(all, fmt.Sprintf("%02d:%02d+%d", minutes/60, minutes%60, s.Available))
	}
	return strings.Join(all, " ")
}

func TestASlotIsOfferedWhileItHasAPlace(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	_, other := patient(t, c.Clinic, "olaf", "9")
	user := byToken(c.patient)
	if got := freeSlots(t, c.Clinic, "room_code=vclinicroom", user); got != "" {
		t.Errorf("without a block: %s", got)
	}
	addBlock(t, c.Clinic, c.providerID, "2030-01-01T12:00:00Z", "2030-01-01T12:50:00Z", 2)
	const noon = 1893499200
	free := func(want string) {
		t.Helper()
		if got := freeSlots(t, c.Clinic, "room_code=vclinicroom", user); got != want {
			t.Errorf("free: %s, want %s", got, want)
		}
	}
	free("12:00+2 12:15+2 12:30+2")
	first := book(t, c.Clinic, c.patient, noon, noon+900)
	if first.at(t, "data", "provider_id") == 0.0 {
		t.Errorf("the visit has no provider: %s", first.body)
	}
	book(t, c.Clinic, other, noon, noon+900)
	free("12:15+2 12:30+2")
	const full = "slot_start and slot_end are a time that is booked already: choose another slot"
	if message := book(t, c.Clinic, c.patient, noon, noon+900).message(t, 400); message != full {
		t.Error(message)
	}
	id, _ := first.at(t, "data", "id").(string)
	move := func(start int64) reply {
		return post(t, c.BaseURL+"/visits/"+id, formBody(fields{{"slot_start", fmt.Sprint(start)}}), user)
	}
	if got := move(noon); got.status != 200 { // a visit does not stand in its own way
		t.Errorf("%s", got.body)
	}
	if got := move(noon + 900); got.at(t, "data", "end") != float64(noon+1800) {
		t.Errorf("%s", got.body)
	}
	free("12:00+1 12:15+1 12:30+2")
	step(t, c.Clinic, c.patient, "close", id, "reason", "patient_cancel_appointment")
	free("12:00+1 12:15+2 12:30+2")
	if got := book(t, c.Clinic, c.patient, noon+86400, noon+87300); got.status != 200 { // outside all blocks
		t.Errorf("%s", got.body)
	}
}

func TestASearchForSlotsFollowsItsParameters(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	colleague, _ := newProvider(t, c.Clinic, "quinn")
	addBlock(t, c.Clinic, c.providerID, "2030-01-01T12:00:00Z", "2030-01-01T12:30:00Z", 1)
	addBlock(t, c.Clinic, colleague, "2030-01-01T14:00:00Z", "2030-01-01T14:30:00Z", 1)
	intake := newIntake(t, c.Clinic, c.patient)
	for query, want := range map[string]string{
		"room_code=vclinicroom":                                                       "12:00+1 12:15+1 14:00+1 14:15+1",
		"intake_id=" + intake:                                                         "12:00+1 12:15+1 14:00+1 14:15+1",
		"room_code=vclinicroom&provider_id=" + colleague:                              "14:00+1 14:15+1",
		"room_code=vclinicroom&duration=900":                                          "12:00+1",
		"room_code=vclinicroom&start=1893502800":                                      "14:00+1 14:15+1",
		"room_code=vclinicroom&end=1893500100&duration=1000":                          "12:00+1",
		"room_code=vclinicroom&start=1893502800&duration=60&nearest=1":                "14:00+1",
		"room_code=vclinicroom&consultation_id=" + c.consultation + "&end=1893500200": "12:00+1 12:15+1",
		"room_code=vclinicroom&start=1893542400":                                      "",
	} {
		if got := freeSlots(t, c.Clinic, query, byToken(c.patient)); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	all := "room_code=vclinicroom&start=1893456000&end=1893542400&consultation_id=" + c.consultation
	if got := freeSlots(t, c.Clinic, all, byKey(c.Clinic)); got != "12:00+1 12:15+1 14:00+1 14:15+1" {
		t.Errorf("by the key: %s", got)
	}
	for query, message := range map[string]string{
		"room_code=vclinicroom":               "start is required without X-ApiToken",
		"room_code=vclinicroom&start=1&end=2": "consultation_id is required without X-ApiToken",
	} {
		if got := get(t, c.BaseURL+"/availability?"+query, byKey(c.Clinic)).message(t, 400); got != message {
			t.Errorf("%s: %s", query, got)
		}
	}
	noSecret := both(byKey(c.Clinic), func(r *http.Request) { r.Header.Del("X-ApiSecret") })
	if message := get(t, c.BaseURL+"/availability?"+all, noSecret).message(t, 401); !strings.Contains(message,
		"X-ApiSecret") {
		t.Error(message)
	}
	for query, status := range map[string]int{
		"": 400, "room_code=x": 400, "room_code=vclinicroom&consultation_id=x": 400, "room_code=vclinicroom&start=soon": 400,
		"intake_id=x": 404,
	} {
		if got := get(t, c.BaseURL+"/availability?"+query, byToken(c.patient)); got.status != status {
			t.Errorf("%q: %d %s", query, got.status, got.body)
		}
	}
}

// However many patients book at once, a slot has as many visits as places.
func TestASlotIsNeverBookedBeyondItsPlaces(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	const places, patients, noon = 3, 12, 1893499200
	addBlock(t, c.Clinic, "", "2030-01-01T12:00:00Z", "2030-01-01T12:15:00Z", places)
	var work sync.WaitGroup
	statuses := make([]int, patients)
	for i := range statuses {
		_, token := patient(t, c.Clinic, fmt.Sprint("p", i), fmt.Sprint(i))
		intake := newIntake(t, c.Clinic, token)
		work.Go(func() {
			statuses[i] = post(t, c.BaseURL+"/visits", formBody(fields{
				{"intake_id", intake}, {"slot_start", fmt.Sprint(noon)}, {"slot_end", fmt.Sprint(noon + 900)},
			}), byToken(token)).status
		})
	}
	work.Wait()
	count := map[int]int{}
	for _, status := range statuses {
		count[status]++
	}
	if count[200] != places || count[400] != patients-places {
		t.Errorf("replies: %v", count)
	}
}
