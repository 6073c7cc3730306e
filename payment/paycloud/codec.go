package paycloud

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"tillkeeper/payment/internal/wire"
)

// fields are the members of a message whose values are plain.
type fields map[string]string

// members are those of a message as received, each with its raw text.
type members map[string]json.RawMessage

// canonical is the text that is signed (§5.1): the members that are not empty,
// but for the signature itself, sorted by name and joined.
func (f fields) canonical() string {
	pairs := make([]string, 0, len(f))
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if value := f[name]; name != "sign" && value != "" {
			pairs = append(pairs, name+"="+value)
		}
	}
	return strings.Join(pairs, "&")
}

// texts are the members as the signature sees them (§5.4): strings by their
// content, everything else by the very characters that were sent.
func (m members) texts() (fields, error) {
	f := make(fields, len(m))
	for name, raw := range m {
		text, err := textOf(raw)
		if err != nil {
			return nil, err
		}
		f[name] = text
	}
	return f, nil
}

func textOf(raw json.RawMessage) (string, error) {
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return "", nil
	case raw[0] != '"':
		return string(raw), nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}

// sign adds the signature to a request (§5.2).
func (f fields) sign(key crypto.Signer) error {
	sum := sha256.Sum256([]byte(f.canonical()))
	signature, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return err
	}
	f["sign"] = base64.StdEncoding.EncodeToString(signature)
	return nil
}

var errSignature = errors.New("the signature is missing or wrong")

// verify checks the signature of a message (§5.3). One that is missing is wrong.
func (f fields) verify(key *rsa.PublicKey) error {
	signature, err := base64.StdEncoding.Strict().DecodeString(f["sign"])
	if key == nil || err != nil || len(signature) == 0 {
		return errSignature
	}
	sum := sha256.Sum256([]byte(f.canonical()))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) != nil {
		return errSignature
	}
	return nil
}

// encode writes a request: every value a string, and none of them empty (§3).
func (f fields) encode() ([]byte, error) {
	said := make(map[string]string, len(f))
	for name, value := range f {
		if value != "" {
			said[name] = value
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(said); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

var errNotObject = errors.New("not one JSON object")

// decode reads a message. Only what is no JSON object is an error.
func decode(text []byte) (members, error) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	var m members
	if err := dec.Decode(&m); err != nil {
		return nil, errNotObject // the decoder's words may hold card data
	}
	if dec.More() || m == nil {
		return nil, errNotObject
	}
	return m, nil
}

// content reads the result inside a message (§4.2): JSON text in a string, or an
// object. found is false where there is none.
func content(raw json.RawMessage) (m members, found bool, err error) {
	text, err := textOf(raw)
	if err != nil || text == "" {
		return nil, false, err
	}
	m, err = decode([]byte(text))
	return m, err == nil, err
}

// private are members that no till needs to keep: where customers live, and the
// picture of their signature.
var private = []string{"billing_address", "shipping_address", "electron_sign_url", "sign"}

// masked is a message fit for journals and logs.
func masked(envelope members, inner members) string {
	shown := members{}
	maps.Copy(shown, envelope)
	for _, name := range private {
		delete(shown, name)
	}
	for _, wrapper := range wrappers {
		delete(shown, wrapper)
	}
	if inner != nil {
		visible := members{}
		maps.Copy(visible, inner)
		for _, name := range private {
			delete(visible, name)
		}
		if !cardLike(visible) {
			delete(visible, "pay_user_account_id") // a wallet's: a name or a telephone number
		}
		raw, err := json.Marshal(visible)
		if err != nil {
			return ""
		}
		shown["data"] = raw
	}
	text, err := json.Marshal(shown)
	if err != nil {
		return ""
	}
	return wire.MaskJSON(text)
}

func cardLike(m members) bool {
	text, err := textOf(m["pay_user_account_id"])
	return err == nil && strings.Trim(text, "0123456789*xX ") == ""
}

// wrappers are the members that may hold the business members (§4.2, §9.2).
var wrappers = []string{"data", "biz_data"}
