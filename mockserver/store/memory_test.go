package store_test

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/store"
	"github.com/vsee-mock/vsee-mock/mockserver/store/storetest"
)

func TestMemoryIsAStore(t *testing.T) {
	t.Parallel()
	storetest.Exercise(t, func(testing.TB) clinic.Store { return store.NewMemory() })
}

// The common tests of stores also pass for a store that calls update functions twice.
func TestARetryingStoreIsAStore(t *testing.T) {
	t.Parallel()
	storetest.Exercise(t, func(testing.TB) clinic.Store { return &storetest.Retrying{Store: store.NewMemory()} })
}
