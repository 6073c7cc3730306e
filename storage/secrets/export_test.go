package secrets

// Cheap makes passphrases quick to try, as a test has to wait for each.
func (s *Store) Cheap() { s.vault.work = 1 }

// RingLimit is the largest value for the key store.
const RingLimit = ringLimit
