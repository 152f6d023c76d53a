package scenarios

import (
	"encoding/json"
	"errors"
	"time"
	_ "time/tzdata" // the names, where a computer or an image has none

	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Zone is a time zone by its name, such as America/New_York. The zero value is UTC.
type Zone struct{ named *time.Location }

var errZone = errors.New("a time zone must have a name such as America/New_York, or be UTC")

func (z *Zone) set(name string) error {
	if name == "" || name == time.Local.String() { // differs from computer to computer
		return errZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return errZone
	}
	z.named = zone
	return nil
}

// location returns the zone for package time.
func (z Zone) location() *time.Location {
	if z.named == nil {
		return time.UTC
	}
	return z.named
}

// IsZero reports whether none is named.
func (z Zone) IsZero() bool { return z.named == nil }

// Equal reports whether both have the same name.
func (z Zone) Equal(other Zone) bool { return z.location().String() == other.location().String() }

// String returns the name; empty for none.
func (z Zone) String() string {
	if z.named == nil {
		return ""
	}
	return z.named.String()
}

// UnmarshalYAML reads the name.
func (z *Zone) UnmarshalYAML(node ast.Node) error {
	return scalar.FromYAML(node, z.set, "must be the name of a time zone",
		"write America/New_York, Europe/Berlin or UTC, with these upper and lower cases")
}

// MarshalYAML is the inverse of UnmarshalYAML.
func (z Zone) MarshalYAML() (any, error) { return z.String(), nil }

// UnmarshalJSON reads the name.
func (z *Zone) UnmarshalJSON(data []byte) error { return scalar.FromJSON(data, z.set, errZone) }

// MarshalJSON is the inverse of UnmarshalJSON.
func (z Zone) MarshalJSON() ([]byte, error) { return json.Marshal(z.String()) }
