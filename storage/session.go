package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	"tillkeeper/payment"
)

// session is one connection with the statements prepared on it. It serves one
// transaction at a time.
type session struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

// pool lends out sessions. The writer is a pool of one.
type pool struct {
	db *sql.DB
	// begin starts a transaction of this pool.
	begin string
	free  chan *session
	// closed ends waiting for a session.
	closed chan struct{}
}

func newPool(path string, params url.Values, size int, begin string) (*pool, error) {
	db, err := sql.Open("sqlite", dsn(path, params))
	if err != nil {
		return nil, err
	}
	p := &pool{db: db, begin: begin, free: make(chan *session, size), closed: make(chan struct{})}
	for range size {
		p.free <- &session{}
	}
	return p, nil
}

// dsn puts the settings where every connection gets them. Special characters of the
// path are escaped, as SQLite's file URIs want it.
func dsn(path string, params url.Values) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed
	}
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: params.Encode()}
	return u.String()
}

// readParams are the settings of reading connections. The busy time-out matters
// while another process recovers the log after a crash.
func readParams() url.Values {
	return url.Values{
		"mode":    {"ro"},
		"_pragma": {"busy_timeout(5000)", "query_only(1)", "temp_store(memory)"},
	}
}

// writeParams are the settings of the writing connection. Mode rw never makes a
// file: an empty book must not appear where a full one got lost.
func writeParams() url.Values {
	return url.Values{
		"mode": {"rw"},
		"_pragma": {"busy_timeout(5000)", "journal_mode(wal)", "synchronous(full)",
			"foreign_keys(1)", "temp_store(memory)"},
	}
}

// run lends a session to do. A session that failed is thrown away, because the
// state of its connection is not known; a refusal by a rule is no failure.
func (p *pool) run(ctx context.Context, do func(*session) error) error {
	var s *session
	select {
	case s = <-p.free:
	case <-p.closed:
		return payment.NotSent(payment.CodeClosed, "the data folder is closed")
	case <-ctx.Done():
		return ctx.Err()
	}
	healthy := false
	defer func() {
		if !healthy {
			s.drop()
		}
		p.free <- s
	}()
	if err := s.connect(ctx, p.db); err != nil {
		return err
	}
	err := do(s)
	healthy = err == nil || isRefusal(err)
	return err
}

// transaction runs do between begin and commit. If do fails, nothing of it stays.
func (p *pool) transaction(ctx context.Context, do func(*session) error) error {
	return p.run(ctx, func(s *session) error {
		if err := s.exec(ctx, p.begin); err != nil {
			return err
		}
		committed := false
		defer func() {
			if !committed {
				// SQLite has rolled back by itself after some failures; then this
				// one fails, and nothing is lost by that.
				_ = s.exec(context.WithoutCancel(ctx), "ROLLBACK")
			}
		}()
		if err := do(s); err != nil {
			return err
		}
		err := s.exec(ctx, "COMMIT")
		committed = err == nil
		return err
	})
}

// close ends all connections. It waits for sessions that are in use.
func (p *pool) close() error {
	close(p.closed)
	for range cap(p.free) {
		s := <-p.free
		s.drop()
	}
	return p.db.Close()
}

func (s *session) connect(ctx context.Context, db *sql.DB) (err error) {
	if s.conn != nil {
		return nil
	}
	s.prepared = map[string]*sql.Stmt{}
	s.conn, err = db.Conn(ctx)
	return err
}

// drop forgets the connection; the next use opens another one.
func (s *session) drop() {
	for _, st := range s.prepared {
		_ = st.Close()
	}
	if s.conn != nil {
		_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
		_ = s.conn.Close()
	}
	s.conn, s.prepared = nil, nil
}

func (s *session) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := s.prepared[query]; ok {
		return st, nil
	}
	st, err := s.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s.prepared[query] = st
	return st, nil
}

func (s *session) exec(ctx context.Context, query string, args ...any) error {
	_, err := s.insert(ctx, query, args...)
	return err
}

// insert runs a statement and returns the id of the row it added.
func (s *session) insert(ctx context.Context, query string, args ...any) (int64, error) {
	st, err := s.prepare(ctx, query)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// each calls row for every row of the answer.
func (s *session) each(ctx context.Context, row func(*sql.Rows) error, query string, args ...any) error {
	st, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// one scans the single row of an answer, sql.ErrNoRows where there is none.
func (s *session) one(ctx context.Context, into []any, query string, args ...any) error {
	st, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	return st.QueryRowContext(ctx, args...).Scan(into...)
}
