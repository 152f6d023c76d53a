package mutant

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/signature"
)

const (
	idHeader        = "Webhook-Id"
	timestampHeader = "Webhook-Timestamp"
	signatureHeader = "Webhook-Signature"
)

// eventMutants send wrong events to the webhook. Their events are signed with the clinic's secret, so that nothing
// but the intended fault shows; the two mutants with a wrong signature have no other fault.
func eventMutants() []Mutant {
	var all []Mutant
	for _, m := range []struct {
		name, caught, pointer string
		breaks                []string
		edit                  edit
	}{
		{"another member", "HOOK-001 HOOK-006", "/data/member_id", nil, set(`"999999999"`)},
		{"another response", "HOOK-005", "/data/eligibility_response", nil, set(`"Out of Network"`)},
		{"another check", "HOOK-006", "/data/eligibility_id", nil, set(`"999999999"`)},
		{"another clinic", "HOOK-007", "/account_code", nil, set(`"another"`)},
		{"created is not in the id", "HOOK-001", "/created", nil, add(1)},
		{"misspelt", "", "/data/eligibility_response", []string{"must be Success, or a reject reason spelled as VSee spells it"}, set(`"success"`)},
		{"another type", "", "/type", []string{"openapi.yaml has no event of this type"}, set(`"eligibility.ended"`)},
		{"without a check", "", "/data/eligibility_id", []string{required}, drop},
		{"without a member", "", "/data/member_id", []string{required}, drop},
		{"the member is a number", "", "/data/member_id", []string{notDigits}, retyped("digits")},
		{"created is a text", "", "/created", []string{"must be of the type integer"}, retyped("integer")},
		{"an id that is none", "", "/id", []string{"must match ^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"}, set(`"1"`)},
	} {
		path := strings.Split(m.pointer[1:], "/")
		all = append(all, Mutant{Name: "event/" + m.name, Operation: Event, Breaks: m.breaks, Caught: by(m.caught), Pointer: m.pointer, event: telling(func(c *call) {
			c.body, _ = m.edit(c.body, path...)
		})})
	}
	all = append(all,
		Mutant{Name: "event/an hour older", Operation: Event, Caught: by("HOOK-008"), event: telling(older)},
		Mutant{Name: "event/another envelope", Operation: Event, Caught: by("HOOK-007"), Pointer: "/version", event: telling(func(c *call) { c.body, _ = insert(`"version":"1.0"`)(c.body) })},
		Mutant{Name: "event/an extra field", Operation: Event, Breaks: []string{undeclared}, Pointer: "/extra_field", event: telling(func(c *call) { c.body, _ = insert(`"extra_field":true`)(c.body) })},
		Mutant{Name: "event/not JSON by its type", Operation: Event, Caught: by("HOOK-002"), event: telling(func(c *call) { *c = c.with("Content-Type", "text/plain") })},
	)
	for _, name := range []string{idHeader, timestampHeader} {
		all = append(all, Mutant{Name: "event/no " + name, Operation: Event, Caught: by("HOOK-003"), event: telling(func(c *call) { *c = c.with(name, "") })})
	}
	return slices.Concat(all, deliveryMutants(), otherEventMutants())
}

// telling is a lie that changes an event and signs it again.
func telling(change func(*call)) func(*memory) lie {
	return func(*memory) lie {
		return func(c call, on asks) (reply, error) {
			before := c
			change(&c)
			return on(signed(before, c))
		}
	}
}

// older moves the times of an event back by an hour, the time in its id as well.
func older(c *call) {
	created, id := numberAt(c.body, "created")-3600, textAt(c.body, "id")
	if at := strings.IndexByte(id, '-'); at > 0 {
		id = strconv.FormatInt(created, 16) + id[at:]
	}
	c.body, _ = set(strconv.FormatInt(created, 10))(c.body, "created")
	c.body, _ = set(strconv.Quote(id))(c.body, "id")
	*c = c.with(idHeader, id)
}

