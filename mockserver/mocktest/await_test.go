package mocktest_test

import (
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

func TestATestAwaitsAnEventAndReadsTheStream(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{
		AccountCode: "mine", Webhook: clinic.Webhook{URL: mocktest.NewReceiver(t, nil).URL},
	})
	checkEligibility(t, c.BaseURL, c.AccountCode, c.Key, c.Secret)
	c.Advance(t, 10*time.Second)

	event := c.Await(t, controlapi.KindEvent, map[string]any{"type": "eligibility.checked", "status": "delivered"})
	for item := range c.Stream(t, controlapi.KindDelivery) {
		if item.Delivery == nil {
			continue // a notice
		}
		if item.Delivery.EventID != event.Event.ID || item.MemberID != event.MemberID {
			t.Errorf("the delivery is %+v", item)
		}
		break
	}
}
