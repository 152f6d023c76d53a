package gauntlet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
)

// state is a JSON value as its texts, numbers and booleans by their place. The place of a list or object ends in # and
// has its length.
type state map[string]string

func flatten(value any) state {
	flat := state{}
	var add func(place string, value any)
	add = func(place string, value any) {
		switch is := value.(type) {
		case map[string]any:
			flat[place+"#"] = strconv.Itoa(len(is))
			for key, item := range is {
				add(fmt.Sprintf("%s.%q", place, key), item)
			}
		case []any:
			flat[place+"#"] = strconv.Itoa(len(is))
			for i, item := range is {
				add(fmt.Sprintf("%s[%d]", place, i), item)
			}
		default:
			flat[place] = fmt.Sprint(value)
		}
	}
	add("", value)
	return flat
}

// growth returns the difference between two numbers at a place, 0 for anything else.
func growth(before, after state, place string) float64 {
	from, err := strconv.ParseFloat(before[place], 64)
	to, also := strconv.ParseFloat(after[place], 64)
	if err != nil || also != nil {
		return 0
	}
	return to - from
}

// counters returns the places of a state with the same growth at each of three consecutive events, and the growth.
func counters(first, second, third state) map[string]float64 {
	counts := map[string]float64{}
	for place := range third {
		if by := growth(first, second, place); by != 0 && by == growth(second, third, place) {
			counts[place] = by
		}
	}
	return counts
}

// shown compares three consecutive states at the places changed by the second event: kept reports whether the third
// event left one as it was, and undone whether it gave one its first value back. A list of another length is a log of
// events: its places do not count.
func shown(first, second, third state) (kept, undone bool) {
	for place, value := range second {
		before, was := first[place]
		if !was || before == value || isInLog(place, first, second, third) {
			continue
		}
		kept = kept || third[place] == value
		undone = undone || third[place] == before
	}
	return kept, undone
}

// isInLog reports whether a place is in a list that changes its length.
func isInLog(place string, states ...state) bool {
	for i, char := range place {
		for _, one := range states {
			if char == '[' && one[place[:i]+"#"] != states[0][place[:i]+"#"] {
				return true
			}
		}
	}
	return false
}

// maxState is how much of a state is read.
const maxState = 16 << 20

// readState returns the receiver's state: a JSON value, or else the lines and words of a text.
func (s *session) readState(ctx context.Context) (state, error) {
	timed, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(timed, http.MethodGet, s.StateURL, nil)
	if err != nil {
		return nil, errors.New("the state's URL is not usable")
	}
	request.Header.Set("User-Agent", s.UserAgent)
	reply, err := s.client.Do(request)
	if err != nil {
		return nil, errors.New("the state's URL gave no answer") // the cause would repeat the URL
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the state's URL answered %d", reply.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(reply.Body, maxState))
	if err != nil {
		return nil, errors.New("the state's URL gave an incomplete answer")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) == nil {
		return flatten(value), nil
	}
	return flatten(map[string]any{"lines": list(strings.Lines(string(text))),
		"words": list(strings.FieldsSeq(string(text)))}), nil
}

func list(texts iter.Seq[string]) []any {
	var items []any
	for text := range texts {
		items = append(items, text)
	}
	return items
}
