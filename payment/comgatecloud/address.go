package comgatecloud

import (
	"net/url"

	"tillkeeper/payment/internal/web"
)

// name is the protocol's name, and the scheme of its addresses.
const name = "comgate-cloud"

// form is Comgate's server, unless another is named (B.1).
var form = web.Form{Protocol: name, Host: "payments.comgate.cz", Path: "/v2.0"}

// ParseAddress reads an address as people type it, "comgate-cloud://" for Comgate's
// own server, and returns its normal form, or an *payment.Error with CodeBadAddress.
func ParseAddress(text string) (string, error) {
	normal, _, err := form.Parse(text)
	return normal, err
}

// at is the URL of a method.
func at(base *url.URL, path string) *url.URL {
	u := *base
	u.Path += "/" + path
	return &u
}
