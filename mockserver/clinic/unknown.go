package clinic

import "errors"

// UnknownFields sets the treatment of request fields, and of filter parameters in the query, missing from VSee's
// documentation. VSee does not say whether it refuses them (ours).
type UnknownFields string

// The ways to treat unknown fields.
const (
	RefuseTypos   UnknownFields = "typos"  // a likely typo is refused, any other name is ignored: the default
	RefuseUnknown UnknownFields = "refuse" // all are refused
	IgnoreUnknown UnknownFields = "ignore" // none is refused
)

// Validate returns an error for any other value.
func (u UnknownFields) Validate() error {
	if u != RefuseTypos && u != RefuseUnknown && u != IgnoreUnknown {
		return errors.New("unknown_fields must be typos, refuse or ignore")
	}
	return nil
}
