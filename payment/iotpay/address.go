package iotpay

import (
	"net/url"

	"tillkeeper/payment/internal/web"
)

// name is the protocol's name, and the scheme of its addresses.
const name = "iotpay"

// form is how addresses look; what is not typed is the live system (§1).
var form = web.Form{Protocol: name, Host: "api.iotpaycloud.com", Path: "/v1"}

// ParseAddress reads a gateway's address as people type it — "iotpay://",
// "iotpay://host/v1", "iotpay+http://127.0.0.1:8080" — and returns its normal form,
// or an *payment.Error with CodeBadAddress. Plain HTTP is for loopback only.
func ParseAddress(text string) (string, error) {
	normal, _, err := parseAddress(text)
	return normal, err
}

func parseAddress(text string) (string, *url.URL, error) { return form.Parse(text) }
