package web

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"tillkeeper/payment"
)

// Form is how the addresses of a protocol look; see [Form.Parse].
type Form struct {
	// Protocol is the name before "://".
	Protocol string
	// Host, Port and Path fill in what was not typed. Port 0 leaves it to the
	// scheme. Path begins with a slash, or is "".
	Host string
	Port int
	Path string
	// LAN is for terminals of the local network: plain HTTP only, private and
	// loopback addresses only. Else it is a cloud: HTTPS, and plain HTTP on loopback
	// only.
	LAN bool
}

var hostName = regexp.MustCompile(`^[0-9A-Za-z]([0-9A-Za-z.-]{0,251}[0-9A-Za-z])?$`)

// Parse reads PROTOCOL[+http|+https]://host[:port][/path] as people type it and
// returns its normal form and the URL it stands for, whose path has no slash at its
// end. Errors are *Error with CodeBadAddress.
func (f Form) Parse(text string) (normal string, base *url.URL, err error) {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(text), "://")
	if !ok {
		scheme, rest = f.Protocol, strings.TrimSpace(text)
	}
	name, transport, _ := strings.Cut(strings.ToLower(scheme), "+")
	if name != f.Protocol {
		return "", nil, bad("this is an address of %q", payment.Mask(name))
	}
	u, err := url.Parse("http://" + rest)
	if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(rest, " ?#@") {
		return "", nil, bad("an address is %s://host[:port][/path]", f.Protocol)
	}
	host, port := u.Hostname(), u.Port()
	if host == "" {
		host = f.Host
	}
	if err := f.checkHost(host); err != nil {
		return "", nil, err
	}
	if n, err := strconv.Atoi(port); port != "" && (err != nil || n < 1 || n > 65535) {
		return "", nil, bad("a port is a number from 1 to 65535")
	}
	if port == "" && f.Port != 0 {
		port = strconv.Itoa(f.Port)
	}
	path := strings.TrimRight(u.Path, "/")
	if path == "" {
		path = strings.TrimRight(f.Path, "/")
	}
	use, err := f.transport(transport, host)
	if err != nil {
		return "", nil, err
	}
	base = &url.URL{Scheme: use, Host: join(host, port), Path: path}
	normal = f.Protocol + "://" + base.Host + path
	if use == "http" && !f.LAN {
		normal = f.Protocol + "+http://" + base.Host + path
	}
	return normal, base, nil
}

func join(host, port string) string {
	if port == "" {
		return strings.TrimSuffix(net.JoinHostPort(strings.ToLower(host), ""), ":")
	}
	return net.JoinHostPort(strings.ToLower(host), port)
}

func (f Form) checkHost(host string) error {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		if !hostName.MatchString(host) {
			return bad("%q is neither a host name nor an IP address", payment.Mask(host))
		}
		return nil
	}
	if ip.IsUnspecified() || ip.IsMulticast() {
		return bad("%s is not the address of one machine", ip)
	}
	if f.LAN && !nearby(ip) {
		return bad("%s is not an address of the local network; this protocol is not for the internet", ip)
	}
	return nil
}

// transport decides between HTTP and HTTPS.
func (f Form) transport(asked, host string) (string, error) {
	switch {
	case asked != "" && asked != "http" && asked != "https":
		return "", bad("%q is neither http nor https", payment.Mask(asked))
	case f.LAN && asked == "https":
		return "", bad("these terminals speak plain HTTP only")
	case f.LAN:
		return "http", nil
	case asked == "http" && !loopback(host):
		return "", bad("plain HTTP to a cloud is for loopback addresses only: it would show the payments to everybody on the way")
	case asked == "http":
		return "http", nil
	}
	return "https", nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback() || strings.EqualFold(host, "localhost")
}

func bad(format string, args ...any) error {
	return payment.Errorf(payment.CodeBadAddress, format, args...)
}
