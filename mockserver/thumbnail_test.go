package mockserver_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color/palette"
	"testing"
)

// With a size, an image comes as a PNG that fits into it, in its proportions, and never larger than it is.
func TestAnImageHasThumbnails(t *testing.T) {
	t.Parallel()
	_, c := fileClinic(t, "thumbnails")
	_, token := userWithoutCards(t, c, "pat")
	large := image.NewPaletted(image.Rect(0, 0, 640, 480), palette.Plan9)
	for _, format := range []string{"png", "jpeg", "gif"} {
		link := uploaded(t, c.BaseURL, token, named(`filename=a`, encoded(t, format, large)))["fullpath"].(string)
		for size, want := range map[string]image.Point{
			"320x240": {X: 320, Y: 240}, "320x320": {X: 320, Y: 240}, "9999x24": {X: 32, Y: 24}, "1x1": {X: 1, Y: 1},
			"640x480": {X: 640, Y: 480}, "9999x9999": {X: 640, Y: 480}, "1x9999": {X: 1, Y: 1},
		} {
			got := get(t, link+"&size="+size)
			small, kind, err := image.DecodeConfig(bytes.NewReader(got.body))
			if err != nil || kind != "png" || got.header.Get("Content-Type") != "image/png" ||
				image.Pt(small.Width, small.Height) != want {
				t.Errorf("%s of %s: %d, %s %v, %v", size, format, got.status, kind, small, err)
			}
		}
		for _, size := range []string{"320", "x", "0x1", "1x0", "-1x1", "1x1x1", "10000x1", "320X240", "1.5x2", "a%00b"} {
			if got := get(t, link+"&size="+size).message(t,
				400); got != "size must be a width and a height from 1 to 9999, such as 320x240" {
				t.Errorf("%s: %s", size, got)
			}
		}
	}
}

// hugePNG returns a PNG of a few bytes that declares a size.
func hugePNG(t testing.TB, width, height uint32) []byte {
	t.Helper()
	b := picture(t, "png", 1)
	binary.BigEndian.PutUint32(b[16:], width)
	binary.BigEndian.PutUint32(b[20:], height)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// hugeJPEG returns a JPEG of a few bytes that declares the largest size.
func hugeJPEG(t testing.TB) []byte {
	t.Helper()
	b := picture(t, "jpeg", 1)
	frame := bytes.Index(b, []byte("\xff\xc0"))
	copy(b[frame+5:], "\xff\xff\xff\xff")
	return b
}

// A small file may declare a huge image. It is not decoded, and comes as it is without a size.
func TestADecompressionBombIsNotDecoded(t *testing.T) {
	t.Parallel()
	_, c := fileClinic(t, "bombs")
	_, token := userWithoutCards(t, c, "pat")
	for format, bomb := range map[string][]byte{
		"square PNG": hugePNG(t, 65_535, 65_535),
		"wide PNG":   hugePNG(t, 1<<31-1, 1),
		"GIF":        append([]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), make([]byte, 64)...),
		"JPEG":       hugeJPEG(t),
	} {
		link := uploaded(t, c.BaseURL, token, named(`filename=a`, bomb))["fullpath"].(string)
		got := get(t, link+"&size=320x240")
		if message := got.message(t,
			400); message != "size must be left out for an image of more than 16777216 pixels" {
			t.Errorf("%s: %s", format, message)
		}
		if whole := get(t, link); !bytes.Equal(whole.body, bomb) {
			t.Errorf("%s without a size: %d", format, whole.status)
		}
	}
}
