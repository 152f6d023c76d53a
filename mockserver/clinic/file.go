package clinic

import (
	"cmp"
	"context"
	"encoding/hex"
	"slices"
	"strconv"
	"time"
)

// The limits of files (ours: VSee's own are not known).
const (
	MaxFile      = 4 << 20  // bytes of one file
	MaxFileBytes = 64 << 20 // bytes of all files of a clinic together
	MaxFiles     = 10_000   // files of a clinic
)

// The categories of files with an effect (documented). openapi.yaml lists all.
const (
	IntakeAttachment = "intake_attachment" // belongs to a visit, and shows there only
	UserDocument     = "user_document"     // belongs to the profile, for the patient and providers
)

// Upload is a file to be stored.
type Upload struct {
	Name string
	Type string // its media type, such as image/png
	Data []byte
}

// Target is the thing that a file belongs to.
type Target struct {
	ID   string
	Type string // TargetUser or TargetVisit
}

// The types of a Target (documented).
const (
	TargetUser  = "user"
	TargetVisit = "visit"
)

// File is a stored file.
type File struct {
	ID       string // a UUID, given by the clinic
	UserID   string // the owner
	Category string // such as UserDocument; empty for none
	Target   Target
	Created  time.Time
	OfCard   bool   // sent with an insurance card: the file goes with the card
	Number   uint64 // a later file has a larger one
	Upload
}

var errNoFile = refuse(NotFound, "the clinic has no file with this id")

// AddFile stores a file of the token's owner (documented).
func (c *Clinic) AddFile(ctx context.Context, token, category string, upload Upload) (File, error) {
	return update(ctx, c, func(tx Tx) (File, error) {
		owner, err := c.authorizedUser(tx, token, Self)
		if err != nil {
			return File{}, err
		}
		return storeFile(tx, File{UserID: owner.ID, Category: category, Created: c.clock.Now(), Upload: upload})
	})
}

// storeFile gives a file its id and its owner as target, and stores it.
func storeFile(tx Tx, f File) (File, error) {
	switch {
	case tx.FileBytes()+len(f.Data) > MaxFileBytes:
		return File{}, refuse(Invalid, "the files of the clinic must not take more than %d bytes together: delete some",
			MaxFileBytes)
	case tx.FileCount() == MaxFiles:
		return File{}, refuse(Invalid, "the clinic must not have more than %d files: delete some", MaxFiles)
	}
	f.ID = newIDGenerator(tx).uuid(fileCounter, f.Created)
	f.Number, f.Target = tx.Counter(fileCounter), Target{f.UserID, TargetUser}
	tx.PutFile(f)
	return f, nil
}

// RenameFile changes the name of a file, the only thing that may change (documented).
func (c *Clinic) RenameFile(ctx context.Context, token, id, name string) (File, error) {
	return update(ctx, c, func(tx Tx) (File, error) {
		file, err := c.authorizedFile(tx, token, id)
		if err != nil {
			return File{}, err
		}
		file.Name = name
		tx.PutFile(file)
		return file, nil
	})
}

// DeleteFile removes a file, also from the cards with it as an image (ours).
func (c *Clinic) DeleteFile(ctx context.Context, token, id string) error {
	return c.store.Update(ctx, c.id, func(tx Tx) error {
		file, err := c.authorizedFile(tx, token, id)
		if err != nil {
			return err
		}
		if before := tx.Users().Shared(file.UserID); before != nil {
			after := *before
			after.Insurance = new(before.Insurance.withoutFile(id))
			storeUser(tx, before, &after)
		}
		tx.RemoveFile(id)
		return nil
	})
}

// File returns a file to the owner of a token: the file's owner, or the admin.
func (c *Clinic) File(ctx context.Context, token, id string) (File, error) {
	return view(ctx, c, func(v View) (File, error) { return c.authorizedFile(v, token, id) })
}

// authorizedFile returns a file in a call by the owner of a token.
func (c *Clinic) authorizedFile(v View, token, id string) (File, error) {
	caller, err := c.callerByToken(v, token)
	if err != nil {
		return File{}, err
	}
	file, ok := v.File(id)
	switch {
	case !ok:
		return File{}, errNoFile
	case !caller.admin && file.UserID != caller.user.ID:
		return File{}, refuse(Forbidden, "this token may only see and change the files of its own user")
	}
	return file, nil
}

