// Package storage keeps the till's data in one SQLite file, tillkeeper.db, in the
// data folder. It implements payment.Journal and payment.Terminals.
//
// Start with Open. Its promises:
//
//   - What Create and Append return is on the disk: write-ahead log, full sync.
//   - Orders and entries are only ever added; the database refuses to change or
//     remove one. What follows from them (order_states) is computed by
//     payment.Assess in the same transaction, can be computed again
//     (Store.Rebuild) and is compared by Store.Check.
//   - Several processes may have the same folder open. There is one writer at a
//     time; the rules of payment.MayStart are applied under its lock. Who carries
//     an order is told by a lock file that dies with its process.
//   - A file that is damaged, foreign or of a newer version is refused and left
//     as it is. Only SetAside, at a person's word, moves it away.
//   - If the disk is full or read-only, writing fails with
//     payment.CodeCannotRecord and reading goes on as far as SQLite can.
//
// All free text passes payment.Mask on its way in. A terminal's own reference of a
// transaction is kept word for word, because refunds and queries need it, and so is
// its compact time text; drivers fill both from named fields.
//
// The folder belongs on a local disk. Locks, the write-ahead log and change notices
// do not work reliably over network drives.
//
// This package never opens the database file other than through SQLite: on POSIX
// systems closing such a second handle would drop SQLite's locks.
package storage
