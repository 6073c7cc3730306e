package paycloudsim

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"sort"
	"strings"
)

// keyBits is the length of keys that are made (§5).
const keyBits = 2048

var errKey = errors.New("not an RSA private key in PKCS#1 or PKCS#8")

func parsePrivate(text string) (*rsa.PrivateKey, error) {
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if block, _ := pem.Decode([]byte(text)); block != nil {
		der, err = block.Bytes, nil
	}
	if err != nil {
		return nil, errKey
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, errKey
	}
	if key, ok := key.(*rsa.PrivateKey); ok {
		return key, nil
	}
	return nil, errKey
}

// privateText and publicText are keys in the form that portals show: one line.
func privateText(key *rsa.PrivateKey) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "" // an RSA key can always be written
	}
	return base64.StdEncoding.EncodeToString(der)
}

func publicText(key crypto.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(der)
}

// message is a message by its members, each as its JSON text.
type message map[string]json.RawMessage

// value is a member as the canonical string has it (§5.4).
func (m message) value(name string) string {
	raw := bytes.TrimSpace(m[name])
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return ""
	}
	if raw[0] == '"' {
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return ""
		}
		return s
	}
	return string(raw)
}

// canonical is the text to sign (§5.1).
func (m message) canonical() string {
	names := make([]string, 0, len(m))
	for name := range m {
		if name != "sign" && m.value(name) != "" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(name)
		b.WriteByte('=')
		b.WriteString(m.value(name))
	}
	return b.String()
}

func (m message) signed(key crypto.Signer) string {
	sum := sha256.Sum256([]byte(m.canonical()))
	signature, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(signature)
}

func (m message) verified(key *rsa.PublicKey) bool {
	signature, err := base64.StdEncoding.DecodeString(m.value("sign"))
	if err != nil || key == nil {
		return false
	}
	sum := sha256.Sum256([]byte(m.canonical()))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil
}

// quoted is a text as a member.
func quoted(s string) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a text can always be written
	return bytes.TrimSpace(b.Bytes())
}

// encode writes a message with its members in order, as real ones come.
func (m message) encode() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(m) != nil {
		return []byte("{}")
	}
	return bytes.TrimSpace(b.Bytes())
}
