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

// Orders returns both, in VSee's order.
func Orders() [2]Order { return [2]Order{Primary, Secondary} }

// Card is one insurance card. An empty field is unset.
type Card struct {
	Carrier    string // the insurer's id
	Subscriber string // the subscriber number
	Group      string // the group number

	// OtherCarrier is the name of an insurer that is not in the clinic's list, of the primary card alone (documented).
	OtherCarrier string

	Relation Relation
	Consent  bool
	Front    string // the id of the File with its image
	Back     string
}

// IsSet reports whether there is a card: it names an insurer or a number.
func (c Card) IsSet() bool { return c.number() != Card{}.number() }

// number is what a check of the card is about: as long as it stays, the result stands.
func (c Card) number() [4]string { return [4]string{c.Carrier, c.OtherCarrier, c.Subscriber, c.Group} }

// Insurance is a user's two cards. VSee has two ways to write and read them: the older `insurance` of a user, and the
// cards of the newer generation. They are one state here (ours).
//
// The older way has one relation for both cards, `insurance.patient`: Relation.
type Insurance struct {
	Primary, Secondary Card

	// Patient is `insurance.patient` while there is no card that it could be of.
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

// Relation is `insurance.patient`: that of the primary card, of the secondary when it is the only one, and while there is
// none what was written for the first one to come.
func (i Insurance) Relation() Relation {
	for _, o := range Orders() {
		if card := i.Card(o); card.IsSet() {
			return card.Relation
		}
	}
	return i.Patient
}

// older returns the insurance after a write of the older way, in which `insurance.patient` reads r. When that was written
// it is of both cards from now on, and in any case of a card that is new. A card without an insurer and a number is none
// any more.
func (i Insurance) older(before Insurance, r Relation, written bool) Insurance {
	for _, o := range Orders() {
		switch card := i.card(o); {
		case !card.IsSet():
			*card = Card{}
		case written || !before.Card(o).IsSet():
			card.Relation = r
		}
	}
	if i.Patient = r; i.Primary.IsSet() || i.Secondary.IsSet() {
		i.Patient = Relation{} // it is theirs
	}
	return i
}

// CardOf returns which card a check of carrier is about: the one that names the carrier, the primary before the
// secondary; else one that was filled in without a carrier. It returns false when there is no such card.
func (i Insurance) CardOf(carrier string) (Order, bool) {
	for _, o := range Orders() {
		if i.Card(o).Carrier == carrier {
			return o, true
		}
	}
	for _, o := range Orders() {
		if card := i.Card(o); card.IsSet() && card.Carrier == "" {
			return o, true
		}
	}
	return 0, false
}

// files returns the ids of the images of both cards.
func (i Insurance) files() []string {
	return []string{i.Primary.Front, i.Primary.Back, i.Secondary.Front, i.Secondary.Back}
}
