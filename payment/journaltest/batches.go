package journaltest

import (
	"context"
	"fmt"
	"slices"

	"tillkeeper/payment"
)

// BeginBatch stores a request to close a batch; see payment.Batches.
func (m *Memory) BeginBatch(_ context.Context, b payment.Batch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return m.broken
	}
	b.Outcome = payment.BatchUnknown
	b.Totals = payment.Totals{Sales: payment.Unsaid, Refunds: payment.Unsaid, Adjustments: payment.Unsaid}
	m.batches = append(m.batches, b)
	return nil
}

// FinishBatch stores what came of it; see payment.Batches.
func (m *Memory) FinishBatch(_ context.Context, b payment.Batch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return m.broken
	}
	for i, have := range m.batches {
		if have.Number == b.Number {
			have.Answered, have.Outcome, have.Code, have.Totals = b.Answered, b.Outcome, b.Code, b.Totals
			m.batches[i] = have
			return nil
		}
	}
	return fmt.Errorf("there is no batch %s", b.Number)
}

// ListBatches returns the requests, newest first; see payment.Batches.
func (m *Memory) ListBatches(_ context.Context, terminal string, limit int) (all []payment.Batch, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range slices.Backward(m.batches) {
		if len(all) < limit && (terminal == "" || b.Terminal == terminal) {
			all = append(all, b)
		}
	}
	return all, nil
}
