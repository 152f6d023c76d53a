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

// olderPointer returns the place of a card's field in a user, "" for a field that the older fields lack.
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

// inList returns a way of reading a card that was sent: the request is for a list of cards. When the list does not have
// the card, or has one with nothing of it, the finding is one about the whole card.
func inList(list engine.Request, kind string, sent card) engine.Way {
	known := func(r reply) (at string, there, own bool) {
		at, there = cardAt(r, kind)
		for name, value := range sent {
			if name != "card_type" && name != "consent" && name != "responsible_party" {
				own = own || there && r.At(at+"/"+name) == value
			}
		}
		return at, there, own
	}
	return engine.Way{
		Request: list,
		At: func(r reply, pointer string) any {
			switch at, there, own := known(r); {
			case own:
				return r.At(at + "/" + nameIn(pointer))
			case there:
				return "another card"
			}
			return nil
		},
		Pointer: func(r reply, pointer string) string {
			if at, _, own := known(r); own {
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

// fieldsOf returns the fields of a card that was sent, below a pointer in the reply to its request.
func fieldsOf(at string, sent card) []engine.Field {
	var fields []engine.Field
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		fields = append(fields, sentAt(at+"/"+name, sent[name]))
	}
	return fields
}

// sentAt returns the field at a pointer with the value that was sent.
func sentAt(pointer string, want any) engine.Field {
	name := pointer[strings.LastIndexByte(pointer, '/')+1:]
	return engine.Field{Pointer: pointer, Want: want, Rule: name + " must be the one that was sent"}
}

// whole returns a way of reading a card as one value: all that was sent of it, nil without the card.
func whole(list engine.Request, kind string, sent card) engine.Way {
	return engine.Way{
		Request: list,
		At: func(r reply, _ string) any {
			at, there := cardAt(r, kind)
			if !there {
				return nil
			}
			got := map[string]any{}
			for name := range sent {
				got[name] = r.At(at + "/" + name)
			}
			return got
		},
		Pointer: func(reply, string) string { return "/data/*" },
	}
}

// keeps asserts that a request has left a card as it was.
func (t *trial) keeps(write reply, u user, kind string, sent card) {
	t.ReadBack(write, []engine.Way{whole(engine.Get(cardsPath(u)).By(u), kind, sent)},
		engine.Field{Pointer: "/data/*", Want: sent, Rule: "the other card must stay as it was sent"})
}

// left asserts that a request has left cards of these types, and no others.
func (t *trial) left(write reply, u user, types ...any) {
	types = append([]any{}, types...)
	if !write.Trusted() || !write.Value("/data/*/card_type", write.Column("/data", "card_type")).Sent(types,
		"these cards must be left") {
		return
	}
	t.ReadBack(write, []engine.Way{{
		Request: engine.Get(cardsPath(u)).By(u),
		At:      func(r reply, _ string) any { return r.Column("/data", "card_type") },
	}}, engine.Field{Pointer: "/data/*/card_type", Want: types, Rule: "these cards must be left"})
}
