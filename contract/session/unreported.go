package session

import (
	"context"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/coverage"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// This file stands in for publish.go and main.go until packages report and known are on the new types of package result:
// then delete it, and the build tags in those files.

type outputs struct{}

func openOutputs(config.Config) outputs { return outputs{} }

func (outputs) write(context.Context, result.Run, *coverage.Tracker) error { return nil }
func (outputs) draft(context.Context, result.Run, *coverage.Tracker) error { return nil }
func (outputs) close() error                                               { return nil }

func knownDifferences(context.Context, string) (engine.Known, error) { return nil, nil }

func redOf(context.Context, string) ([]string, error) { return nil, nil }
