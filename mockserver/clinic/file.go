package clinic

import (
	"context"
	"strconv"
)

// The maximum sizes of the images of cards, in bytes (ours).
const (
	MaxImage  = 4 << 20  // of one image
	MaxImages = 64 << 20 // of all images of a clinic together
)

// Image is a picture of a card, to be stored.
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

// File returns a file visible to the owner of a token: the user of the card, and the admin.
func (c *Clinic) File(ctx context.Context, token, id string) (File, error) {
	return view(ctx, c, func(v View) (File, error) {
		if _, err := c.callerByToken(v, token); err != nil {
			return File{}, err
		}
		file, ok := v.File(id)
		if !ok {
			return File{}, refuse(NotFound, "the clinic has no file with this id")
		}
		_, err := c.authorizedUser(v, token, file.UserID)
		return file, err
	})
}

// replace stores the image instead of the file with the id before, and returns the id of the card's file: before for
// a nil image, and none for one without data.
func (i *Image) replace(tx Tx, userID, before string) (id string, err error) {
	switch {
	case i == nil:
		return before, nil
	case len(i.Data) == 0:
		return "", nil
	case tx.FileBytes()+len(i.Data) > MaxImages:
		return "", refuse(Invalid, "the images of the clinic's cards must not take more than %d bytes together: delete some",
			MaxImages)
	}
	file := File{ID: strconv.FormatUint(tx.NextCount(fileCounter), 10), UserID: userID, Image: *i}
	tx.PutFile(file)
	return file.ID, nil
}
