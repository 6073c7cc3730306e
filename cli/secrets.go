package cli

import (
	"io"
	"os"
	"strings"

	"tillkeeper/payment"
)

// maxSecret bounds what is read as a secret.
const maxSecret = 64 << 10

// secretsFrom reads secrets from where --secret KEY=SOURCE says they are. A secret
// is never an argument, and is never repeated in words.
func (a *app) secretsFrom(texts []string) (map[string]string, error) {
	sources, err := pairs("--secret", texts)
	if err != nil {
		return nil, err
	}
	secrets := map[string]string{}
	stdin := ""
	for key, source := range sources {
		if source == "-" && stdin != "" {
			return nil, payment.Errorf(payment.CodeBadSetting, "--secret %s and %s cannot both be read from stdin", payment.Mask(stdin), payment.Mask(key))
		}
		if source == "-" {
			stdin = key
		}
		if secrets[key], err = a.secretFrom(key, source); err != nil {
			return nil, err
		}
	}
	return secrets, nil
}

func (a *app) secretFrom(key, source string) (string, error) {
	key = payment.Mask(key)
	var value string
	if name, ok := strings.CutPrefix(source, "env:"); ok {
		if value, ok = os.LookupEnv(name); !ok {
			return "", payment.Errorf(payment.CodeSecretMissing, "--secret %s: there is no variable %s in the environment", key, payment.Mask(name))
		}
	} else if path, ok := strings.CutPrefix(source, "file:"); ok {
		file, err := os.Open(path)
		if err != nil {
			return "", payment.Errorf(payment.CodeSecretMissing, "--secret %s: the file cannot be read: %w", key, err)
		}
		defer file.Close()
		if value, err = readSecret(file); err != nil {
			return "", payment.Errorf(payment.CodeSecretMissing, "--secret %s: the file cannot be read: %w", key, err)
		}
	} else if source == "-" {
		var err error
		if value, err = readSecret(a.stdin); err != nil {
			return "", payment.Errorf(payment.CodeSecretMissing, "--secret %s: stdin cannot be read: %w", key, err)
		}
	} else {
		return "", payment.Errorf(payment.CodeBadSetting,
			"--secret %s: secrets are never arguments; write env:VAR, file:PATH or - for stdin", key)
	}
	if value = strings.TrimSpace(value); value == "" {
		return "", payment.Errorf(payment.CodeSecretMissing, "--secret %s: it is empty", key)
	}
	return value, nil
}

func readSecret(from io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(from, maxSecret))
	return string(text), err
}
