package api

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/gif" // decoders for image.Decode
	_ "image/jpeg"
	"image/png"
	"strings"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"

	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// maxPixels limits the images for thumbnails: a small file may declare a huge image.
const maxPixels = 16 << 20

// thumbnails is a semaphore: one image is decoded at a time, because it takes far more memory than its file.
type thumbnails chan struct{}

// make returns an image as a PNG that fits into a size such as 320x240, a text already validated. It keeps the
// proportions and does not enlarge (ours). It returns nil for data that cannot be decoded.
func (t thumbnails) make(ctx context.Context, data []byte, size string) ([]byte, error) {
	declared, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, nil //nolint:nilnil // it is no image
	}
	if int64(declared.Width)*int64(declared.Height) > maxPixels {
		return nil, &document.Violation{Field: "size",
			Rule: fmt.Sprintf("must be left out for an image of more than %d pixels", maxPixels)}
	}
	select {
	case t <- struct{}{}:
		defer func() { <-t }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil || picture.Bounds().Empty() {
		return nil, nil //nolint:nilnil // it is no image
	}
	width, height, _ := strings.Cut(size, "x")
	small := image.NewNRGBA(fit(picture.Bounds().Size(), image.Pt(whole(width), whole(height))))
	draw.BiLinear.Scale(small, small.Bounds(), picture, picture.Bounds(), draw.Src, nil)
	var b bytes.Buffer
	err = png.Encode(&b, small)
	return b.Bytes(), err
}

// fit returns the largest rectangle with the proportions of an image that is no larger than the image or the box. No
// side is 0.
func fit(size, box image.Point) image.Rectangle {
	switch {
	case size.X <= box.X && size.Y <= box.Y:
	case size.X*box.Y > size.Y*box.X:
		size = image.Pt(box.X, max(1, size.Y*box.X/size.X))
	default:
		size = image.Pt(max(1, size.X*box.Y/size.Y), box.Y)
	}
	return image.Rectangle{Max: size}
}
