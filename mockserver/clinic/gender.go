package clinic

// The numbers of a user's gender; 0 is unset. VSee knows Male and Female. The others are those of a form of one client,
// which sends them (observed); VSee's answer is not known, so a clinic takes them only when it is set up to (ours).
const (
	Male      = 1
	Female    = 2
	NonBinary = 3
	NotSaid   = 4
)

// genders are the values that openapi.yaml accepts; an empty one unsets.
var genders = map[string]int{"": 0, "1": Male, "male": Male, "2": Female, "female": Female, "3": NonBinary, "4": NotSaid}

// gender returns the number of a gender that was sent as a field. It refuses one that the clinic does not take.
func (s Settings) gender(field, value string) (int, error) {
	n, known := genders[value]
	if !known || n > Female && !s.AcceptGender3And4 {
		return 0, refuse(Invalid, "%s must be 1 or male, 2 or female; 3 and 4 need the clinic's setting accept_gender_3_and_4", field)
	}
	return n, nil
}
