package specs

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

func slotSpecs(l *list) {
	anySlotSpecs(l)
	slotRangeSpecs(l)
	keySlotSpecs(l)
	placeSpecs(l)
	badSlotSpecs(l)
}

// block adds a block of time to the clinic's first room: VSee publishes no call for it.
func (t *trial) block(start time.Time, slots, places int, provider string) {
	b := controlapi.NewBlock{RoomCode: t.room(), Start: start, End: start.Add(time.Duration(slots) * 15 * time.Minute),
		Places: &places}
	if provider != "" {
		b.ProviderID = provider
	}
	t.Control("adding a block of time", func(ctx context.Context, c *controlapi.Client, account string) error {
		_, err := c.AddBlock(ctx, account, b)
		return err
	})
}

// slots sends a search for free slots by the admin.
func (t *trial) slots(query url.Values) reply {
	return t.Send(t.byAdmin(engine.Get("/availability?" + query.Encode())))
}

// inRoom returns a search for the slots of the clinic's first room, with more parameters.
func (t *trial) inRoom(more ...[2]string) url.Values {
	query := url.Values{"room_code": {t.room()}}
	for _, one := range more {
		query.Set(one[0], one[1])
	}
	return query
}

// anySlotSpecs cover the slots of any room. On a mock there are some.
func anySlotSpecs(l *list) {
	l.addSafe(documented, "SLOT-001", "getAvailability",
		"Each free slot belongs to a block, takes the minutes of its consultation, and has a place", func(t *trial) {
			if t.IsMock() {
				t.block(t.farAway(), 3, 2, t.newProvider(t.room()).ID)
			}
			r := t.slots(t.inRoom())
			for i := range r.List("/data/slots") {
				at := "/data/slots/" + strconv.Itoa(i)
				block := "/data/slot_data/" + r.Text(at+"/slot_id")
				if !r.Value(at+"/slot_id", r.At(block) != nil).Equal(true, "slot_data must have the block of the slot") {
					continue
				}
				r.Value("/data/slot_data/*/id", r.Text(block+"/id")).Equal(r.Text(at+"/slot_id"),
					"a block must have the id of its slots")
				seconds := r.Number(at+"/slot_end") - r.Number(at+"/slot_start")
				r.Value(at+"/slot_end", seconds).From(at+"/slot_start").Equal(60*r.Number(block+"/consultation/duration"),
					"a slot must take the minutes of its consultation")
				places := r.Number(at+"/slot_booked") + r.Number(at+"/slot_available")
				r.Value(at+"/slot_available", places).From(at+"/slot_booked").Equal(r.Number(block+"/consultation/slots"),
					"the booked and the free places must be those of the consultation")
			}
			if t.IsMock() {
				r.Value("/data/slots", len(r.List("/data/slots"))).Equal(3, "the block has three slots")
			}
		})
}

// slotRangeSpecs cover the time that a search covers. A block has four slots on the hour, and a second one has four
// slots five days later.
func slotRangeSpecs(l *list) {
	for i, c := range []struct {
		title string
		query func(first int64) []int64 // start, end, duration and nearest; 0 for none
		want  string                    // the quarters of an hour since the first slot
	}{
		{"nothing", func(int64) []int64 { return []int64{0, 0, 0, 0} }, "0 1 2 3"},
		{"start", func(f int64) []int64 { return []int64{f + 900, 0, 0, 0} }, "1 2 3"},
		{"start, five days later", func(f int64) []int64 { return []int64{f + 90000, 0, 0, 0} }, "480 481 482 483"},
		{"start and end", func(f int64) []int64 { return []int64{f, f + 1800, 0, 0} }, "0 1"},
		{"start, end and a duration, which is ignored", func(f int64) []int64 { return []int64{f, f + 1800, 60, 0} }, "0 1"},
		{"start and duration", func(f int64) []int64 { return []int64{f + 900, 0, 1800, 0} }, "1 2"},
		{"start and duration, nearest", func(f int64) []int64 { return []int64{f - 7200, 0, 1800, 1} }, "0 1"},
		{"start and duration, before the first slot", func(f int64) []int64 { return []int64{f - 7200, 0, 1800, 0} }, ""},
		{"end", func(f int64) []int64 { return []int64{0, f + 1800, 0, 0} }, "0 1"},
		{"end and duration", func(f int64) []int64 { return []int64{0, f + 2700, 1800, 0} }, "1 2"},
		{"duration", func(int64) []int64 { return []int64{0, 0, 1800, 0} }, "0 1"},
	} {
		r := rule{
			ID: "SLOT-0" + strconv.Itoa(10+i), Title: "getAvailability searches the documented time for " + c.title,
			Operation: "getAvailability", Evidence: documented, Needs: []need{aMock},
		}
		l.require(r, func(t *trial) {
			first := t.farAway()
			t.block(first, 4, 1, "")
			t.block(first.AddDate(0, 0, 5), 4, 1, "")
			query := t.inRoom()
			for n, value := range c.query(first.Unix()) {
				if value != 0 {
					query.Set([]string{"start", "end", "duration", "nearest"}[n], strconv.FormatInt(value, 10))
				}
			}
			showsQuarters(t.slots(query), first, c.want)
		})
	}
	l.add(ours, "SLOT-002", "searchAvailability",
		"searchAvailability finds the slots that getAvailability finds", func(t *trial) {
			first := t.farAway()
			t.block(first, 4, 1, "")
			end := strconv.FormatInt(first.Unix()+1800, 10)
			read := t.slots(t.inRoom([2]string{"end", end}))
			body := engine.URLEncoded(form{{"room_code", t.room()}, {"end", end}})
			t.Send(t.byAdmin(engine.Post("/availability", body))).Same("/data", read, "both must find the same slots")
			showsQuarters(read, first, "0 1")
		})
}

