package clinic

import (
	"maps"
	"strings"
)

// Patch is a partial update of a user: what is not in it keeps its value.
type Patch struct {
	// Fields are new values by the field's place in the JSON body of an update, as in openapi.yaml:
	// "first_name", "insurance.primary.carrier_code". An empty one empties the field.
	Fields map[string]string
	// Extra are the clinic's own fields; each replaces the one of its name.
	Extra map[string]any
}

// apply returns the user with the patch's values: of an insurer that the clinic has, the id. It refuses a field that users
// do not have.
func (p Patch) apply(s Settings, u User) (User, error) {
	before := u.Insurance
	relation, related := before.Relation(), false
	for name, value := range p.Fields {
		switch name {
		case "gender":
			u.Gender = genders[value]
		case "disable_emails": // VSee's e-mails: the mock sends none
		default:
			field := u.field(name)
			if of, ok := strings.CutPrefix(name, "insurance.patient."); ok {
				field, related = relation.field(of), true
			}
			if field == nil {
				return u, refuse(Invalid, "%s is not a field of a user", name)
			}
			if *field = value; strings.HasSuffix(name, ".carrier_code") {
				*field = s.carrier(value)
			}
		}
	}
	name := relation.Guarantor.Name
	relation.Guarantor.Name = before.Relation().Guarantor.Name
	relation.Guarantor = relation.Guarantor.renamedTo(name)
	u.Insurance = u.Insurance.older(before, relation, related)
	if len(p.Extra) > 0 {
		extra := maps.Clone(u.Extra)
		if extra == nil {
			extra = map[string]any{}
		}
		maps.Copy(extra, p.Extra)
		u.Extra = extra
	}
	return u, nil
}

// genders are the values that openapi.yaml accepts; an empty one unsets.
var genders = map[string]int{"1": Male, "male": Male, "2": Female, "female": Female}

// field returns where a text field is kept, nil when users have none of that name.
func (u *User) field(name string) *string {
	switch name {
	case "first_name":
		return &u.FirstName
	case "last_name":
		return &u.LastName
	case "email":
		return &u.Email
	case "username":
		return &u.Username
	case "dob":
		return &u.DOB
	case "street_addr":
		return &u.StreetAddr
	case "city":
		return &u.City
	case "state":
		return &u.State
	case "zip":
		return &u.Zip
	case "phone":
		return &u.Phone
	case "timezone":
		return &u.Timezone
	case "insurance.primary.carrier_code":
		return &u.Insurance.Primary.Carrier
	case "insurance.primary.subscriber_num":
		return &u.Insurance.Primary.Subscriber
	case "insurance.primary.group_number":
		return &u.Insurance.Primary.Group
	case "insurance.secondary.carrier_code":
		return &u.Insurance.Secondary.Carrier
	case "insurance.secondary.subscriber_num":
		return &u.Insurance.Secondary.Subscriber
	case "insurance.secondary.group_number":
		return &u.Insurance.Secondary.Group
	}
	return nil
}
