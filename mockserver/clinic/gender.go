package clinic

// The numbers of a user's gender; 0 is unset. VSee documents Male and Female. One client sends the others (observed);
// VSee's answer to them is not known, so a clinic accepts them only with AcceptGender3And4 (ours).
const (
	Male        = 1
	Female      = 2
	NonBinary   = 3
	Undisclosed = 4
)

// genders maps the values in openapi.yaml to numbers; an empty value unsets the gender.
var genders = map[string]int{"": 0, "1": Male, "male": Male, "2": Female, "female": Female, "3": NonBinary,
	"4": Undisclosed}

// genderNumber returns the number of a gender in a request. It refuses a gender that the clinic does not accept.
func (s *Settings) genderNumber(field, value string) (int, error) {
	n, known := genders[value]
	if !known || n > Female && !s.AcceptGender3And4 {
		return 0, refuse(Invalid, "%s must be 1 or male, 2 or female; 3 and 4 need the clinic's setting "+
			"accept_gender_3_and_4", field)
	}
	return n, nil
}
