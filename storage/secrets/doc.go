// Package secrets keeps the keys and passwords of terminals apart from the journal.
// It implements payment.Secrets.
//
// Start with Open. A secret lies in one of two places:
//
//   - the key store of the system, where the user's session has one: the Credential
//     Manager, the Keychain, or a Secret Service such as GNOME Keyring;
//   - else the file secrets.age in the till's data folder, encrypted in the format of
//     age (age-encryption.org). Its key is a file in another folder of this user, or
//     a passphrase from TILLKEEPER_PASSPHRASE.
//
// TILLKEEPER_SECRETS=file takes the file in any case, and a secret too large for
// every system's key store lies there too.
//
// The promises:
//
//   - A secret is found where it was put. The file secrets.json says, by names only,
//     which secrets of this folder are in the key store: a key store that cannot be
//     reached is an error, never "there is no such secret".
//   - What Set and Wipe return is on the disk. Files are replaced whole: written
//     beside, synced, renamed. Several processes take turns by a lock file.
//   - A file that cannot be read is never written over, nor is a key file.
//   - No secret is part of an error, of a log, or of what the fmt package prints.
//
// What it protects against is a data folder in the wrong hands: copied, backed up,
// synchronised. It cannot protect against somebody who acts as this user: this
// program needs no more than the user's own rights to read a secret, and so do
// others. Store.Place says it in a sentence. A secret that was wiped may still be in
// older copies of the folder, encrypted.
//
// The id of a folder, in secrets.json, is part of every name in the key store and
// names the key file, so that two tills of one user do not mix. A folder that is
// moved keeps its secrets; a copy used by the same user shares them.
package secrets
