package ui_test

import (
	"image/color"
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// luminance returns the relative luminance of a colour, as WCAG 2 defines it.
func luminance(c color.RGBA) float64 {
	linear := func(part uint8) float64 {
		v := float64(part) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// token returns the colours of a token of the style, in light and dark.
func token(t *testing.T, style, name string) (both [2]float64) {
	t.Helper()
	found := regexp.MustCompile(`--` + name + `: light-dark\(#(\w+), #(\w+)\)`).FindStringSubmatch(style)
	if found == nil {
		t.Fatalf("the style has no token %s", name)
	}
	for i, text := range found[1:] {
		if len(text) == 3 {
			text = text[:1] + text[:1] + text[1:2] + text[1:2] + text[2:] + text[2:]
		}
		rgb, err := strconv.ParseUint(text, 16, 24)
		if err != nil {
			t.Fatal(err)
		}
		both[i] = luminance(color.RGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb)})
	}
	return both
}

func TestTheEdgesOfFieldsStandOut(t *testing.T) {
	t.Parallel()
	style, err := os.ReadFile("view/assets/style.css")
	if err != nil {
		t.Fatal(err)
	}
	edge := token(t, string(style), "edge")
	for _, name := range []string{"panel", "back"} {
		for i, behind := range token(t, string(style), name) {
			contrast := (max(edge[i], behind) + 0.05) / (min(edge[i], behind) + 0.05)
			if contrast < 3 {
				t.Errorf("on the %s, the contrast of a field's edge is %.2f to 1 in the theme %d", name, contrast, i)
			}
		}
	}
}
