package clinic

import (
	"strings"
	"time"
)

// FrontImage and BackImage are the paths of the primary card's images in openapi.yaml. A name without a card means the
// primary card (documented).
const (
	FrontImage = "insurance.card_front"
	BackImage  = "insurance.card_back"
)

// images sets the patch's images on the primary card of a user that apply has changed. The user must have an id. An
// image is a file or the id of a stored one; an empty one removes the image. It refuses an image without a card, and
// the id of another user's image.
func (p Patch) images(tx Tx, u *User, now time.Time) error {
	card := &u.Insurance.Primary
	for _, side := range []struct {
		name string
		file *Upload
		kept *string
	}{{FrontImage, p.Front, &card.Front}, {BackImage, p.Back, &card.Back}} {
		id, sent := p.field(side.name)
		given := id != "" || side.file != nil && len(side.file.Data) > 0
		switch {
		case !sent && side.file == nil:
			continue
		case given && !card.IsSet():
			return refuse(Invalid, "%s needs a primary card: send its insurer or its subscriber number as well", side.name)
		case !sent:
			var err error
			if *side.kept, err = side.file.replace(tx, u.ID, *side.kept, now); err != nil {
				return err
			}
			continue
		}
		if file, own := OwnFile(tx, u.ID, id); id != "" && (!own || !strings.HasPrefix(file.Type, "image/")) {
			return refuse(Invalid, "%s must be a file, or the id of an image that is stored for this user", side.name)
		}
		*side.kept = id
	}
	return nil
}
