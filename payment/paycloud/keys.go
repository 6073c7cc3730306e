package paycloud

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"

	"tillkeeper/payment"
)

// The keys of the secrets.
const (
	secretPrivate  = "private_key"
	secretPlatform = "platform_key"
	secretUser     = "basic_user"
	secretPassword = "basic_password"
)

// leastBits is the shortest key taken (§5.5).
const leastBits = 2048

func (p profile) secrets() []payment.Setting {
	list := []payment.Setting{
		{Key: secretPrivate, Check: func(text string) error { _, err := privateKey(text); return err },
			Help: "The application's private key, RSA with 2048 bits or more, as PEM or as one line of Base64; it never leaves this till."},
		{Key: secretPlatform, Check: func(text string) error { _, err := publicKey(text); return err },
			Help: "The platform's public key, copied from the merchant portal; not the public half of the private key."},
	}
	if p.basic {
		list = append(list,
			payment.Setting{Key: secretUser, Help: "User of the portal for authentication=basic."},
			payment.Setting{Key: secretPassword, Help: "Password of that user."})
	}
	return list
}

// credentials prove who we are and who the platform is.
type credentials struct {
	private        crypto.Signer // an RSA key, which signs with PKCS#1 v1.5
	platform       *rsa.PublicKey
	user, password string
}

// readCredentials reads the secrets that the settings call for.
func readCredentials(s settings, secret func(string) (string, error)) (c credentials, err error) {
	if s.basic {
		if c.user, err = given(secret, secretUser); err != nil {
			return c, err
		}
		c.password, err = given(secret, secretPassword)
		return c, err
	}
	text, err := given(secret, secretPrivate)
	if err != nil {
		return c, err
	}
	private, err := privateKey(text)
	if err != nil {
		return c, payment.Errorf(payment.CodeBadSetting, "%s: %w", secretPrivate, err)
	}
	c.private = private
	text, err = secret(secretPlatform)
	switch {
	case err != nil:
		return c, err
	case text == "" && !s.verify:
		return c, nil
	case text == "":
		return c, missing(secretPlatform)
	}
	if c.platform, err = publicKey(text); err != nil {
		return c, payment.Errorf(payment.CodeBadSetting, "%s: %w", secretPlatform, err)
	}
	if c.platform.Equal(private.Public()) {
		// The most common mistake in the field (§5.3): every answer would fail.
		return c, payment.Errorf(payment.CodeBadSetting,
			"%s is the public half of %s; it must be the platform's own key from the portal", secretPlatform, secretPrivate)
	}
	return c, nil
}

func given(secret func(string) (string, error), key string) (string, error) {
	text, err := secret(key)
	if err == nil && text == "" {
		err = missing(key)
	}
	return text, err
}

func missing(key string) error {
	return payment.Errorf(payment.CodeSecretMissing, "the secret %s is missing", key)
}

// The errors about keys say nothing of the key itself.
var (
	errPrivateForm = errors.New("not an RSA private key in PKCS#1 or PKCS#8, as PEM or Base64")
	errPublicForm  = errors.New("not an RSA public key (SubjectPublicKeyInfo), as PEM or Base64")
	errShort       = errors.New("the key has less than 2048 bits")
)

// privateKey reads a private key in the forms of §5.5.
func privateKey(text string) (*rsa.PrivateKey, error) {
	der, err := body(text)
	if err != nil {
		return nil, errPrivateForm
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return longEnough(key, &key.PublicKey)
	}
	any, err := x509.ParsePKCS8PrivateKey(der)
	key, ok := any.(*rsa.PrivateKey)
	if err != nil || !ok {
		return nil, errPrivateForm
	}
	return longEnough(key, &key.PublicKey)
}

// publicKey reads a public key in the forms of §5.5.
func publicKey(text string) (*rsa.PublicKey, error) {
	der, err := body(text)
	if err != nil {
		return nil, errPublicForm
	}
	any, err := x509.ParsePKIXPublicKey(der)
	key, ok := any.(*rsa.PublicKey)
	if err != nil || !ok {
		return nil, errPublicForm
	}
	return longEnough(key, key)
}

func longEnough[K any](key K, public *rsa.PublicKey) (K, error) {
	if public.N.BitLen() < leastBits {
		var none K
		return none, errShort
	}
	return key, nil
}

// body takes the armour off a key: PEM or bare Base64, in one line or many, with
// line breaks that a form has turned into the characters \n.
func body(text string) ([]byte, error) {
	text = strings.NewReplacer(`\r`, "", `\n`, "\n", "\r", "").Replace(text)
	if strings.Contains(text, "-----BEGIN") {
		return armoured(text)
	}
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
}

// armoured reads PEM, also when all of it is on one line.
func armoured(text string) ([]byte, error) {
	if block, _ := pem.Decode([]byte(text)); block != nil {
		return block.Bytes, nil
	}
	_, rest, _ := strings.Cut(text, "-----BEGIN")
	_, rest, _ = strings.Cut(rest, "-----")
	inner, _, found := strings.Cut(rest, "-----END")
	if !found {
		return nil, errPublicForm
	}
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(inner), ""))
}
