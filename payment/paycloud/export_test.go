package paycloud

import (
	"crypto"
	"crypto/sha256"
	"io"
	"sync"

	"tillkeeper/payment"
)

// remembering is a key that signs the same text once. Runs in fake time say the same
// texts again and again, and signing is most of what they cost.
type remembering struct {
	crypto.Signer
	mu    sync.Mutex
	known map[[sha256.Size]byte][]byte
}

// mostRemembered bounds what is kept.
const mostRemembered = 100_000

// Remembering makes a key remember what it signed.
func Remembering(key crypto.Signer) crypto.Signer {
	return &remembering{Signer: key, known: map[[sha256.Size]byte][]byte{}}
}

func (r *remembering) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	sum := [sha256.Size]byte(digest)
	r.mu.Lock()
	known, ok := r.known[sum]
	r.mu.Unlock()
	if ok {
		return known, nil
	}
	signature, err := r.Signer.Sign(random, digest, opts)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil && len(r.known) < mostRemembered {
		r.known[sum] = signature
	}
	return signature, err
}

// Hurried makes the drivers of p share one key that remembers what it signed.
func Hurried(p payment.Protocol) payment.Protocol {
	var once sync.Once
	var shared crypto.Signer
	open := p.Open
	p.Open = func(t payment.Terminal, env payment.Env) (payment.Driver, error) {
		late := env.KeepAlive
		env.KeepAlive = false // until the key is changed
		opened, err := open(t, env)
		if err != nil {
			return nil, err
		}
		d := opened.(*Driver)
		once.Do(func() { shared = Remembering(d.keys.private) })
		d.keys.private = shared
		if d.env.KeepAlive = late; late {
			d.watch()
		}
		return d, nil
	}
	return p
}
