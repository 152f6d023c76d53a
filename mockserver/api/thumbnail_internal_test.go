package api

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// A thumbnail is a PNG that fits into its size and into the image, whatever the data is.
func FuzzAThumbnailFits(f *testing.F) {
	picture := image.NewGray(image.Rect(0, 0, 40, 30))
	for _, encode := range []func(*bytes.Buffer) error{
		func(b *bytes.Buffer) error { return png.Encode(b, picture) },
		func(b *bytes.Buffer) error { return jpeg.Encode(b, picture, nil) },
		func(b *bytes.Buffer) error { return gif.Encode(b, picture, nil) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes(), uint16(7), uint16(9999))
		f.Add(b.Bytes()[:b.Len()/2], uint16(1), uint16(1))
	}
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,"+
		"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x01\x2c\x00;"), uint16(9), uint16(9)) // its frame is empty
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L"), uint16(320), uint16(240))
	workshop := make(thumbnails, 1)
	f.Fuzz(func(t *testing.T, data []byte, width, height uint16) {
		box := image.Pt(int(width%9999)+1, int(height%9999)+1)
		small, err := workshop.make(t.Context(), data, fmt.Sprintf("%dx%d", box.X, box.Y))
		if err != nil && declaredPixels(data) <= maxPixels {
			t.Fatal(err)
		}
		if small == nil {
			return
		}
		whole, _, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		made, err := png.DecodeConfig(bytes.NewReader(small))
		if err != nil || made.Width > min(box.X, whole.Width) || made.Height > min(box.Y, whole.Height) {
			t.Errorf("%d x %d in %v is %d x %d, %v", whole.Width, whole.Height, box, made.Width, made.Height, err)
		}
	})
}

func declaredPixels(data []byte) int {
	declared, _, _ := image.DecodeConfig(bytes.NewReader(data))
	return declared.Width * declared.Height
}

// A name is never empty or longer than the one that was sent, and has no folder.
func FuzzAFileNameIsOne(f *testing.F) {
	for _, name := range []string{"", "a.png", "../a", `C:\a`, "..", " \x00 ", "日本.PNG", "\xff", "a/"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		name := fileName(sent, "image/png")
		if name == "" || name == "." || name == ".." || bytes.ContainsAny([]byte(name), "/\\\r\n\x00") {
			t.Errorf("%q is %q", sent, name)
		}
	})
}
