package specs

import (
	"bytes"
	"mime/multipart"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// dot is a GIF of one pixel.
const dot = "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00" +
	",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// dotName is the name of a file with it.
const dotName = "contract.gif"

// userDocument is the category of the files of a profile.
const userDocument = "user_document"

// withFiles is a multipart body of a form and of files, each a dot.
func withFiles(f form, name string, fields ...string) payload {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, field := range f {
		_ = m.WriteField(field[0], field[1]) // a buffer never fails
	}
	for _, field := range fields {
		file, _ := m.CreateFormFile(field, name)
		_, _ = file.Write([]byte(dot))
	}
	_ = m.Close()
	return payload{ContentType: m.FormDataContentType(), Data: b.Bytes()}
}

// withImages is a card with images in a multipart body.
func (t *trial) withImages(sides ...string) payload {
	return withFiles(form{{"insurer_code", t.carrier()}}, dotName, sides...)
}

// uploadFile returns the request of a user to store a file.
func uploadFile(u user, name, category string) engine.Request {
	return engine.Post("/files", withFiles(form{{"meta.category", category}}, name, "file")).By(u)
}

// uploaded stores a file of a user. Without a success, the requirement is blocked.
func (t *trial) uploaded(u user) (id string, stored reply) {
	stored = t.Send(uploadFile(u, dotName, userDocument))
	return stored.NeedText("/data/id"), stored
}

// linked returns the request for a file by the link in a reply, below the API.
func linked(r reply, at string) engine.Request {
	_, link, is := strings.Cut(r.NeedText(at), "/files/view/")
	r.Need(is, at, "the next request needs the link")
	return engine.Get("/files/" + link)
}

// showsDot asserts the bytes of a dot.
func showsDot(r reply) {
	r.Expected()
	r.Value("", string(r.Body) == dot).Equal(true, "the bytes must be those of the sent file")
}

// fileCalls are the sample calls of the operations on files.
func fileCalls() map[string]sampleCall {
	return map[string]sampleCall{
		"uploadFile": {call: callUploadFile},
		"listFiles":  {callListFiles, []need{aMember}},
		"renameFile": {call: callRenameFile},
		"deleteFile": {call: callDeleteFile},
		"getFile":    {call: callGetFile},
	}
}

func callUploadFile(t *trial) call {
	return once(func() engine.Request { return uploadFile(t.newPatient(), dotName, userDocument) },
		shown("/data/name", func() any { return dotName }, "the file must have the name that was sent"))
}

func callListFiles(t *trial) call {
	if t.MemberToken() != "" { // this member may have any files
		return once(func() engine.Request { return filesOf(t.patient()) }, func(r reply) { r.Expected() })
	}
	return once(func() engine.Request {
		u := t.newPatient()
		t.uploaded(u)
		return filesOf(u)
	}, shown("/data/0/name", func() any { return dotName }, "the list must have the stored file"))
}

// filesOf returns the request of a user for the list of their files.
func filesOf(u user) engine.Request { return engine.Get("/files?target_id=" + u.ID).By(u) }

func callRenameFile(t *trial) call {
	return once(func() engine.Request {
		u := t.newPatient()
		id, _ := t.uploaded(u)
		return engine.Post("/files/"+id, engine.Multipart(form{{"name", "contract-new.gif"}})).By(u)
	}, shown("/data/name", func() any { return "contract-new.gif" }, "the file must have the new name"))
}

func callDeleteFile(t *trial) call {
	return once(func() engine.Request {
		u := t.newPatient()
		id, _ := t.uploaded(u)
		return engine.Delete("/files/" + id).By(u)
	}, shown("/data", func() any { return true }, "the reply must say that the file is deleted"))
}

func callGetFile(t *trial) call {
	return once(func() engine.Request {
		_, stored := t.uploaded(t.newPatient())
		return linked(stored, "/data/fullpath")
	}, showsDot)
}
