package api

// appendJSON implements appender.
func (u *user) appendJSON(b []byte) []byte {
	b = append(b, '{')
	b = appendField(b, "id", u.ID)
	b = appendField(b, "code", u.Code)
	b = appendField(b, "first_name", u.FirstName)
	b = appendField(b, "last_name", u.LastName)
	b = appendField(b, "full_name", u.FullName)
	b = appendField(b, "username", u.Username)
	b = appendField(b, "vseeid", u.VSeeID)
	b = appendOptional(b, "dob", u.DOB)
	b = appendOptional(b, "email", u.Email)
	if u.Gender != 0 {
		b = appendNumber(b, "gender", int64(u.Gender))
	}
	b = appendBool(b, "active", u.Active)
	b = appendBool(b, "tos", u.TOS)
	b = appendNumber(b, "status", int64(u.Status))
	b = appendField(b, "subtype", u.Subtype)
	b = u.appendAddress(b)
	b = appendField(b, "timezone", u.Timezone)
	b = appendBool(b, "email_verified", u.EmailVerified)
	if u.SignupStep != 0 {
		b = appendNumber(b, "signup_step", int64(u.SignupStep))
	}
	if len(u.Extra) > 0 {
		b = appendValue(appendName(b, "extra"), u.Extra)
	}
	if u.Insurance != nil {
		b = u.Insurance.appendJSON(appendName(b, "insurance"))
	}
	b = appendField(b, "account_code", u.AccountCode)
	b = appendTexts(appendName(b, "clinics"), u.Clinics)
	if u.Rooms != nil {
		b = appendValue(appendName(b, "rooms"), u.Rooms)
	}
	b = appendNumber(b, "created", u.Created)
	if u.UserData != nil {
		b = u.UserData.appendJSON(appendName(b, "user_data"))
	}
	return append(b, '}')
}

func (u *user) appendAddress(b []byte) []byte {
	b = appendOptional(b, "street_addr", u.StreetAddr)
	b = appendOptional(b, "state", u.State)
	b = appendOptional(b, "city", u.City)
	b = appendOptional(b, "zip", u.Zip)
	return appendOptional(b, "phone", u.Phone)
}

// appendTexts appends a list of texts.
func appendTexts(b []byte, texts []string) []byte {
	if texts == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i, text := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, text)
	}
	return append(b, ']')
}

func (i *insurance) appendJSON(b []byte) []byte {
	b = append(b, '{')
	if i.Primary != nil {
		b = i.Primary.appendJSON(appendName(b, "primary"))
	}
	if i.Secondary != nil {
		b = i.Secondary.appendJSON(appendName(b, "secondary"))
	}
	if i.Patient != nil {
		b = appendValue(appendName(b, "patient"), i.Patient)
	}
	return append(b, '}')
}

func (c *card) appendJSON(b []byte) []byte {
	b = append(b, '{')
	b = appendOptional(b, "carrier_code", c.Carrier)
	b = appendOptional(b, "carrier_name_others", c.Other)
	b = appendOptional(b, "group_number", c.Group)
	b = appendOptional(b, "subscriber_num", c.Subscriber)
	return append(appendNumber(b, "insurance_order", int64(c.Order)), '}')
}

func (d *userData) appendJSON(b []byte) []byte {
	b = append(b, '{')
	if d.Primary != nil {
		b = append(appendField(append(appendName(b, "primary"), '{'), "eligibility_response", d.Primary.Response), '}')
	}
	if d.Secondary != nil {
		b = append(appendField(append(appendName(b, "secondary"), '{'), "eligibility_response", d.Secondary.Response), '}')
	}
	return append(b, '}')
}

func (t *token) appendJSON(b []byte) []byte {
	b = appendField(append(b, '{'), "user_id", t.UserID)
	b = appendField(b, "token", t.Token)
	b = appendNumber(b, "expiry", t.Expiry)
	b = appendNumber(b, "created", t.Created)
	b = appendField(b, "user_type", t.UserType)
	r := &t.Refresh
	b = appendField(append(appendName(b, "refresh_token"), '{'), "user_id", r.UserID)
	b = appendField(b, "token", r.Token)
	b = appendNumber(b, "expiry", r.Expiry)
	return append(appendNumber(b, "created", r.Created), '}', '}')
}