// signed returns an event with valid signatures, where they were valid before its change. A forged signature stays
// forged.
func signed(before, c call) call {
	was := strings.Fields(before.header.Get(signatureHeader))
	own, now := signatures(before), signatures(c)
	for n, one := range was {
		if at := slices.Index(own, one); at >= 0 {
			was[n] = now[at]
		}
	}
	return c.with(signatureHeader, strings.Join(was, " "))
}

// signatures are the signatures of an event, one by each secret of its clinic.
func signatures(c call) []string {
	var list []string
	for _, secret := range c.hook.secrets {
		if one, err := signature.Of(secret, c.header, c.body); err == nil {
			list = append(list, one)
		}
	}
	return list
}

// deliveryMutants deliver events wrongly: late, twice, never, without a retry, or with a bad signature.
func deliveryMutants() []Mutant {
	var all []Mutant
	for _, m := range []struct {
		name, caught string
		event        func(*memory) lie
	}{
		{"the signature is another's", "HOOK-003 HOOK-004", unsigned("v1," + base64.StdEncoding.EncodeToString(make([]byte, sha256.Size)))},
		{"the signature is missing", "HOOK-003 HOOK-004", unsigned("")},
		{"an hour late", "HOOK-001 HOOK-005 HOOK-006", late},
		{"told twice", "HOOK-006", toldTwice},
		{"never told", "HOOK-001 HOOK-004 HOOK-006", neverTold},
		{"not told again", "HOOK-004", onlyOnce},
		{"another id at each attempt", "HOOK-004", newEventIDs},
		{"the same timestamp at each attempt", "HOOK-004", oldTimestamp},
		{"signed as of its creation", "HOOK-010", telling(asOfCreation)},
	} {
		all = append(all, Mutant{Name: "event/" + m.name, Operation: Event, Caught: by(m.caught), event: m.event})
	}
	return all
}

// unsigned gives an event an invalid signature.
func unsigned(signature string) func(*memory) lie {
	return func(*memory) lie {
		return func(c call, on asks) (reply, error) { return on(c.with(signatureHeader, signature)) }
	}
}

// took is the answer of a receiver that has accepted an event.
var took = reply{status: http.StatusOK}

// late refuses the first four attempts of an event, as a receiver may: by the schedule, more than an hour of the
// clinic's clock has passed at the fifth. The sender itself retries, so that everything in the event is right for
// its time.
func late(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		if m.count(c.header.Get(idHeader)) <= 4 {
			return reply{status: http.StatusServiceUnavailable}, nil
		}
		return on(c)
	}
}

// asOfCreation signs an event with its creation time, by the clinic's clock.
func asOfCreation(c *call) {
	*c = c.with(timestampHeader, strconv.FormatInt(numberAt(c.body, "created"), 10))
}

// toldTwice sends an accepted event again.
func toldTwice(*memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err == nil && r.status == http.StatusOK {
			return on(c)
		}
		return r, err
	}
}

// neverTold accepts an event from the server and sends it to no receiver.
func neverTold(*memory) lie {
	return func(call, asks) (reply, error) { return took, nil }
}

// onlyOnce does not retry a refused event.
func onlyOnce(*memory) lie {
	return func(c call, on asks) (reply, error) {
		if _, err := on(c); err != nil {
			return reply{}, err
		}
		return took, nil
	}
}

// newEventIDs gives an event a new id at each attempt but the first, in the body and in the header.
func newEventIDs(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		id := c.header.Get(idHeader)
		if n := m.count(id); n > 1 && len(id) > 12 {
			another := fmt.Sprintf("%s%012x", id[:len(id)-12], n)
			before := c
			c.body, _ = set(strconv.Quote(another))(c.body, "id")
			c = signed(before, c.with(idHeader, another))
		}
		return on(c)
	}
}

// oldTimestamp gives each attempt the timestamp of the first.
func oldTimestamp(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		return on(signed(c, c.with(timestampHeader, m.first(c.header.Get(idHeader), c.header.Get(timestampHeader)))))
	}
}
