package clinic

// Order says which of a user's two cards is meant.
type Order int

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

// Card is one insurance card. An empty field is unset.
type Card struct {
	Carrier    string // the insurer's id
	Subscriber string // the subscriber number
	Group      string // the group number
}

// Relation is how the patient relates to the insured, and who that is when it is somebody else: the guarantor.
type Relation struct {
	Respparty string // self, child, spouse or other; empty is self
	Guarantor Guarantor
}

// Guarantor is the insured of a patient who is not the insured. An empty field is unset.
type Guarantor struct{ Name, DOB, Address, City, State, Zip string }

// Insurance is what VSee keeps under `insurance` of a user.
type Insurance struct {
	Primary, Secondary Card
	Relation           Relation
}

// Card returns the primary or the secondary card.
func (i Insurance) Card(o Order) Card {
	if o == Secondary {
		return i.Secondary
	}
	return i.Primary
}

// CardOf returns which card a check of carrier is about: the one that names the carrier, the primary before the
// secondary; else one that was filled in without a carrier. It returns false when there is no such card.
func (i Insurance) CardOf(carrier string) (Order, bool) {
	for _, o := range []Order{Primary, Secondary} {
		if i.Card(o).Carrier == carrier {
			return o, true
		}
	}
	for _, o := range []Order{Primary, Secondary} {
		if card := i.Card(o); card != (Card{}) && card.Carrier == "" {
			return o, true
		}
	}
	return 0, false
}
