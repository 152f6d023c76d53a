package specs

import (
	"bytes"
	"mime/multipart"
)

// dot is a GIF of one pixel.
const dot = "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// withImages is a card with images in a multipart body.
func (t *trial) withImages(sides ...string) payload {
	return withFiles(form{{"insurer_code", t.carrier()}}, sides...)
}

// withFiles is a multipart body with an image in each of some fields.
func withFiles(f form, sides ...string) payload {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, field := range f {
		_ = m.WriteField(field[0], field[1]) // a buffer never fails
	}
	for _, side := range sides {
		file, _ := m.CreateFormFile(side, "card.gif")
		_, _ = file.Write([]byte(dot))
	}
	_ = m.Close()
	return payload{ContentType: m.FormDataContentType(), Data: b.Bytes()}
}
