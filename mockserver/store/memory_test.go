package store_test

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/store"
	"github.com/vsee-mock/vsee-mock/mockserver/store/storetest"
)

func TestMemoryDoesWhatEveryStoreMust(t *testing.T) {
	t.Parallel()
	storetest.Exercise(t, func(testing.TB) clinic.Store { return store.NewMemory() })
}

// What is asked of a store must hold for one that calls functions of updates again.
func TestAStoreThatTriesUpdatesAgainDoesWhatEveryStoreMust(t *testing.T) {
	t.Parallel()
	storetest.Exercise(t, func(testing.TB) clinic.Store { return &storetest.Retrying{Store: store.NewMemory()} })
}
