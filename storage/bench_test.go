package storage_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/storage"
)

// BenchmarkCreate measures what stands between "Pay pressed" and the first byte:
// the order, created and sent, under the rules, durable. Each round also makes one
// bare full-sync commit on the same disk, so that both see the same weather; the
// ratio is that of the medians.
func BenchmarkCreate(b *testing.B) {
	for _, older := range []int{0, 2000} {
		b.Run(fmt.Sprintf("older=%d", older), func(b *testing.B) { benchmarkCreate(b, older) })
	}
}

func benchmarkCreate(b *testing.B, older int) {
	dir := b.TempDir()
	bare := bareCommit(b, filepath.Join(dir, "bare.db"))
	s, err := storage.Open(b.Context(), filepath.Join(dir, "till"), storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	n := 0
	for ; n < older; n++ {
		create(b, s.Journal(), n)
		decline(b, s.Journal(), n)
	}
	var ours, yardstick []time.Duration
	for b.Loop() {
		yardstick = append(yardstick, took(bare))
		ours = append(ours, took(func() { create(b, s.Journal(), n) }))
		decline(b, s.Journal(), n)
		n++
	}
	b.ReportMetric(float64(median(ours))/float64(median(yardstick)), "x-bare-commit")
	b.ReportMetric(float64(median(ours)), "ns/create")
	b.ReportMetric(float64(median(yardstick)), "ns/bare-commit")
}

// BenchmarkOpen is what a cold "orders --limit 1" adds to its process: open, read
// one order, close.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	s, err := storage.Open(b.Context(), dir, storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for n := range 100 {
		create(b, s.Journal(), n)
		decline(b, s.Journal(), n)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	var ours, yardstick []time.Duration
	for b.Loop() {
		yardstick = append(yardstick, took(func() { bareOpen(b, filepath.Join(dir, storage.FileName)) }))
		ours = append(ours, took(func() { openAndList(b, dir) }))
	}
	b.ReportMetric(float64(median(ours))/float64(median(yardstick)), "x-bare-open")
}

func openAndList(b *testing.B, dir string) {
	s, err := storage.Open(b.Context(), dir, storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := s.Journal().List(b.Context(), payment.Filter{Limit: 1}); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

func bareOpen(b *testing.B, path string) {
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path))
	if err != nil {
		b.Fatal(err)
	}
	var number string
	if err := db.QueryRow(`SELECT number FROM orders ORDER BY created DESC LIMIT 1`).Scan(&number); err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}

// bareCommit returns a function that stores one row with one full sync.
func bareCommit(b *testing.B, path string) func() {
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path)+
		"?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE bare (id INTEGER PRIMARY KEY, text TEXT)`); err != nil {
		b.Fatal(err)
	}
	insert, err := db.Prepare(`INSERT INTO bare (text) VALUES (?)`)
	if err != nil {
		b.Fatal(err)
	}
	commit := func() {
		if _, err := insert.Exec("an order of some length, as orders are"); err != nil {
			b.Fatal(err)
		}
	}
	// The log grows until it is first folded into the file; a growing file is
	// slower to sync, and would make us look good.
	for range 1100 {
		commit()
	}
	return commit
}

func create(b *testing.B, j payment.Journal, n int) {
	o := payment.Order{
		Number: fmt.Sprintf("B%09d", n), Operation: payment.Sale, Terminal: "t1", TerminalName: "Front",
		Protocol: "ecrhub", Asked: payment.Amounts{Amount: payment.FromMinor(1250, "USD")}, Created: time.Now(),
	}
	_, err := j.Create(context.Background(), o,
		payment.Entry{Source: payment.FromTill, Kind: payment.KindCreated},
		payment.Entry{Source: payment.FromTill, Kind: payment.KindSent})
	if err != nil {
		b.Fatal(err)
	}
}

func decline(b *testing.B, j payment.Journal, n int) {
	_, err := j.Append(context.Background(), fmt.Sprintf("B%09d", n), payment.Entry{Source: payment.FromTerminal,
		Kind: payment.KindAnswer, Outcome: payment.Declined})
	if err != nil {
		b.Fatal(err)
	}
}

func took(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
