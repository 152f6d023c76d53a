package specs

import (
	"bytes"
	"mime/multipart"
)

// dot is a GIF of one pixel.
const dot = "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00," +
	"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// withImages is a card with images in a multipart body.
func (t *trial) withImages(sides ...string) payload {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("insurer_code", t.carrier()) // a buffer never fails
	for _, side := range sides {
		file, _ := m.CreateFormFile(side, "card.gif")
		_, _ = file.Write([]byte(dot))
	}
	_ = m.Close()
	return payload{ContentType: m.FormDataContentType(), Data: b.Bytes()}
}
