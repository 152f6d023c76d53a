package rule

import (
	"reflect"
	"slices"
)

// Cond is a condition on a struct.
type Cond struct {
	holds  func(object) bool
	Schema Schema
}

// Has holds where a key is set.
func Has(key string) Cond {
	return Cond{func(o object) bool { return isSet(o.get(key)) }, Schema{"required": []string{key}}}
}

// On holds where a key is true.
func On(key string) Cond { return Is(key, Form{fits: isSet, Schema: Schema{"const": true}}) }

// Is holds where a key is set and its value has a form.
func Is(key string, form Form) Cond {
	return Cond{
		func(o object) bool { v := o.get(key); return isSet(v) && form.fits(reflect.Indirect(v)) },
		Schema{"properties": Schema{key: form.Schema}, "required": []string{key}},
	}
}

// Not holds where another condition does not.
func Not(c Cond) Cond {
	return Cond{func(o object) bool { return !c.holds(o) }, Schema{"not": c.Schema}}
}

// Any holds where at least one condition does.
func Any(conds ...Cond) Cond {
	return Cond{func(o object) bool { return count(o, conds) > 0 }, Schema{"anyOf": schemas(conds)}}
}

// One holds where exactly one condition does.
func One(conds ...Cond) Cond {
	return Cond{func(o object) bool { return count(o, conds) == 1 }, Schema{"oneOf": schemas(conds)}}
}

// OneAtMost holds where at most one condition does.
func OneAtMost(conds ...Cond) Cond {
	return One(append(slices.Clip(conds), Not(Any(conds...)))...)
}

// HasAny holds where at least one of several keys is set.
func HasAny(keys ...string) Cond {
	conds := make([]Cond, len(keys))
	for i, key := range keys {
		conds[i] = Has(key)
	}
	return Any(conds...)
}

func count(o object, conds []Cond) int {
	n := 0
	for _, c := range conds {
		if c.holds(o) {
			n++
		}
	}
	return n
}

func schemas(conds []Cond) []Schema {
	all := make([]Schema, len(conds))
	for i, c := range conds {
		all[i] = c.Schema
	}
	return all
}

// Object is the form of structs satisfying a condition.
func Object[T any](c Cond) Form {
	keys := keysOf(reflect.TypeFor[T]())
	return Form{fits: func(v reflect.Value) bool { return c.holds(object{v, keys}) }, Schema: c.Schema}
}
