package secrets

// Place implements payment.Secrets: it says where the next secret will be kept, what
// that protects against and what not. It may wait for the key store.
func (s *Store) Place() string {
	if !s.fileOnly && s.ring.usable() {
		text := "Kept in the key store of this system. A copied, backed-up or synchronised data folder does not give them away; whoever can log in as this user can read them."
		if exists(s.path(fileVault)) {
			text += " Large ones, and ones given before, are in the encrypted file secrets.age."
		}
		return text
	}
	switch {
	case s.vault.pass != "":
		return "Kept in the encrypted file secrets.age, locked with a passphrase. A copied, backed-up or synchronised data folder does not give them away; whoever knows the passphrase, or can look into the running program, can read them."
	case s.keyApart():
		return "Kept in the encrypted file secrets.age; its key lies apart, in " + s.vault.keys.keyDir + ". A copied, backed-up or synchronised data folder does not give them away; whoever can read this user's files can read them."
	}
	return "Kept in the encrypted file secrets.age, with its key beside it in the data folder, because no other folder can be written: whoever gets a copy of the data folder can read them. Set " + EnvPassphrase + " to protect them."
}

func (s *Store) keyApart() bool {
	x, err := s.readIndex()
	if err != nil {
		return false // the lesser promise
	}
	return s.vault.keys.liesApart(x.ID)
}