// showsQuarters asserts the starts of the slots, in quarters of an hour since the first one.
func showsQuarters(r reply, first time.Time, want string) {
	var got []string
	for _, start := range r.Column("/data/slots", "slot_start") {
		seconds, _ := start.(float64)
		got = append(got, strconv.FormatInt((int64(seconds)-first.Unix())/slotSeconds, 10))
	}
	r.Value("/data/slots/*/slot_start", strings.Join(got, " ")).Equal(want, "the slots must be those of the searched time")
}

// keySlotSpecs cover a search by the clinic's key, and by an intake and a provider.
func keySlotSpecs(l *list) {
	l.add(documented, "SLOT-003", "getAvailability",
		"getAvailability accepts the key and the secret in place of a token", func(t *trial) {
			first := t.farAway()
			t.block(first, 2, 1, "")
			showsQuarters(t.Send(t.byKey(engine.Get("/availability?"+t.keyQuery().Encode()))), first, "0 1")
		}, aMock)
	for i, name := range []string{"room_code", "start", "end", "consultation_id"} {
		l.add(ours, "SLOT-00"+strconv.Itoa(4+i), "getAvailability",
			"getAvailability without a token refuses a search without "+name, func(t *trial) {
				query := t.keyQuery()
				query.Del(name)
				t.Send(t.byKey(engine.Get("/availability?" + query.Encode())).As(result.BadField).Tests("/" + name)).Refused()
			})
	}
	l.add(documented, "SLOT-008", "getAvailability",
		"getAvailability takes the room of an intake, and the slots of a provider", func(t *trial) {
			first, room := t.farAway(), t.room()
			one, other := t.newProvider(room), t.newProvider(room)
			t.block(first, 1, 1, one.ID)
			t.block(first.Add(time.Hour), 1, 1, other.ID)
			intake := t.intake(t.newPatient())
			showsQuarters(t.slots(url.Values{"intake_id": {intake}}), first, "0 4")
			showsQuarters(t.slots(t.inRoom([2]string{"provider_id", other.ID})), first, "4")
		}, aMock)
}

// keyQuery is a search that needs no token: it covers a day from the first slot on.
func (t *trial) keyQuery() url.Values {
	room := t.Send(t.byVisitor(engine.Get("/rooms/" + t.room())))
	start := t.farAway().Unix()
	return t.inRoom(form{{"start", strconv.FormatInt(start, 10)}, {"end", strconv.FormatInt(start+86400, 10)},
		{"consultation_id", room.NeedText("/data/payment/consultations/0/id")}}...)
}

// placeSpecs cover booked slots.
func placeSpecs(l *list) {
	l.add(ours, "SLOT-009", "addVisit",
		"A slot is offered while it has a place, booking a full one is 400, and an ended visit frees it", func(t *trial) {
			first := t.farAway()
			t.block(first, 2, 2, "")
			var last visit
			for n := range 2 {
				u := t.booker()
				r := t.Send(t.addVisit(u))
				last = t.booked(r, u)
				const at, rule = "/data/start", "the appointment must be at the time sent"
				r.Need(r.Value(at).Sent(first.Unix(), rule), at, rule)
				if n == 0 {
					r := t.slots(t.inRoom())
					r.Equal("/data/slots/0/slot_available", 1, "one place must be left")
					r.Equal("/data/slots/0/slot_booked", 1, "one place must be booked")
				}
			}
			showsQuarters(t.slots(t.inRoom()), first, "1")
			t.Send(t.addVisit(t.booker()).As(result.BadField)).Refused()
			t.do(last.step("delete"))
			showsQuarters(t.slots(t.inRoom()), first, "0 1")
		})
}

// badSlotSpecs cover searches that lead nowhere.
func badSlotSpecs(l *list) {
	for _, c := range []struct {
		id, title, field string
		of               result.Case
		evidence         requirement.Evidence
		query            func(t *trial) url.Values
	}{
		{"SLOT-030", "no room", "room_code", result.BadField, ours, func(*trial) url.Values { return url.Values{} }},
		{"SLOT-031", "an unknown room", "room_code", result.BadField, ours,
			func(*trial) url.Values { return url.Values{"room_code": {"contract-nowhere"}} }},
		{"SLOT-032", "an unknown consultation", "consultation_id", result.BadField, ours,
			func(t *trial) url.Values { return t.inRoom([2]string{"consultation_id", "contract-none"}) }},
		{"SLOT-033", "a start that is no second", "start", result.BadField, ours,
			func(t *trial) url.Values { return t.inRoom([2]string{"start", "contract-soon"}) }},
		{"SLOT-034", "an unknown intake", "intake_id", result.UnknownID, ours,
			func(*trial) url.Values { return url.Values{"intake_id": {"contract-none"}} }},
	} {
		l.add(c.evidence, c.id, "getAvailability", "getAvailability refuses "+c.title, func(t *trial) {
			q := t.byAdmin(engine.Get("/availability?" + c.query(t).Encode()))
			t.Send(q.As(c.of).Tests("/" + c.field)).Refused()
		})
	}
}
