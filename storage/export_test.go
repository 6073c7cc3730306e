package storage

import "context"

// Exec runs any statement on the writing connection, past all rules.
func (s *Store) Exec(ctx context.Context, query string) error {
	return s.writing(ctx, "test", func(ctx context.Context, t *session) error { return t.exec(ctx, query) })
}

// ExecAlone is Exec outside of a transaction, for pragmas.
func (s *Store) ExecAlone(ctx context.Context, query string) error {
	return s.write.run(ctx, func(t *session) error { return t.exec(ctx, query) })
}
