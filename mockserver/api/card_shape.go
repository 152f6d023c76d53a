package api

import "github.com/vsee-mock/vsee-mock/mockserver/clinic"

// The types below are VSee's JSON of the newer generation. An unset value is a missing key.

type insuranceCard struct {
	CardType         string       `json:"card_type"`
	InsurerCode      string       `json:"insurer_code,omitempty"`
	SubscriberNumber string       `json:"subscriber_number,omitempty"`
	GroupNumber      string       `json:"group_number,omitempty"`
	ResponsibleParty string       `json:"responsible_party,omitempty"`
	GuarantorFirst   string       `json:"guarantor_first_name,omitempty"`
	GuarantorMiddle  string       `json:"guarantor_middle_name,omitempty"`
	GuarantorLast    string       `json:"guarantor_last_name,omitempty"`
	GuarantorName    string       `json:"guarantor_name,omitempty"`
	GuarantorDOB     string       `json:"guarantor_dob,omitempty"`
	GuarantorGender  int          `json:"guarantor_gender,omitempty"`
	GuarantorAddress string       `json:"guarantor_address,omitempty"`
	GuarantorLine2   string       `json:"guarantor_address_2,omitempty"`
	GuarantorCity    string       `json:"guarantor_city,omitempty"`
	GuarantorZip     string       `json:"guarantor_zip,omitempty"`
	GuarantorState   string       `json:"guarantor_state,omitempty"`
	Consent          bool         `json:"consent"`
	CardFront        *file        `json:"card_front,omitempty"`
	CardBack         *file        `json:"card_back,omitempty"`
	Eligibility      *eligibility `json:"eligibility,omitempty"`
}

type file struct {
	ID          string `json:"id"`
	FullPath    string `json:"fullpath"`
	IsDeletable bool   `json:"is_deletable"`
}

type eligibility struct {
	Status string `json:"status"`
}

func insuranceCardOf(c call, u *clinic.User, order clinic.Order) insuranceCard {
	card := u.Insurance.Card(order)
	g := card.Relation.Guarantor
	return insuranceCard{
		CardType: order.String(), InsurerCode: card.Carrier, SubscriberNumber: card.Subscriber, GroupNumber: card.Group,
		ResponsibleParty: card.Relation.Respparty,
		GuarantorFirst:   g.First, GuarantorMiddle: g.Middle, GuarantorLast: g.Last, GuarantorName: g.Name,
		GuarantorDOB: g.DOB, GuarantorGender: g.Gender, GuarantorAddress: g.Address, GuarantorLine2: g.Address2,
		GuarantorCity: g.City, GuarantorZip: g.Zip, GuarantorState: g.State, Consent: card.Consent,
		CardFront: fileOf(c, card.Front), CardBack: fileOf(c, card.Back), Eligibility: eligibilityOf(u, order),
	}
}

// fileOf returns VSee's object of a file. It can be deleted, by replacing it or by deleting the card.
func fileOf(c call, id string) *file {
	if id == "" {
		return nil
	}
	return &file{ID: id, FullPath: c.fullPath(id), IsDeletable: true}
}

// eligibilityOf returns the result of a card's last finished check (observed; the mapping from result to status is
// ours).
func eligibilityOf(u *clinic.User, order clinic.Order) *eligibility {
	switch u.Responses[order] {
	case "":
		return nil
	case clinic.Success:
		return &eligibility{"active"}
	}
	return &eligibility{"inactive"}
}
