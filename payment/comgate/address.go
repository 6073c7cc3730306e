package comgate

import (
	"net/url"

	"tillkeeper/payment/internal/web"
)

// name is the protocol's name, and the scheme of its addresses.
const name = "comgate"

// form is how addresses look: port and path of A.1 and A.2, and never the internet.
var form = web.Form{Protocol: name, Port: 33350, Path: "/paya", LAN: true}

// ParseAddress reads a terminal's address as people type it and returns its normal
// form "comgate://192.0.2.40:33350/paya", or an *payment.Error with CodeBadAddress.
func ParseAddress(text string) (string, error) {
	normal, _, err := form.Parse(text)
	return normal, err
}

// endpoints are the URLs of a terminal by the names of the settings.
func endpoints(base *url.URL, paths map[string]string) map[string]*url.URL {
	all := map[string]*url.URL{}
	for name, path := range paths {
		if path != "" {
			u := *base
			u.Path += "/" + path
			all[name] = &u
		}
	}
	return all
}
