package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// moved is the receipt of a move of the clock. It is in the address that follows the move, so nothing keeps it.
type moved struct {
	By                                 time.Duration
	Checks, Claims, Visits, Deliveries int
}

// movedOf returns the receipt in the address of a request; nil for none.
func movedOf(r *http.Request) *moved {
	var m moved
	by, counts, _ := strings.Cut(r.URL.Query().Get("moved"), ",")
	_, err := fmt.Sscanf(counts, "%d,%d,%d,%d", &m.Checks, &m.Claims, &m.Visits, &m.Deliveries)
	if err != nil {
		return nil
	}
	if m.By, err = time.ParseDuration(by); err != nil {
		return nil
	}
	return &m
}

// moveClock moves, freezes or runs the clock, and goes back to the view with the receipt.
func (u *UI) moveClock(c *call) (answer, error) {
	move, err := c.clockMove()
	if err != nil {
		return answer{}, err
	}
	receipt, err := c.client.MoveClock(c.Context(), c.account, move)
	if err != nil {
		return answer{}, err
	}
	back, err := url.Parse(ownAddress(c.PostFormValue("next")))
	if err != nil || back.Path == Prefix {
		back = &url.URL{Path: c.address("")}
	}
	query := back.Query()
	query.Del("moved")
	if !move.Freeze && !move.Run {
		query.Set("moved", fmt.Sprintf("%s,%d,%d,%d,%d", receipt.To.Sub(receipt.From), receipt.Counts.Checks,
			receipt.Counts.Claims, receipt.Counts.Visits, receipt.Counts.Deliveries))
	}
	back.RawQuery = query.Encode()
	return answer{to: back.String()}, nil
}

// clockMove returns the move that a form asks for.
func (c *call) clockMove() (controlapi.ClockMove, error) {
	var move controlapi.ClockMove
	asked := c.PostFormValue("move")
	switch asked {
	case "freeze":
		move.Freeze = true
	case "run":
		move.Run = true
	case "next":
		one, err := c.client.GetClinic(c.Context(), c.account)
		if err != nil {
			return move, err
		}
		if one.NextDue.IsZero() {
			return move, inputError("Nothing is due in this clinic, so there is no time to move to.")
		}
		move.Advance = new(controlapi.Span(max(0, one.NextDue.Sub(one.Clock.Now))))
	default:
		if asked == "by" {
			asked = strings.ReplaceAll(c.PostFormValue("by"), " ", "")
		}
		by, err := time.ParseDuration(asked)
		if err != nil {
			return move, inputError(`Write the time to move by as a number and a unit, such as 90s, 5m or 1h30m.`)
		}
		move.Advance = new(controlapi.Span(by))
	}
	return move, nil
}
