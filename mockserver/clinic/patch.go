package clinic

import (
	"maps"
	"slices"
	"strings"
)

// Patch is a partial update of a user: a field missing in it keeps its value.
type Patch struct {
	// Fields are new values by the field's path in the JSON body of an update, as in openapi.yaml:
	// "first_name", "insurance.primary.carrier_code". An empty one empties the field.
	Fields []Field
	// Front and Back are new images of the primary card. The id of a stored one comes in Fields, as FrontImage and
	// BackImage.
	Front, Back *Upload
	// Extra are the clinic's own fields; each replaces the field of the same name.
	Extra map[string]any
}

// Field is the name of a field and its new value.
type Field [2]string

// field returns the new value of a field, false for none.
func (p Patch) field(name string) (string, bool) {
	at := slices.IndexFunc(p.Fields, func(f Field) bool { return f[0] == name })
	if at < 0 {
		return "", false
	}
	return p.Fields[at][1], true
}

// mayChange reports whether the patch may change a user, or must be refused. It says no without a copy of the user.
func (p Patch) mayChange(s *Settings, user *User) bool {
	if p.Front != nil || p.Back != nil || len(p.Extra) > 0 || !user.Insurance.isSettled() {
		return true
	}
	for _, f := range p.Fields {
		name, value := f[0], f[1]
		switch field := user.field(name); {
		case name == "disable_emails":
		case name == "gender":
			if n, err := s.genderNumber(name, value); n != user.Gender || err != nil {
				return true
			}
		case field == nil || *field != s.stored(name, value): // nil is an image, a part of the relation, or unknown
			return true
		}
	}
	return false
}

// stored returns the value that a field of a user gets.
func (s *Settings) stored(name, value string) string {
	if strings.HasSuffix(name, ".carrier_code") {
		return s.carrier(value)
	}
	return value
}

// apply sets the patch's values in a user, whose insurance is its own from then on. For an insurer known to the clinic,
// it stores the id. It refuses an unknown field.
func (p Patch) apply(s *Settings, u *User) error {
	before := *u.Insurance
	u.Insurance = new(before)
	relation, related := before.Relation(), false
	for _, f := range p.Fields {
		name, value := f[0], f[1]
		switch name {
		case "gender":
			var err error
			if u.Gender, err = s.genderNumber(name, value); err != nil {
				return err
			}
		case FrontImage, BackImage: // images handles these
		case "disable_emails": // VSee's e-mails: the mock sends none
		default:
			field := u.field(name)
			if of, ok := strings.CutPrefix(name, "insurance.patient."); ok {
				field, related = relation.field(of), true
			}
			if field == nil {
				return refuse(Invalid, "%s is not a field of a user", name)
			}
			*field = s.stored(name, value)
		}
	}
	name := relation.Guarantor.Name
	relation.Guarantor.Name = before.Relation().Guarantor.Name
	relation.Guarantor = relation.Guarantor.withName(name)
	*u.Insurance = u.Insurance.withSharedRelation(before, relation, related)
	if len(p.Extra) > 0 {
		extra := map[string]any{}
		maps.Copy(extra, u.Extra)
		maps.Copy(extra, p.Extra)
		u.Extra = extra
	}
	return nil
}

// requireLastName refuses a user without a last name. VSee's pages require one of every user; clients send an empty
// one for providers and guests (observed).
func (u *User) requireLastName() error {
	if u.LastName == "" && u.Type != Guest && u.Type != Provider {
		return refuse(Invalid, "last_name must not be empty, except for a provider or a guest")
	}
	return nil
}

// field returns a pointer to a text field, nil when users have no field of that name.
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
	case "insurance.primary.carrier_name_others":
		return &u.Insurance.Primary.OtherCarrier
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
