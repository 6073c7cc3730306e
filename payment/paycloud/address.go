package paycloud

import (
	"net/url"
	"strings"

	"tillkeeper/payment/internal/web"
)

// entry is where the platform listens below its base URL (§2).
const entry = "/api/entry"

// suffixes are the paths of path_style=suffix (§3).
var suffixes = map[string]string{
	methodOrder: "/ecrorder",
	methodQuery: "/orderquery",
	methodClose: "/ecrclose",
}

// address reads a base URL as portals and people write it, with or without a
// slash or the path of the entry at its end (§2), and returns its normal form,
// which has neither.
func (p profile) address(text string) (normal string, base *url.URL, err error) {
	normal, base, err = web.Form{Protocol: p.name, Host: p.host}.Parse(text)
	if err != nil {
		return "", nil, err
	}
	if path, found := strings.CutSuffix(base.Path, entry); found {
		normal, base.Path = strings.TrimSuffix(normal, entry), path
	}
	return normal, base, nil
}

func (p profile) parseAddress(text string) (string, error) {
	normal, _, err := p.address(text)
	return normal, err
}

// url is where a method's requests go.
func (d *Driver) url(method string) *url.URL {
	u := *d.base
	u.Path += entry
	if d.settings.suffix {
		u.Path += suffixes[d.settings.usual(method)]
	}
	return &u
}
