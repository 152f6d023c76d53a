// Package listen has the command that receives the events of a mock, prints them, and passes them on.
package listen

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/remote"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// maxRestoring is the time limit at the end for the mock to restore its webhook's URL.
const maxRestoring = 5 * time.Second

// register sets the clinic's webhook to this listener, and returns a function to restore the previous URL.
func (l *listening) register(ctx context.Context, own string, before controlapi.Webhook) (restore func() error,
	err error) {
	if l.PublicURL != "" {
		own = l.PublicURL
	}
	restore = func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxRestoring)
		defer cancel()
		return l.restore(ctx, own, before)
	}
	if err := sendTo(ctx, l.control, own); err != nil {
		if ctx.Err() != nil { // the mock may have accepted the URL all the same
			err = errors.Join(err, restore())
		}
		return nil, err
	}
	return restore, nil
}

// restore restores the clinic's URL, unless it has changed meanwhile. A mock that has ended has no URL to restore.
func (l *listening) restore(ctx context.Context, own string, before controlapi.Webhook) error {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(l.messages, format+"\n", args...) }
	now, err := webhookOf(ctx, l.control)
	var failed *controlapi.Error
	switch {
	case errors.As(err, &failed) && failed.Unreachable():
		say("the mock has stopped already: there is no URL to restore")
		return nil
	case err != nil:
		return fmt.Errorf("restoring the URL of the clinic's webhook: %w", err)
	case now.URL != own:
		say("the URL of the clinic's webhook was changed in the meantime and stays")
		return nil
	}
	if err := sendTo(ctx, l.control, before.URL); err != nil {
		return fmt.Errorf("restoring the URL of the clinic's webhook: %w", err)
	}
	switch {
	case before.URL == "":
		say("%s has no webhook URL again", l.Clinic)
	case before.Disabled:
		say("the previous webhook URL of %s is restored, and enabled again: it had answered 410", l.Clinic)
	default:
		say("the previous webhook URL of %s is restored", l.Clinic)
	}
	return nil
}

// signingOf returns the signing settings for a clinic's events.
func signingOf(w controlapi.Webhook) webhook.Signing {
	s := webhook.Signing{Scheme: webhook.Scheme(w.Signature), Headers: webhook.Headers(w.Headers)}
	for _, secret := range []string{w.Secret, w.PreviousSecret} {
		if secret != "" {
			s.Secrets = append(s.Secrets, secret)
		}
	}
	return s
}

// webhookOf returns the clinic's webhook.
func webhookOf(ctx context.Context, c *remote.Client) (controlapi.Webhook, error) {
	clinic, err := c.GetClinic(ctx, c.Clinic)
	return clinic.Webhook, err
}

// sendTo sets the clinic's webhook to a URL.
func sendTo(ctx context.Context, c *remote.Client, address string) error {
	_, err := c.ChangeClinic(ctx, c.Clinic, controlapi.ClinicSettings{Webhook: &controlapi.WebhookSettings{URL: &address}})
	return err
}
