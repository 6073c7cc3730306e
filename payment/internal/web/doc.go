// Package web is what drivers over HTTP have in common: one request over one
// connection, addresses, and a pulse that tells whether the other side answers.
//
// It stands on the readers and writers of net/http and not on its client,
// because a client that may move money must know the moment between "connected"
// and "the first byte leaves", and must never repeat a request, follow a
// redirect with it, or take a stale connection for it.
package web
