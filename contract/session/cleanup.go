package session

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
)

// Left is a synthetic patient that runs have left behind.
type Left struct {
	ID, Code string
	Cards    []string // their types, without the deleted ones
	Deleted  int      // cards
}

// Cleanup looks for the synthetic patients of earlier runs on a shared target: their name begins with the suite's own,
// and their code matches the pattern of synthetic codes. It deletes their cards if the run may write to the target;
// VSee's API cannot delete a patient. The error is for a wrong configuration, a target that does not take the requests,
// and a cleanup that ended early: the returned patients are then those found before.
func Cleanup(ctx context.Context, cfg config.Config) ([]Left, error) {
	cfg = cfg.WithDefaults()
	if cfg.IsMock() {
		return nil, errors.New("a mock needs no cleanup: each requirement deletes its own clinic")
	}
	c := &cleanup{}
	run, err := engine.Run(ctx, engine.Options{Config: cfg, Requirements: []engine.Requirement{{
		Requirement: requirement.Requirement{ID: "CLEAN-001", Operation: "searchUsers", Effect: requirement.Safe},
		Body:        func(t *engine.Trial) { c.search(t, cfg) },
	}}})
	if err == nil {
		if reason := cmp.Or(run.Broken, run.Requirements[0].Reason); reason != "" {
			err = errors.New(reason)
		}
	}
	return c.left, err
}

type cleanup struct{ left []Left }

// ownName is the beginning of the names of the suite's patients.
const ownName = "contract"

// search goes through the pages of a search.
func (c *cleanup) search(t *engine.Trial, cfg config.Config) {
	const page = 100
	synthetic := regexp.MustCompile(cfg.Synthetic) // it was compiled when the configuration was checked
	for start := 0; ; start += page {
		query := url.Values{"full_name": {ownName}, "start": {strconv.Itoa(start)}, "limit": {strconv.Itoa(page)}}
		r := t.Send(engine.Get("/users?" + query.Encode()).Token(cfg.AdminToken))
		if r.Status != http.StatusOK {
			t.NotTestable("the target answers " + strconv.Itoa(r.Status) + " to the search for patients")
		}
		ids := r.Column("/data", "id")
		for _, id := range ids {
			if id, ok := id.(string); ok {
				c.tidy(t, cfg, id, synthetic)
			}
		}
		if len(ids) < page {
			return
		}
	}
}

// tidy adds a user if their code is synthetic, and deletes their cards.
func (c *cleanup) tidy(t *engine.Trial, cfg config.Config, id string, synthetic *regexp.Regexp) {
	about := engine.User{ID: id}
	user := t.Send(engine.Get("/users/" + url.PathEscape(id)).Token(cfg.AdminToken).About(about))
	code := user.Text("/data/code")
	if !synthetic.MatchString(code) {
		return
	}
	left := Left{ID: id, Code: code}
	cards := "/users/" + url.PathEscape(id) + "/insurances"
	for _, kind := range t.Send(engine.Get(cards).Token(cfg.AdminToken).About(about)).Column("/data", "card_type") {
		kind, _ := kind.(string)
		if cfg.AllowMutating {
			r := t.Send(engine.Delete(cards + "/" + url.PathEscape(kind)).Token(cfg.AdminToken).About(about))
			if r.Status == http.StatusOK {
				left.Deleted++
				continue
			}
		}
		left.Cards = append(left.Cards, kind)
	}
	c.left = append(c.left, left)
}
