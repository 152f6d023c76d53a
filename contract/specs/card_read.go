package specs

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// olderNames are the names of a card's fields in the older fields of a user, by the newer names.
func olderNames() map[string]string {
	return map[string]string{
		"insurer_code": "carrier_code", "subscriber_number": "subscriber_num", "group_number": "group_number",
		"responsible_party": "respparty", "guarantor_name": "guarantor_name", "guarantor_dob": "guarantor_dob",
		"guarantor_address": "guarantor_address", "guarantor_city": "guarantor_city", "guarantor_state": "guarantor_state",
		"guarantor_zip": "guarantor_zip",
	}
}

// olderPointer returns the place of a card's field in a user, "" for a field without an older one.
func olderPointer(kind, name string) string {
	older, has := olderNames()[name]
	switch {
	case !has:
		return ""
	case strings.HasPrefix(older, "guarantor_"), older == "respparty":
		return "/data/insurance/patient/" + older
	}
	return "/data/insurance/" + kind + "/" + older
}

// nameIn returns the newer name of the field at a pointer, in whichever generation.
func nameIn(pointer string) string {
	last := pointer[strings.LastIndexByte(pointer, '/')+1:]
	for newer, older := range olderNames() {
		if older == last {
			return newer
		}
	}
	return last
}

// cardAt returns the pointer of a card in a reply about cards, and whether there is one.
func cardAt(r reply, kind string) (string, bool) {
	i := slices.Index(r.Column("/data", "card_type"), any(kind))
	return "/data/" + strconv.Itoa(max(i, 0)), i >= 0
}

// ownCard returns the pointer of a sent card in a reply about cards, and whether it is there. A card of the type is
// another one when all of its numbers and texts differ; many cards have the same insurer and relation.
func ownCard(r reply, kind string, sent card) (at string, own bool) {
	at, there := cardAt(r, kind)
	for name, value := range sent {
		if !slices.Contains([]string{"card_type", "insurer_code", "consent", "responsible_party"}, name) {
			own = own || there && r.At(at+"/"+name) == number(value)
		}
	}
	return at, own
}

// anotherCard is the rule of a reply with other cards than the stored ones.
const anotherCard = "the cards must be the user's own"

// showsOwn asserts a sent card in a reply about cards. Any other card in its place is one finding,
// whatever the requirement is about.
func showsOwn(r reply, kind string, sent card) (at string, own bool) {
	at, own = ownCard(r, kind, sent)
	_, there := cardAt(r, kind)
	return at, r.Value("/data/*", sign(own, there)).Sent(true, anotherCard)
}

// sign is true for a sent card, false for another one in its place, and nil for none.
func sign(own, there bool) any {
	if !there {
		return nil
	}
	return own
}

// inList returns a way of reading a sent card by a request for a list of cards.
func inList(list engine.Request, kind string, sent card) engine.Way {
	return engine.Way{
		Request: list,
		At: func(r reply, pointer string) any {
			at, own := ownCard(r, kind, sent)
			if own {
				return r.At(at + "/" + nameIn(pointer))
			}
			switch value := sent[nameIn(pointer)].(type) { // of the same JSON type, and another value
			case bool:
				return !value
			case int:
				return value + 1
			}
			return "another card"
		},
		Pointer: func(r reply, pointer string) string {
			if at, own := ownCard(r, kind, sent); own {
				return at + "/" + nameIn(pointer)
			}
			return "/data/*"
		},
	}
}

// listed is the way of reading a card by its user's token.
func listed(u user, kind string, sent card) engine.Way {
	return inList(engine.Get(cardsPath(u)).By(u), kind, sent)
}

// older are the ways of reading a card in the older fields of its user. They show neither the consent nor all of the
// guarantor.
func (t *trial) older(u user, kind string, fields []engine.Field) []engine.Way {
	ways := t.userWays(u)
	for i := range ways {
		ways[i].At = func(r reply, pointer string) any { return r.At(olderPointer(kind, nameIn(pointer))) }
		ways[i].Pointer = func(_ reply, pointer string) string { return olderPointer(kind, nameIn(pointer)) }
		for _, f := range fields {
			if olderPointer(kind, nameIn(f.Pointer)) == "" {
				ways[i].Lacks = append(ways[i].Lacks, f.Pointer)
			}
		}
	}
	return ways
}

// fieldsOf returns the fields of a sent card, below a pointer in the reply to its request.
func fieldsOf(at string, sent card) []engine.Field {
	var fields []engine.Field
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		fields = append(fields, sentAt(at+"/"+name, sent[name]))
	}
	return fields
}

// sentAt returns the field at a pointer with the sent value.
func sentAt(pointer string, want any) engine.Field {
	name := pointer[strings.LastIndexByte(pointer, '/')+1:]
	return engine.Field{Pointer: pointer, Want: want, Rule: name + " must be as sent"}
}

// stored returns the fields of a sent card that a list shows as they were sent. The loss of another field is a finding
// of the requirements on its request.
func (t *trial) stored(u user, kind string, sent card) card {
	r, stored := t.cards(u), card{}
	at, _ := cardAt(r, kind)
	for name, value := range sent {
		if r.At(at+"/"+name) == number(value) {
			stored[name] = value
		}
	}
	return stored
}

// keeps asserts the stored fields of a card after a request about the other one. wrote is the card written by that
// request, nil for a deletion.
func (t *trial) keeps(write reply, u user, kind string, stored, wrote card) {
	list := t.cards(u)
	if !write.Expected() {
		return
	}
	if wrote != nil {
		written, _ := wrote["card_type"].(string)
		if _, own := showsOwn(list, written, wrote); !own {
			return // the list is wrong, and not the request
		}
	}
	at, there := cardAt(write, kind)
	_, isListed := cardAt(list, kind)
	if _, isList := write.At("/data").([]any); !there && (isList || !isListed) {
		write.Value("/data/*", sign(there, there)).Sent(true, "the other card must stay as it was sent")
		return
	}
	if !there {
		at = "/data/*" // of no card in the reply
	}
	ways, fields := []engine.Way{listed(u, kind, stored)}, fieldsOf(at, stored)
	if t.IsMock() { // only there are the older fields of the same cards, with one guarantor for both
		for _, way := range t.older(u, kind, fields) {
			way.Lacks = append(way.Lacks, at+"/guarantor_city")
			ways = append(ways, way)
		}
	}
	t.ReadBack(write, ways, fields...)
}

// number returns a number as replies have it, and any other value as it is.
func number(value any) any {
	if n, is := value.(int); is {
		return float64(n)
	}
	return value
}
