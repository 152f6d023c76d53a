package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/origin"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// The types below are VSee's JSON of files. An unset value is a missing key.

type storedFile struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Size     int      `json:"size"`
	Ext      string   `json:"ext"`
	FullPath string   `json:"fullpath"`
	Meta     fileMeta `json:"meta"`
}

type fileMeta struct {
	Category string      `json:"category,omitempty"`
	Target   fileTarget  `json:"target"`
	Account  fileAccount `json:"account"`
}

type fileTarget struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

type fileAccount struct {
	Code string `json:"code"`
}

type uploadedFile struct {
	storedFile
	Creator fileCreator `json:"creator"`
}

type fileCreator struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Email    string `json:"email,omitempty"`
	FullName string `json:"full_name"`
}

type renamedFile struct {
	storedFile
	Created int64 `json:"created"`
}

type listedFile struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Size        int        `json:"size"`
	Ext         string     `json:"ext"`
	FullPath    string     `json:"fullpath"`
	Creator     fileAuthor `json:"creator"`
	IsDeletable bool       `json:"is_deletable"`
	Created     int64      `json:"created"`
}

type fileAuthor struct {
	Username string      `json:"username"`
	Type     clinic.Type `json:"type"`
	FullName string      `json:"full_name"`
}

func storedFileOf(c call, f clinic.File) storedFile {
	return storedFile{
		ID: f.ID, Name: f.Name, Size: len(f.Data), Ext: extension(f.Name), FullPath: c.fullPath(f.ID),
		Meta: fileMeta{f.Category, fileTarget(f.Target), fileAccount{c.clinic.Account()}},
	}
}

// UploadFile stores a file of the token's owner.
func (handlers) UploadFile(ctx context.Context, c call) (reply, error) {
	upload := c.body.upload("file")
	switch {
	case upload == nil:
		return reply{}, &document.Violation{Field: "file", Rule: "is required: send it as a file of multipart/form-data"}
	case len(upload.Data) == 0:
		return reply{}, &document.Violation{Field: "file", Rule: "must not be empty"}
	}
	file, err := c.clinic.AddFile(ctx, c.token, c.body.text("meta.category"), *upload)
	if err != nil {
		return reply{}, err
	}
	creator := fileCreator{c.user.ID, c.user.Username, c.user.Email, c.user.FullName()}
	return reply{data: uploadedFile{storedFileOf(c, file), creator}}, nil
}

// RenameFile changes the name of a file.
func (handlers) RenameFile(ctx context.Context, c call) (reply, error) {
	file, err := c.clinic.RenameFile(ctx, c.token, c.params.Get("file_id"), c.body.text("name"))
	if err != nil {
		return reply{}, err
	}
	return reply{data: renamedFile{storedFileOf(c, file), file.Created.Unix()}}, nil
}

// DeleteFile removes a file.
func (handlers) DeleteFile(ctx context.Context, c call) (reply, error) {
	return reply{data: true}, c.clinic.DeleteFile(ctx, c.token, c.params.Get("file_id"))
}

// ListFiles returns a page of the files of a user or a visit.
func (handlers) ListFiles(ctx context.Context, c call) (reply, error) {
	files, err := c.clinic.Files(ctx, c.token, clinic.FileFilter{
		Target:   clinic.Target{ID: c.query.Get("target_id"), Type: c.query.Get("target_type")},
		Category: c.query.Get("category_type"),
	})
	if err != nil {
		return reply{}, err
	}
	rows := []listedFile{}
	start := min(number(c.query, "start", 0), len(files))
	for _, f := range files[start:min(start+number(c.query, "limit", maxFileRows), len(files))] {
		rows = append(rows, listedFile{
			ID: f.ID, Name: f.Name, Size: len(f.Data), Ext: extension(f.Name), FullPath: c.fullPath(f.ID),
			Creator:     fileAuthor{f.Owner.Username, f.Owner.Type, f.Owner.FullName()},
			IsDeletable: f.Own && f.Category == clinic.UserDocument, Created: f.Created.Unix(),
		})
	}
	return reply{data: rows}, nil
}

// maxFileRows is the number of files in a list without a limit.
const maxFileRows = 100

// GetFile serves a file, to the holder of a link and to the owner of a token. With a size, an image comes as a PNG that
// fits into it.
func (h handlers) GetFile(ctx context.Context, c call) (reply, error) {
	file, err := h.file(ctx, c)
	if err != nil {
		return reply{}, err
	}
	media, body := file.Type, file.Data
	if size := c.query.Get("size"); size != "" && strings.HasPrefix(file.Type, "image/") {
		small, err := h.thumbnails.make(ctx, file.Data, size)
		if err != nil {
			return reply{}, err
		}
		if small != nil {
			media, body = "image/png", small
		}
	}
	header := http.Header{"X-Content-Type-Options": {"nosniff"}, "Content-Disposition": {disposition(file)}}
	return reply{header: header, media: media, body: body}, nil
}

func (handlers) file(ctx context.Context, c call) (clinic.File, error) {
	if c.scheme == schemeToken {
		return c.clinic.File(ctx, c.token, c.params.Get("file_id"))
	}
	return c.clinic.LinkedFile(ctx, c.params.Get("file_id"), c.query.Get("auth_code"), c.query.Get("time"))
}

// fullPath returns the link to a file, as VSee makes it: outside the API, with a code that opens it without a token.
func (c call) fullPath(id string) string {
	now := c.clinic.Clock().Now()
	return fmt.Sprintf("%s%s/files/view/%s?auth_code=%s&time=%d",
		origin.Of(c.request), c.prefix, id, c.clinic.AuthCode(id, now), now.Unix())
}
