package mocktest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A receiver of a clinic verifies each event and decodes it. In your test, t is its own.
func ExampleReceiver_Events() {
	t := newT()
	defer t.end()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "mine"})
	receiver := c.NewReceiver(t, nil)

	c.Play(t, mock.Scenario(t, "webhook-twice"))

	for _, e := range receiver.Events(t) {
		fmt.Println(e.Type, e.Response, "copy", e.Copy)
	}
	// Output:
	// eligibility.checked Success copy 1
	// eligibility.checked Success copy 2
}

// A scenario of the test's own, played as by the patient's client.
func ExampleClinic_UseScenario() {
	t := newT()
	defer t.end()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "mine"})
	s := c.UseScenario(t, `
title: The insurer finds the patient at the second check
when: {subscriber_num: 12345}
answers: [Subscriber/Insured not found, Success]
`)
	played := c.Play(t, s)
	for _, check := range played.Checks {
		fmt.Println(check.Response)
	}
	fmt.Println(played.Responses["primary"], "after", played.Took)
	// Output:
	// Subscriber/Insured not found
	// Success
	// Success after 20s
}

// The scenario applies to your own client, too: any patient with its subscriber number gets its answers.
func ExampleClinic_Advance() {
	t := newT()
	defer t.end()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "mine"})
	c.UseScenario(t, `
title: The plan is of another network
when: {subscriber_num: "11000075"}
answer: Out of Network
`)
	checkEligibility(t, c.BaseURL, c.AccountCode, c.Key, c.Secret) // your own client

	receipt := c.Advance(t, 10*time.Second) // returns when all work due on the way is done
	fmt.Println(receipt.Checks[0].Response)
	// Output: Out of Network
}

// A visit from the walk-in to its end.
func ExampleClinic_Play() {
	t := newT()
	defer t.end()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "mine"})
	receiver := c.NewReceiver(t, nil)
	c.Play(t, c.UseScenario(t, `
title: The provider completes a visit
when: {subscriber_num: 23456}
visit: {outcome: completed, pickup_after: 1m, end_after: 5m}
`))
	for _, e := range receiver.Events(t) {
		if e.VisitID != "" {
			fmt.Println(e.Type, e.Status)
		}
	}
	// Output:
	// visit.created 10
	// visit.updated 25
	// visit.ended 30
}

// exampleT is the part of a *testing.T that this package needs: an example has none.
type exampleT struct {
	testing.TB
	cleanups []func()
}

func newT() *exampleT { return &exampleT{} }

func (t *exampleT) end() {
	for i := range t.cleanups {
		t.cleanups[len(t.cleanups)-1-i]()
	}
}

func (t *exampleT) Helper()                           {}
func (t *exampleT) Context() context.Context          { return context.Background() }
func (t *exampleT) Cleanup(f func())                  { t.cleanups = append(t.cleanups, f) }
func (t *exampleT) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (t *exampleT) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (t *exampleT) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }
