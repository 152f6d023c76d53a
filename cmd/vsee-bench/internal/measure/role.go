package measure

import (
	"context"
	"os"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/inside"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/load"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/server"
)

// The children other than servers.
const (
	roleDriver     = "driver"
	roleDeliveries = "deliveries"
	roleTimers     = "timers"
	roleClinics    = "clinics"
	rolePending    = "pending deliveries"
	roleAdvance    = "advance"
	roleSearch     = "search"
	roleGrowth     = "growth"
)

// Child runs this process as a child in a role, until its parent ends.
func Child(ctx context.Context, role string) error {
	switch role {
	case roleDriver:
		return child.Answer(os.Stdin, os.Stdout, (&load.Driver{}).Run)
	case roleDeliveries:
		return answer(ctx, inside.MeasureDeliveries)
	case roleTimers:
		return answer(ctx, inside.MeasureTimers)
	case roleClinics:
		return answer(ctx, inside.MeasureClinics)
	case rolePending:
		return answer(ctx, inside.MeasurePendingDeliveries)
	case roleAdvance:
		return answer(ctx, inside.MeasureAdvance)
	case roleSearch:
		return answer(ctx, inside.MeasureSearch)
	case roleGrowth:
		return answer(ctx, inside.MeasureGrowth)
	case server.Mock:
		return server.Run(ctx, inside.Mock)
	default:
		return server.Run(ctx, server.Plain(role))
	}
}

func answer[Request any](ctx context.Context, measure func(context.Context, Request) (any, error)) error {
	return child.Answer(os.Stdin, os.Stdout, func(r Request) (any, error) { return measure(ctx, r) })
}

// measureInside runs a child on the server's core for one measurement.
func measureInside[Result any](ctx context.Context, s Suite, role string, request any) (Result, error) {
	var result Result
	core, _ := cores()
	process, err := child.Start(ctx, s.Programs.Bench, role, core)
	if err != nil {
		return result, err
	}
	defer process.Stop()
	err = process.Call(request, &result)
	return result, err
}
