package iotpay

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

// signText is what is hashed, without the key (§3.1): the parameters that are not
// empty, in the byte order of their names (§3.2).
func signText(p params) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(p)) {
		if name != "sign" && p[name] != "" {
			parts = append(parts, name+"="+p[name])
		}
	}
	return strings.Join(parts, "&")
}

// sign is the signature of parameters with the merchant key (§3.1).
func sign(p params, key string) string {
	sum := md5.Sum([]byte(signText(p) + "&key=" + key))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// genuine reports whether an answer is signed with the key, in one of the three ways
// in which a nested object may enter the text (§3.4).
func genuine(o object, key string) bool {
	said := strings.ToUpper(o.text("sign"))
	for _, nested := range []func(raw []byte) string{
		func(raw []byte) string { return string(raw) },
		func([]byte) string { return "" },
		rewritten,
	} {
		p := params{}
		for _, m := range o {
			if text, plain := m.plain(); plain {
				p[m.name] = text
			} else {
				p[m.name] = nested(m.raw)
			}
		}
		if subtle.ConstantTimeCompare([]byte(sign(p, key)), []byte(said)) == 1 {
			return true
		}
	}
	return false
}
