package journaltest

import (
	"maps"
	"sync"

	"tillkeeper/payment"
)

// Secrets keeps secrets in memory, for tests.
type Secrets struct {
	mu   sync.Mutex
	all  map[string]map[string]string // by terminal and key
	each map[string]string
}

var _ payment.Secrets = (*Secrets)(nil)

// NewSecrets returns a store in which every terminal has the secrets of each from
// the beginning.
func NewSecrets(each map[string]string) *Secrets {
	return &Secrets{all: map[string]map[string]string{}, each: maps.Clone(each)}
}

// Get returns a secret, "" for none; see payment.Secrets.
func (s *Secrets) Get(terminal, key string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if value, ok := s.all[terminal][key]; ok {
		return value, nil
	}
	return s.each[key], nil
}

// Set keeps a secret; see payment.Secrets.
func (s *Secrets) Set(terminal, key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all[terminal] == nil {
		s.all[terminal] = map[string]string{}
	}
	s.all[terminal][key] = value
	return nil
}

// Wipe forgets a terminal's secrets; see payment.Secrets.
func (s *Secrets) Wipe(terminal string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, terminal)
	return nil
}

// Place says where they are.
func (s *Secrets) Place() string { return "in memory, for a test" }
