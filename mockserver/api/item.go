package api

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// nextItem is the number of an item without a number in its name: diagnoses[].
const nextItem = -1

// item finds the list and the number in the name of an item. The items of the list are no objects. Forms write such
// names as diagnoses[], diagnoses[0] or diagnoses.0.
func (f *fields) item(name string) (list string, at int, ok bool) {
	if list, ok = strings.CutSuffix(name, "[]"); ok {
		list = dotted(list)
		return list, nextItem, f.body.IsPlainList(list)
	}
	dot := strings.LastIndex(name, ".")
	if dot < 0 || !f.body.IsPlainList(name[:dot]) {
		return "", 0, false
	}
	n, err := strconv.ParseUint(name[dot+1:], 10, 16)
	return name[:dot], int(n), err == nil
}

// addItem adds an item of a list. A list under the name of an item without a number replaces the whole list.
func (f *fields) addItem(list string, at int, value any) error {
	if all, whole := value.([]any); whole && at == nextItem {
		return f.add(list, all)
	}
	items := f.parts[list]
	if items == nil {
		items = map[int]any{}
		f.parts[list] = items
	}
	if at == nextItem {
		at = next(items)
	}
	if before, twice := items[at]; twice && !reflect.DeepEqual(before, value) {
		return f.refuseField(fmt.Sprintf("%s.%d", list, at), "is sent more than once, with different values")
	}
	items[at] = value
	return nil
}

// next returns the number after the largest number of the items.
func next(items map[int]any) int {
	after := 0
	for at := range items {
		after = max(after, at+1)
	}
	return after
}

// join makes lists of the items sent one by one, in the order of their numbers.
func (f *fields) join() {
	for _, list := range sorted(f.parts) {
		if _, whole := f.values[list]; whole {
			_ = f.refuseField(list, "is sent both as a list and item by item: send one of the two")
			continue
		}
		items, numbers := []any{}, []int{}
		for at := range f.parts[list] {
			numbers = append(numbers, at)
		}
		slices.Sort(numbers)
		for _, at := range numbers {
			items = append(items, f.parts[list][at])
		}
		f.values[list], f.sent[list] = items, list
		f.count(list)
	}
}
