package jsonscan

import (
	"encoding/json"
	"strconv"
)

// Decoded returns a value as decoded by encoding/json into an any, with numbers as json.Number. Of members with the
// same name it keeps the first one, or the last one, and returns the path of each of the others: names, and indexes of
// items.
func Decoded(v Value, last bool) (decoded any, again [][]string) {
	d := decoder{last: last}
	return d.decode(v), d.again
}

type decoder struct {
	last  bool
	path  []string // to the value being decoded
	again [][]string
}

func (d *decoder) decode(v Value) any {
	switch v.Kind {
	case Bool:
		return v.Raw[0] == 't'
	case Number:
		return json.Number(v.Raw)
	case String:
		return v.Text
	case List:
		items := make([]any, len(v.Items))
		for i := range v.Items {
			items[i] = d.decodeBelow(strconv.Itoa(i), v.Items[i])
		}
		return items
	case Object:
		members := make(map[string]any, len(v.Members))
		for i := range v.Members {
			m := &v.Members[i]
			if m.Again {
				d.again = append(d.again, append(d.path[:len(d.path):len(d.path)], m.Name))
			}
			if value := d.decodeBelow(m.Name, m.Value); d.last || !m.Again {
				members[m.Name] = value
			}
		}
		return members
	default:
		return nil
	}
}

func (d *decoder) decodeBelow(name string, v Value) any {
	d.path = append(d.path, name)
	value := d.decode(v)
	d.path = d.path[:len(d.path)-1]
	return value
}
