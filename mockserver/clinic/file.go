package clinic

import (
	"context"
	"strconv"
)

// How large images of cards may be (ours), in bytes.
const (
	MaxImage  = 4 << 20  // one
	MaxImages = 64 << 20 // all of a clinic's together
)

// Image is a picture of a card that is to be stored.
type Image struct {
	Type string // its media type, such as image/png
	Data []byte
}

// File is a stored image of a card.
type File struct {
	ID     string // digits, given by the clinic
	UserID string // the owner of the card
	Image
}

// File returns a file that the owner of a token may see: as for the card it is of, the user themselves and the admin.
func (c *Clinic) File(ctx context.Context, token, id string) (File, error) {
	return view(ctx, c, func(v View) (File, error) {
		if _, err := c.whose(v, token); err != nil {
			return File{}, err
		}
		file, ok := v.File(id)
		if !ok {
			return File{}, refuse(NotFound, "the clinic has no file with this id")
		}
		_, err := c.find(v, token, file.UserID)
		return file, err
	})
}

// over stores an image of a card in place of the one with the id before, and returns the id of the one that there is
// then.
func (i *Image) over(tx Tx, userID, before string) (id string, err error) {
	switch {
	case i == nil:
		return before, nil
	case len(i.Data) == 0:
		return "", nil
	case tx.Stored()+len(i.Data) > MaxImages:
		return "", refuse(Invalid, "the images of the clinic's cards must not take more than %d bytes together: delete some", MaxImages)
	}
	file := File{ID: strconv.FormatUint(tx.Count(fileCounter), 10), UserID: userID, Image: *i}
	tx.PutFile(file)
	return file.ID, nil
}
