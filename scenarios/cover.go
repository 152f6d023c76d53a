package scenarios

import (
	"cmp"
	"slices"
)

// whenCovers reports whether w matches every check of another When. False may be wrong: some cases are not recognised.
func whenCovers(w, other *When) bool {
	for i := range conditions {
		k := &conditions[i]
		if !k.wanted(w).covers(*k.wanted(other), k.covers) ||
			k.timed && len(*k.wanted(w)) > 0 && !w.TimeZone.Equal(other.TimeZone) {
			return false
		}
	}
	for _, name := range w.Absent {
		if !slices.Contains(other.Absent, name) {
			return false
		}
	}
	return !slices.ContainsFunc(w.Not, func(n When) bool {
		n.TimeZone = cmp.Or(n.TimeZone, w.TimeZone)
		return n.meets(other)
	})
}

// meets reports whether one check can match both. True may be wrong: some cases are not recognised.
func (w *When) meets(other *When) bool {
	for i := range conditions {
		k := &conditions[i]
		a, b := *k.wanted(w), *k.wanted(other)
		if k.timed && !w.TimeZone.Equal(other.TimeZone) || len(a) == 0 || len(b) == 0 {
			continue
		}
		if !slices.ContainsFunc(a, func(one string) bool {
			return slices.ContainsFunc(b, func(two string) bool { return k.overlaps(one, two) })
		}) {
			return false
		}
	}
	return !w.excludes(other) && !other.excludes(w)
}

// excludes reports whether every check of another When lacks a wanted field, has an absent one, or is left out.
func (w *When) excludes(other *When) bool {
	for _, name := range w.Absent {
		if !conditionOf(name).matches(other, &Check{}) {
			return true
		}
	}
	return slices.ContainsFunc(w.Not, func(n When) bool {
		n.TimeZone = cmp.Or(n.TimeZone, w.TimeZone)
		return whenCovers(&n, other)
	})
}

// covers reports whether one text of a field matches every value of another text.
func (k *condition) covers(one, text string) bool {
	if k.span != nil {
		return k.span.covers(one, text)
	}
	return textCovers(k.normalise(one), k.normalise(text))
}
