-- Sums are in minor units of the order's currency; NULL means "not said".
-- Times are nanoseconds since 1970 in UTC, beside the seconds east of UTC
-- that the clock on the wall had.

-- +goose Up
CREATE TABLE orders (
    id             INTEGER PRIMARY KEY,
    number         TEXT    NOT NULL UNIQUE,
    operation      TEXT    NOT NULL,
    original       TEXT    REFERENCES orders (number),
    terminal       TEXT    NOT NULL,
    terminal_name  TEXT    NOT NULL,
    protocol       TEXT    NOT NULL,
    currency       TEXT    NOT NULL,
    -- Decimal places of the currency, so that the sums can be read without a table of currencies.
    places         INTEGER NOT NULL,
    amount         INTEGER NOT NULL,
    tip            INTEGER,
    cashback       INTEGER,
    surcharge      INTEGER,
    ask_tip        INTEGER NOT NULL,
    note           TEXT    NOT NULL,
    reason         TEXT    NOT NULL,
    staff          TEXT    NOT NULL,
    created        INTEGER NOT NULL,
    created_offset INTEGER NOT NULL,
    -- A JSON array of order numbers.
    despite        TEXT    NOT NULL,
    -- The token of the process that made the order; see locks/.
    holder         TEXT    NOT NULL,
    -- Note and reason in small letters, for searching in any language.
    words          TEXT    NOT NULL
) STRICT;

CREATE INDEX orders_created ON orders (created);
CREATE INDEX orders_original ON orders (original) WHERE original IS NOT NULL;

CREATE TABLE entries (
    seq         INTEGER PRIMARY KEY,
    order_id    INTEGER NOT NULL REFERENCES orders (id),
    time        INTEGER NOT NULL,
    time_offset INTEGER NOT NULL,
    source      TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    code        TEXT    NOT NULL,
    detail      TEXT    NOT NULL,
    -- A JSON object, NULL where the entry has no facts.
    facts       TEXT,
    paid        INTEGER NOT NULL,
    staff       TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    proof       TEXT    NOT NULL,
    raw         TEXT    NOT NULL
) STRICT;

CREATE INDEX entries_order ON entries (order_id);

-- What follows from the entries, for searching and adding up.
CREATE TABLE order_states (
    order_id        INTEGER PRIMARY KEY REFERENCES orders (id),
    status          TEXT    NOT NULL,
    open            INTEGER NOT NULL,
    moved_amount    INTEGER,
    moved_tip       INTEGER,
    moved_cashback  INTEGER,
    moved_surcharge INTEGER,
    refundable      INTEGER,
    card            TEXT    NOT NULL
) STRICT;

CREATE INDEX order_states_open ON order_states (order_id) WHERE open = 1;

CREATE TABLE terminals (
    -- The order in which they were added.
    position     INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    name         TEXT    NOT NULL,
    protocol     TEXT    NOT NULL,
    address      TEXT    NOT NULL,
    -- A JSON object of texts.
    settings     TEXT    NOT NULL,
    is_default   INTEGER NOT NULL,
    added        INTEGER NOT NULL,
    added_offset INTEGER NOT NULL,
    removed      INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX terminals_name ON terminals (name COLLATE NOCASE) WHERE removed = 0;
CREATE UNIQUE INDEX terminals_address ON terminals (address) WHERE removed = 0;
CREATE UNIQUE INDEX terminals_default ON terminals (is_default) WHERE is_default = 1;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER orders_no_update BEFORE UPDATE ON orders
BEGIN SELECT RAISE(ABORT, 'orders are never changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER orders_no_delete BEFORE DELETE ON orders
BEGIN SELECT RAISE(ABORT, 'orders are never removed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END;
-- +goose StatementEnd

-- "TILL": says whose file this is.
PRAGMA application_id = 0x54494c4c;
PRAGMA user_version = 1;
