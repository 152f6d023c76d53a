package portal

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
)

// summaries begins the path of the summary of a visit: its code follows. VSee's own is a PDF there (documented).
const summaries = "/visits/exports/"

// document is a PDF of some lines of text.
type document []string

// mediaType is the Content-Type of an answer.
func (a answer) mediaType() string {
	if _, is := a.page.(document); is {
		return "application/pdf"
	}
	return "text/html; charset=utf-8"
}

// summary answers with the summary of a completed visit. The code in its address is the key to it, as in VSee's link.
func (p *Portal) summary(r *http.Request, code string) answer {
	for _, one := range p.Clinics.Clinics() {
		visit, err := one.SummarizedVisit(r.Context(), code)
		if err != nil {
			continue
		}
		text := document{"This is a document of vsee-mock, a mock of VSee."}
		for _, f := range visitPlace(visit).Facts {
			text = append(text, f.Name+": "+f.Value)
		}
		return answer{clinic: one, status: http.StatusOK, page: text}
	}
	return refusalAnswer(http.StatusNotFound,
		"no completed visit has this summary: GET /visits/{id}/exports/visit_summary shows its address")
}

// pdf returns the lines on one page. Characters outside ASCII become a question mark: the page embeds no font.
func (d document) pdf() []byte {
	var text strings.Builder
	for _, line := range d {
		fmt.Fprintf(&text, "(%s) ' ", strings.Map(func(c rune) rune {
			if c < ' ' || c > '~' {
				return '?'
			}
			return c
		}, strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(line)))
	}
	content := "BT /F1 12 Tf 16 TL 72 770 Td " + text.String() + "ET"
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	offsets := []int{}
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	} {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}
