package clinic

// Order is the position of a card among a user's two cards.
type Order int8

// The orders of a card, as VSee numbers them in insurance_order.
const (
	Primary   Order = 1
	Secondary Order = 2
)

func (o Order) String() string {
	if o == Secondary {
		return "secondary"
	}
	return "primary"
}

// Orders returns Primary and Secondary.
func Orders() [2]Order { return [2]Order{Primary, Secondary} }

// Card is one insurance card. An empty field is unset.
type Card struct {
	Carrier    string // the insurer's id
	Subscriber string // the subscriber number
	Group      string // the group number

	// OtherCarrier is the name of an insurer missing from the clinic's list. Only the primary card has it (documented).
	OtherCarrier string

	Relation Relation
	Consent  bool
	Front    string // the id of the File with its image
	Back     string
}

// IsSet reports whether the card exists: it has an insurer or a number.
func (c *Card) IsSet() bool {
	return c.Carrier != "" || c.OtherCarrier != "" || c.Subscriber != "" || c.Group != ""
}

// policy is the identification of the policy on a card.
func (c Card) policy() [4]string { return [4]string{c.Carrier, c.OtherCarrier, c.Subscriber, c.Group} }

// subject is the subject of a check: a policy, the patient, and the insured person. While it stays the same, the result
// of a check stays valid (ours). Addresses, consent and images are no part of it.
type subject struct {
	policy      [4]string
	first, last string // the patient's names
	dob         string
	gender      int
	relation    string // self, child, spouse or other
	insured     Guarantor
}

// subject returns the subject of a check of one of the user's cards.
func (u *User) subject(o Order) subject {
	card := u.Insurance.Card(o)
	relation, g := card.Relation.Respparty, card.Relation.Guarantor
	if card.Relation.IsSelf() {
		relation = "self"
	}
	return subject{
		policy: card.policy(), first: u.FirstName, last: u.LastName, dob: u.DOB, gender: u.Gender, relation: relation,
		insured: Guarantor{Name: g.Name, First: g.First, Middle: g.Middle, Last: g.Last, DOB: g.DOB, Gender: g.Gender},
	}
}

// isSubjectOf reports whether the subjects of both rows of a user are certainly the same.
func (u *User) isSubjectOf(other *User) bool {
	return u.Insurance == other.Insurance && u.FirstName == other.FirstName && u.LastName == other.LastName &&
		u.DOB == other.DOB && u.Gender == other.Gender
}

// changes names what is another in a later subject, in the words of VSee's fields.
func (s subject) changes(now subject) []string {
	var names []string
	for _, field := range []struct {
		name string
		same bool
	}{
		{"carrier_code", s.policy[0] == now.policy[0]}, {"other_carrier", s.policy[1] == now.policy[1]},
		{"subscriber_num", s.policy[2] == now.policy[2]}, {"group_number", s.policy[3] == now.policy[3]},
		{"first_name", s.first == now.first}, {"last_name", s.last == now.last}, {"dob", s.dob == now.dob},
		{"gender", s.gender == now.gender}, {"respparty", s.relation == now.relation},
		{"the guarantor", s.insured == now.insured},
	} {
		if !field.same {
			names = append(names, field.name)
		}
	}
	return names
}

// Insurance is a user's two cards. VSee has two ways to write and read them: the older `insurance` of a user, and the
// cards of the newer generation. They are one state here (ours).
//
// The older way has one relation for both cards, `insurance.patient`: Relation.
type Insurance struct {
	Primary, Secondary Card

	// Patient is `insurance.patient` of a user without cards.
	Patient Relation
}

// Card returns the primary or the secondary card.
func (i Insurance) Card(o Order) Card { return *i.card(o) }

func (i *Insurance) card(o Order) *Card {
	if o == Secondary {
		return &i.Secondary
	}
	return &i.Primary
}

// Relation is `insurance.patient`. It is the relation of the primary card, or of the secondary when it is the only one.
// Without any card, it is the relation written for the first card to come.
func (i *Insurance) Relation() Relation {
	for _, o := range Orders() {
		if card := i.card(o); card.IsSet() {
			return card.Relation
		}
	}
	return i.Patient
}

// withSharedRelation returns the insurance after a write in the older way, with r as `insurance.patient`. Both cards
// get the relation r if it was written; otherwise only a new card gets it. A card without an insurer and a number is
// removed.
func (i Insurance) withSharedRelation(before Insurance, r Relation, written bool) Insurance {
	for _, o := range Orders() {
		switch card := i.card(o); {
		case !card.IsSet():
			*card = Card{}
		case written || !before.card(o).IsSet():
			card.Relation = r
		}
	}
	if i.Patient = r; i.Primary.IsSet() || i.Secondary.IsSet() {
		i.Patient = Relation{} // the cards hold it now
	}
	return i
}

// isSettled reports whether withSharedRelation leaves the insurance as it is, when nothing of it is written.
func (i *Insurance) isSettled() bool {
	some := i.Primary.IsSet() || i.Secondary.IsSet()
	return (i.Primary.IsSet() || i.Primary == Card{}) && (i.Secondary.IsSet() || i.Secondary == Card{}) &&
		(!some || i.Patient == Relation{})
}

// OrderForCarrier returns the card for a check with a carrier: a card with this carrier, the primary before the
// secondary; otherwise a card without a carrier. It returns false without such a card.
func (i *Insurance) OrderForCarrier(carrier string) (Order, bool) {
	for _, o := range Orders() {
		if i.card(o).Carrier == carrier {
			return o, true
		}
	}
	for _, o := range Orders() {
		if card := i.card(o); card.IsSet() && card.Carrier == "" {
			return o, true
		}
	}
	return 0, false
}

// withoutFile returns the insurance without an image.
func (i Insurance) withoutFile(id string) Insurance {
	for _, side := range []*string{&i.Primary.Front, &i.Primary.Back, &i.Secondary.Front, &i.Secondary.Back} {
		if *side == id {
			*side = ""
		}
	}
	return i
}

// files returns the ids of the images of both cards.
func (i Insurance) files() []string {
	return []string{i.Primary.Front, i.Primary.Back, i.Secondary.Front, i.Secondary.Back}
}