// OwnFile returns a file that a user owns, by the id in a request of theirs: the image of a card, or an attachment.
func OwnFile(v View, userID, id string) (File, bool) {
	file, ok := v.File(id)
	return file, ok && file.UserID == userID
}

// AuthCode returns the code that opens a file without a token, beside the time of the link: 40 hex digits (documented).
// It follows from the clinic's seed, the id and the time, and does not expire (ours).
func (c *Clinic) AuthCode(id string, at time.Time) string {
	sum := c.ids.randomBytes("file "+id, uint64(at.Unix())) //nolint:gosec // no clock stands before 1970
	return hex.EncodeToString(sum[:20])
}

// LinkedFile returns a file to the holder of its auth_code and the time of the link.
func (c *Clinic) LinkedFile(ctx context.Context, id, code, at string) (File, error) {
	return view(ctx, c, func(v View) (File, error) {
		file, ok := v.File(id)
		if !ok {
			return File{}, errNoFile
		}
		seconds, err := strconv.ParseInt(at, 10, 64)
		if err != nil || !equalSecrets(code, c.AuthCode(id, time.Unix(seconds, 0))) {
			return File{}, refuse(Forbidden, "auth_code and time must be those of the file's fullpath")
		}
		return file, nil
	})
}

// FileFilter selects files. An empty field selects all.
type FileFilter struct {
	Target   Target // an empty ID is the token's owner, an empty Type TargetUser
	Category string
}

// OwnedFile is a file with its owner.
type OwnedFile struct {
	File
	Owner User
	Own   bool // of the token's owner
}

// Files returns the files that belong to a user or a visit, newest first. The owner sees them, and so does the admin; a
// provider sees the documents of every user (inferred). Attachments of intakes show at their visit only (documented),
// to everybody with access to the visit.
func (c *Clinic) Files(ctx context.Context, token string, filter FileFilter) ([]OwnedFile, error) {
	return view(ctx, c, func(v View) ([]OwnedFile, error) {
		caller, err := c.callerByToken(v, token)
		if err != nil {
			return nil, err
		}
		target, err := caller.fileTarget(v, filter.Target)
		if err != nil {
			return nil, err
		}
		files := []OwnedFile{}
		for file := range v.Files() {
			own := file.UserID == caller.user.ID
			seen := own || caller.admin || target.Type == TargetVisit ||
				caller.user.Type == Provider && file.Category == UserDocument
			if file.Target != target || !seen || filter.Category != "" && file.Category != filter.Category ||
				target.Type == TargetUser && file.Category == IntakeAttachment {
				continue
			}
			owner, _ := v.Users().Get(file.UserID)
			files = append(files, OwnedFile{file, owner, own})
		}
		slices.SortFunc(files, func(a, b OwnedFile) int { return cmp.Compare(b.Number, a.Number) })
		return files, nil
	})
}

// fileTarget returns the target that a caller may list the files of.
func (c caller) fileTarget(v View, target Target) (Target, error) {
	target.Type = cmp.Or(target.Type, TargetUser)
	switch {
	case target.Type == TargetVisit && target.ID == "":
		return target, refuse(Invalid, "target_id is required with the target_type visit: send the id of a visit")
	case target.Type == TargetVisit:
		visit, ok := v.Visits().Get(target.ID)
		if !ok {
			return target, errNoVisit
		}
		if !c.mayUse(visit) {
			return target, errForeignVisit
		}
		return target, nil
	case target.ID == "" || target.ID == Self || target.ID == c.user.ID:
		return Target{c.user.ID, TargetUser}, nil
	case !c.admin && c.user.Type != Provider:
		return target, refuse(Forbidden, "this token may only see and change the files of its own user")
	}
	if _, ok := v.Users().Get(target.ID); !ok {
		return target, errNoUser
	}
	return target, nil
}

// replace stores the image of a user's card instead of the file with the id before, and returns the id of the card's
// file: before for a nil image, and none for one without data.
func (u *Upload) replace(tx Tx, userID, before string, now time.Time) (id string, err error) {
	switch {
	case u == nil:
		return before, nil
	case len(u.Data) == 0:
		return "", nil
	}
	file, err := storeFile(tx, File{UserID: userID, Created: now, OfCard: true, Upload: *u})
	return file.ID, err
}
