package claims

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Cents is an amount of money in hundredths of Currency. Amounts are whole numbers of cents, so sums are exact.
type Cents int64

// Currency is the currency of all amounts: VSee's clinics bill insurers of the United States.
const Currency = "USD"

// maxAmount is the largest amount in a request: ten million dollars less a cent.
const maxAmount Cents = 999_999_999

var errAmount = errors.New("must be dollars with at most two decimals, from 0 to 9999999.99, such as 28 or 28.50")

var dollars = regexp.MustCompile(`^[0-9]{1,7}(\.[0-9]{1,2})?$`)

// ParseCents reads dollars as VSee's clinic settings write a fee: 28, 28.5 or 28.50. The error's text follows the
// name of the field.
func ParseCents(text string) (Cents, error) {
	if !dollars.MatchString(text) {
		return 0, errAmount
	}
	whole, part, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	if err != nil {
		return 0, errAmount
	}
	return Cents(n), nil
}

// String returns the amount in dollars with two decimals, as ParseCents reads it.
func (c Cents) String() string { return fmt.Sprintf("%d.%02d", c/100, c%100) }
