package mutant

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// checkMutants get eligibility checks wrong: which checks they start, and for which patient.
func checkMutants() []Mutant {
	const start = "startEligibilityCheck"
	response := []string{"data", "user_data", "primary", "eligibility_response"}
	return []Mutant{
		{Name: "getUser/the response of another card", Caught: by("ELIG-003 ELIG-004 ELIG-005"), Operation: "getUser", Pointer: "/data/user_data", reply: success("getUser", swap("primary", "secondary"), "data", "user_data")},
		{Name: "getUser/everybody is eligible", Caught: by("ELIG-004 ELIG-005 SCEN-no-response SCEN-out-of-network"), Operation: "getUser", Pointer: "/data/user_data/primary/eligibility_response", reply: success("getUser", set(`"Success"`), response...)},
		{Name: "getUser/nobody is eligible", Caught: by("ELIG-004 SCEN-eligible-sandbox-patient"), Operation: "getUser", Pointer: "/data/user_data/primary/eligibility_response", reply: success("getUser", set(`"Input Errors"`), response...)},
		{Name: "getUser/a check ends at once", Caught: by("ELIG-001 HOOK-005"), Operation: "getUser", Pointer: "/data/user_data", reply: atOnce},
		{Name: "getUser/a check never ends", Caught: by("ELIG-003 ELIG-005 HOOK-005"), Operation: "getUser", Pointer: "/data/user_data", reply: success("getUser", drop, "data", "user_data")},
		{Name: "getUser/the first response stays", Caught: by("ELIG-004 SCEN-no-response-then-eligible"), Operation: "getUser", Pointer: "/data/user_data/primary/eligibility_response", reply: staysFirst},
		{Name: start + "/nothing comes of it", Caught: by("ELIG-005 HOOK-001 HOOK-006"), Operation: start, reply: idle},
		{Name: start + "/two checks at once", Caught: by("HOOK-001 HOOK-006"), Operation: start, reply: doubled},
		{Name: start + "/of another patient", Caught: by("ELIG-010"), Operation: start, reply: ofAnother},
		{Name: start + "/the same id for all", Caught: by("ELIG-004 ELIG-010 HOOK-006"), Operation: start, Pointer: "/data/eligibility_id", reply: success(start, set(`"2505465"`), "data", "eligibility_id")},
		{Name: start + "/the same id for each check", Caught: by("ELIG-004 HOOK-006"), Operation: start, Pointer: "/data/eligibility_id", reply: sameCheck},
		{Name: start + "/another carrier", Caught: by("ELIG-001"), Operation: start, Pointer: "/data/carrier_code", reply: success(start, set(`"car7551"`), "data", "carrier_code")},
		{Name: start + "/an unknown carrier is taken", Caught: by("ELIG-006"), Operation: start, reply: accepting(false)},
		{Name: start + "/a carrier on no card is taken", Caught: by("ELIG-007"), Operation: start, reply: accepting(true)},
		{Name: start + "/an unknown user is taken", Caught: by("ELIG-008"), Operation: start, reply: unknownUser},
	}
}

// atOnce shows each started check as ended, on the primary card.
func atOnce(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err != nil || r.status != http.StatusOK {
			return r, err
		}
		switch c.operation() {
		case "startEligibilityCheck":
			if u, known := m.user(func(u signedOn) bool { return u.token == c.header.Get(tokenHeader) }); known {
				m.first("check of "+u.id, "started")
			}
			m.first("check of "+c.segments()[1], "started")
		case "getUser":
			if _, done := find(r.body, "data", "user_data"); !done && m.text("check of "+r.text("data", "id")) != "" {
				r.body, _ = insert(`"user_data":{"primary":{"eligibility_response":"Success"}}`)(r.body, "data")
			}
		}
		return r, nil
	}
}

// sameCheck gives all checks of a user the id of the first.
func sameCheck(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err == nil && r.status == http.StatusOK && c.operation() == "startEligibilityCheck" {
			first := m.first("check of "+c.segments()[1], r.text("data", "eligibility_id"))
			r.body, _ = set(strconv.Quote(first))(r.body, "data", "eligibility_id")
		}
		return r, err
	}
}

// started turns a refusal into the reply for a started check. No check is started.
func started(m *memory, c call, r reply) reply {
	carrier, err := url.PathUnescape(c.segments()[2])
	if err != nil {
		carrier = c.segments()[2]
	}
	id := 900_000_000 + m.count("made up")
	text := `{"data":{"eligibility_id":"` + strconv.Itoa(id) + `","carrier_code":` + strconv.Quote(carrier) + `}}`
	return reply{http.StatusOK, r.header, []byte(text)}
}

// accepting starts checks with carriers that must be refused: with has, carriers of the clinic, otherwise carriers
// that it lacks.
func accepting(has bool) func(*memory) lie {
	return func(m *memory) lie {
		return func(c call, on asks) (reply, error) {
			r, err := on(c)
			if err != nil || c.operation() != "startEligibilityCheck" || r.status != http.StatusBadRequest {
				return r, err
			}
			insurers, err := on(c.get("/insurances"))
			if err != nil {
				return r, err
			}
			if carrier, err := url.PathUnescape(c.segments()[2]); err == nil && lists(insurers.body, carrier) == has {
				return started(m, c, r), nil
			}
			return r, nil
		}
	}
}

// lists reports whether a list of insurers contains a carrier code.
func lists(insurers []byte, id string) bool {
	for n := 0; ; n++ {
		one := []string{"data", "insurers", strconv.Itoa(n)}
		if _, ok := find(insurers, one...); !ok {
			return false
		}
		if textAt(insurers, append(one, "id")...) == id {
			return true
		}
	}
}

// unknownUser starts checks of users unknown to the clinic.
func unknownUser(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err == nil && r.status == http.StatusNotFound && c.operation() == "startEligibilityCheck" {
			return started(m, c, r), nil
		}
		return r, err
	}
}

// staysFirst shows the first response of each card for ever.
func staysFirst(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if said := r.text("data", "user_data", "primary", "eligibility_response"); err == nil && c.operation() == "getUser" && said != "" {
			first := m.first("response of "+r.text("data", "vseeid"), said)
			if first != said {
				r.body, _ = set(strconv.Quote(first))(r.body, "data", "user_data", "primary", "eligibility_response")
			}
		}
		return r, err
	}
}

// ofAnother checks the first patient of a clinic instead of the requested one, if the first has a card of the same
// insurer.
func ofAnother(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		if c.operation() == "startEligibilityCheck" {
			one, _ := m.user(func(u signedOn) bool { return u.token == c.header.Get(tokenHeader) })
			account := one.by.header.Get("X-AccountCode")
			first, known := m.user(func(u signedOn) bool { return u.by.header.Get("X-AccountCode") == account })
			if known && one.id != "" && first.id != one.id {
				c.path = strings.Replace(c.path, "/users/"+one.id+"/", "/users/"+first.id+"/", 1)
				c = c.with(tokenHeader, first.token)
			}
		}
		return on(c)
	}
}

// idle reports each check as started, and starts none.
func idle(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		if c.operation() == "startEligibilityCheck" {
			return started(m, c, reply{header: http.Header{"Content-Type": {"application/json"}}}), nil
		}
		return on(c)
	}
}

// doubled starts each check twice.
func doubled(*memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err == nil && c.operation() == "startEligibilityCheck" && r.status == http.StatusOK {
			return on(c)
		}
		return r, err
	}
}
