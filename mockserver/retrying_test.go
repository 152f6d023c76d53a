package mockserver_test

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/store"
	"github.com/vsee-mock/vsee-mock/mockserver/store/storetest"
)

// startRetrying starts a mock whose store calls every update function twice: nothing that a client can see may depend
// on
// how often a store tries.
func startRetrying(t testing.TB, change ...func(*mockserver.Options)) *mocktest.Mock {
	t.Helper()
	return mocktest.Start(t, append(change, func(o *mockserver.Options) {
		o.Store = &storetest.Retrying{Store: store.NewMemory()}
	})...)
}
