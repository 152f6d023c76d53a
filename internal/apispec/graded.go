package apispec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Graded returns a document with the evidence grades in its descriptions, where readers and generators show them. A
// field of several operations has the grade of each. The document must be valid OpenAPI.
func Graded(data []byte) ([]byte, error) {
	var doc yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(data, &doc, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", err)
	}
	g := grader{doc: doc, grades: map[*yaml.MapItem]*graded{}}
	for _, item := range member(doc, "paths") {
		for _, op := range asMap(item.Value) {
			g.operation(asMap(op.Value))
		}
	}
	for _, kind := range []string{"responses", "securitySchemes"} {
		for _, item := range member(member(doc, "components"), kind) {
			g.mark(asMap(item.Value), "")
		}
	}
	for _, page := range asList(value(doc, "x-pages")) {
		g.mark(asMap(page), "")
		for _, field := range asList(value(asMap(page), "fields")) {
			g.mark(asMap(field), "")
		}
	}
	for _, node := range g.grades {
		node.write()
	}
	out, err := yaml.MarshalWithOptions(doc, yaml.IndentSequence(true), yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		return nil, fmt.Errorf("writing the OpenAPI document: %w", err)
	}
	return out, nil
}

// grader collects the grades of the elements of a document.
type grader struct {
	doc    yaml.MapSlice
	grades map[*yaml.MapItem]*graded // by the first member of an element
}

type graded struct {
	element yaml.MapSlice
	grades  []string
}

// write adds the grades to the description.
func (g *graded) write() {
	slices.SortFunc(g.grades, func(a, b string) int { return slices.Index(Grades(), a) - slices.Index(Grades(), b) })
	for i, item := range g.element {
		if text, ok := item.Value.(string); ok && item.Key == "description" {
			text, block := strings.CutSuffix(text, "\n")
			if text += " Evidence: `" + strings.Join(g.grades, "`, `") + "`."; block {
				text += "\n"
			}
			g.element[i].Value = text
		}
	}
}

// mark notes the grade of an element: its own, or else that of the element around it. It returns the grade.
func (g *grader) mark(element yaml.MapSlice, around string) string {
	own, _ := value(element, extEvidence).(string)
	if own == "" {
		own = around
	}
	if len(element) == 0 || own == "" {
		return own
	}
	at := &element[0]
	if g.grades[at] == nil {
		g.grades[at] = &graded{element: element}
	}
	if node := g.grades[at]; !slices.Contains(node.grades, own) {
		node.grades = append(node.grades, own)
	}
	return own
}

func (g *grader) operation(op yaml.MapSlice) {
	grade := g.mark(op, "")
	if grade == "" {
		return // it is no operation
	}
	for _, p := range asList(value(op, "parameters")) {
		g.mark(g.resolved(asMap(p)), grade)
	}
	body := member(op, "requestBody")
	for _, media := range member(body, "content") {
		g.schema(member(asMap(media.Value), "schema"), grade, "", asList(value(body, "x-field-evidence")))
	}
	for _, item := range member(op, "responses") {
		response := g.resolved(asMap(item.Value))
		own := g.mark(response, grade)
		for _, media := range member(response, "content") {
			g.schema(member(asMap(media.Value), "schema"), own, "", nil)
		}
	}
	for _, callback := range member(op, "callbacks") {
		for _, url := range asMap(callback.Value) {
			for _, event := range asMap(url.Value) {
				g.operation(asMap(event.Value))
			}
		}
	}
}

// schema notes the grades of a schema's fields. places grade those of a request by their place.
func (g *grader) schema(schema yaml.MapSlice, grade, place string, places []any) {
	schema = g.resolved(schema)
	if own, ok := value(schema, extEvidence).(string); ok {
		grade = own
	}
	for _, property := range member(schema, "properties") {
		at := strings.TrimPrefix(place+"."+fmt.Sprint(property.Key), ".")
		if named, ok := value(asMap(property.Value), "x-field").(string); ok {
			at = named
		}
		of := gradeOfPlace(places, at, grade)
		g.schema(asMap(property.Value), g.mark(g.resolved(asMap(property.Value)), of), at, places)
	}
	g.schemaParts(schema, grade, place, places)
}

func (g *grader) schemaParts(schema yaml.MapSlice, grade, place string, places []any) {
	for _, key := range []string{"allOf", "anyOf", "oneOf"} {
		for _, part := range asList(value(schema, key)) {
			g.schema(asMap(part), grade, place, places)
		}
	}
	if items := member(schema, "items"); items != nil {
		g.schema(items, grade, place+".0", places)
	}
	if more := member(schema, "additionalProperties"); more != nil {
		g.schema(more, grade, place+".0", places)
	}
}

// gradeOfPlace returns the grade of a field of a request, or the one given.
func gradeOfPlace(places []any, at, grade string) string {
	for _, entry := range places {
		for _, name := range asList(value(asMap(entry), "fields")) {
			if at == name || strings.HasPrefix(at, fmt.Sprint(name)+".") {
				grade, _ = value(asMap(entry), extEvidence).(string)
			}
		}
	}
	return grade
}

// resolved returns the element that a $ref means, or the element itself.
func (g *grader) resolved(element yaml.MapSlice) yaml.MapSlice {
	ref, ok := value(element, "$ref").(string)
	if !ok {
		return element
	}
	found := g.doc
	for name := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		found = member(found, name)
	}
	return found
}

func value(element yaml.MapSlice, name string) any {
	for _, item := range element {
		if item.Key == name {
			return item.Value
		}
	}
	return nil
}

func member(element yaml.MapSlice, name string) yaml.MapSlice { return asMap(value(element, name)) }

func asMap(value any) yaml.MapSlice { m, _ := value.(yaml.MapSlice); return m }

func asList(value any) []any { l, _ := value.([]any); return l }
