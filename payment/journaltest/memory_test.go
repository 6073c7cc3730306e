package journaltest_test

import (
	"testing"

	"tillkeeper/payment"
	"tillkeeper/payment/journaltest"
)

func TestMemory(t *testing.T) {
	journaltest.Run(t, journaltest.Harness{
		New: func(*testing.T) payment.Journal { return journaltest.NewMemory() },
	})
}
