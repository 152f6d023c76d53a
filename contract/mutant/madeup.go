package mutant

import (
	"net/http"
	"strings"
)

// madeUp answers what an operation refuses with a status, if it fits, with a success that nobody had.
func madeUp(operation string, status int, fits func(call) bool) func(*memory) lie {
	return taken(operation, status, func(c call, _ reply) bool { return fits(c) })
}

// refusedFor fits a refusal whose message has a text.
func refusedFor(text string) func(call, reply) bool {
	return func(_ call, r reply) bool { return strings.Contains(r.text("message"), text) }
}

// taken is as madeUp, where the refusal must fit too.
func taken(operation string, status int, fits func(call, reply) bool) func(*memory) lie {
	return func(*memory) lie {
		return func(c call, on asks) (reply, error) {
			r, err := on(c)
			if err == nil && c.operation() == operation && r.status == status && fits(c, r) {
				return reply{http.StatusOK, r.header, []byte(successOf(operation))}, nil
			}
			return r, err
		}
	}
}

// instead answers each call of an operation with a success that nobody had, and hands none on.
func instead(operation string) func(*memory) lie {
	return func(*memory) lie {
		return func(c call, on asks) (reply, error) {
			if c.operation() == operation {
				return reply{http.StatusOK, http.Header{"Content-Type": {"application/json"}}, []byte(successOf(operation))}, nil
			}
			return on(c)
		}
	}
}

// tokenOfReply is what a sign-on shows beside the user.
const tokenOfReply = `"token":{"user_id":"132407","token":"eb41f585d5266fa208f0c0f2f457b577","expiry":1650021037,"created":1649934637,` +
	`"user_type":"200","refresh_token":{"user_id":"132407","token":"7d78367643948c6e485c3b6a91ce3da3","expiry":1652526637,"created":1649934637}}`

// successOf is a reply of an operation that openapi.yaml has nothing against.
func successOf(operation string) string {
	const user = `"id":"132407","code":"e","first_name":"Edward","last_name":"VSee","full_name":"Edward VSee","username":"e",` +
		`"vseeid":"ccpreview+6258012d656449b8b5e73ad964457b1f","active":true,"tos":false,"status":20,"subtype":"",` +
		`"timezone":"America/Los_Angeles","email_verified":true,"account_code":"vclinic","clinics":["vclinic"],"created":1649934637`
	const claim = `"claim_id":"7100001","member_id":"132407","carrier_code":"car7556","status":"submitted"`
	switch operation {
	case "listInsurers":
		return `{"data":{"insurers":[{"id":"car7551","name":"AETNA"}]}}`
	case "startEligibilityCheck":
		return `{"data":{"eligibility_id":"2505465","carrier_code":"car7556"}}`
	case "signOn", "login", "refreshToken":
		return `{"data":{` + user + `,` + tokenOfReply + `}}`
	case "logout":
		return `{"data":{"user_id":"132407"}}`
	case "listCards", "importCards", "deleteCard":
		return `{"data":[],"version":"2.0"}`
	case "saveCard":
		return `{"data":{"card_type":"primary","consent":false},"version":"2.0"}`
	case "searchUsers":
		return `{"data":[],"total_count":0}`
	case "getAccount":
		return `{"data":{"code":"vclinic","name":"VClinic"}}`
	case "submitClaim":
		return `{"data":{` + claim + `}}`
	case "listClaims":
		return `{"data":{"claims":[]},"total_count":0}`
	case "getClaim":
		return `{"data":{` + claim + `,"encounter_date":"2022-04-14","rendering_provider":"prof18","facility_code":"AWC",` +
			`"relationship":{"respparty":"self","standardrelationship":"1","hipaarelationship":"18"},"diagnoses":["R05.9"],` +
			`"lines":[],"currency":"USD","billed_cents":0,"submitted":1649934647,"history":[]}}`
	}
	return `{"data":{` + user + `}}`
}
