package load

// Open opens connections of this system, and OpenDialed those of every system.
var (
	Open       = open
	OpenDialed = openDialed
)

// Opener is a function that opens connections.
type Opener = func(address string, requests [][]byte) (connections, error)

// NewDriver returns a driver with connections of an opener.
func NewDriver(opener Opener, address string, requests [][]byte) (*Driver, error) {
	opened, err := opener(address, requests)
	return &Driver{opened}, err
}
