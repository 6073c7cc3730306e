package payment

import (
	"context"
	"time"
)

// Batch is one request to close a terminal's batch, and what came of it. It moves
// no money; it takes away the way to void what the batch held.
type Batch struct {
	// Number is ours, in the form of an order number.
	Number       string
	Terminal     string
	TerminalName string
	Protocol     string
	Staff        string
	// Asked is when the request became durable, before it was sent.
	Asked time.Time
	// Answered is when the outcome was known, zero before.
	Answered time.Time
	Outcome  BatchOutcome
	// Code says why, for any outcome but closed.
	Code   Code
	Totals Totals
}

// BatchOutcome is what became of a request to close a batch. Its text is stored.
type BatchOutcome string

// The outcomes of a batch close. An unknown one may have closed the batch.
const (
	BatchUnknown BatchOutcome = "unknown"
	BatchClosed  BatchOutcome = "closed"
	BatchRefused BatchOutcome = "refused"
	BatchNotSent BatchOutcome = "not-sent"
)

// Batches keeps the requests to close batches. Nothing in it is removed. Methods
// that write are durable when they return.
type Batches interface {
	// BeginBatch stores a request that is about to be sent; its outcome is unknown.
	BeginBatch(ctx context.Context, b Batch) error
	// FinishBatch stores what came of the request with b's number.
	FinishBatch(ctx context.Context, b Batch) error
	// ListBatches returns the requests for a terminal, or for all with "", newest
	// first, at most limit.
	ListBatches(ctx context.Context, terminal string, limit int) ([]Batch, error)
}
