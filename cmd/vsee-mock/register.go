package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// maxRestoring is the time limit at the end for the mock to restore its webhook's URL.
const maxRestoring = 5 * time.Second

// register sets the clinic's webhook to this listener, and returns a function to restore the previous URL.
func (l *listening) register(ctx context.Context, own string, before controlapi.Webhook) (restore func() error, err error) {
	if l.PublicURL != "" {
		own = l.PublicURL
	}
	restore = func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxRestoring)
		defer cancel()
		return l.restore(ctx, own, before)
	}
	if err := l.control.sendTo(ctx, own); err != nil {
		if ctx.Err() != nil { // the mock may have accepted the URL all the same
			err = errors.Join(err, restore())
		}
		return nil, err
	}
	return restore, nil
}

// restore restores the clinic's URL, unless it has changed meanwhile. A mock that has ended has no URL to restore.
func (l *listening) restore(ctx context.Context, own string, before controlapi.Webhook) error {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(l.words, format+"\n", args...) }
	now, err := l.control.webhook(ctx)
	var failed *controlapi.Error
	switch {
	case errors.As(err, &failed) && failed.Unreachable():
		say("the mock has ended before: there is nothing to put back")
		return nil
	case err != nil:
		return fmt.Errorf("putting the clinic's webhook back: %w", err)
	case now.URL != own:
		say("the URL of the clinic's webhook has changed meanwhile, and stays")
		return nil
	}
	if err := l.control.sendTo(ctx, before.URL); err != nil {
		return fmt.Errorf("putting the clinic's webhook back: %w", err)
	}
	switch {
	case before.URL == "":
		say("%s's events go nowhere again", l.Clinic)
	case before.Disabled:
		say("%s's events go where they went before, which had answered 410 and is enabled again", l.Clinic)
	default:
		say("%s's events go where they went before", l.Clinic)
	}
	return nil
}
