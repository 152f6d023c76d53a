package api

import (
	"context"
	"errors"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// account is the public description of a clinic. It needs no token.
type account struct {
	Code        string  `json:"code"`
	Name        string  `json:"name"`
	Description string  `json:"description"`
	Theme       theme   `json:"theme"`
	Payment     feature `json:"payment"`
	Eligibility feature `json:"eligibility"`
}

type theme struct {
	Name string `json:"name"`
}

type feature struct {
	Enabled bool `json:"enabled"`
}

// GetAccount shows a clinic. It needs no token.
func (handlers) GetAccount(ctx context.Context, c call) (reply, error) {
	account, err := accountOf(ctx, c.clinic)
	return reply{data: account}, err
}

// ListAccounts shows all clinics of the mock. It needs no token.
func (h handlers) ListAccounts(ctx context.Context, c call) (reply, error) {
	all := h.clinics.Clinics()
	page, total := []account{}, len(all)
	limit := number(c.query, "limit", defaultLimit)
	for _, one := range all[min(number(c.query, "start", 0), len(all)):] {
		if len(page) == limit {
			break
		}
		row, err := accountOf(ctx, one)
		switch {
		case errors.Is(err, clinic.ErrUnknown): // deleted meanwhile
			total--
		case err != nil:
			return reply{}, err
		default:
			page = append(page, row)
		}
	}
	return reply{data: page, total: &total}, nil
}

// accountOf returns the public description of a clinic. The mock takes no payments, has one theme, and checks
// eligibility in every clinic.
func accountOf(ctx context.Context, c *clinic.Clinic) (account, error) {
	settings, err := c.Settings(ctx)
	if err != nil {
		return account{}, err
	}
	return account{
		Code: settings.AccountCode, Name: settings.Name, Description: settings.Description,
		Theme: theme{"default"}, Eligibility: feature{true},
	}, nil
}
