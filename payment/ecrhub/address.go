package ecrhub

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"tillkeeper/payment"
)

// name is the protocol's name, and the scheme of its addresses.
const name = "ecrhub"

// defaultPort is where terminals listen unless their screen says otherwise (§2).
const defaultPort = "35779"

var hostName = regexp.MustCompile(`^[0-9A-Za-z]([0-9A-Za-z_-]*[0-9A-Za-z])?(\.[0-9A-Za-z]([0-9A-Za-z_-]*[0-9A-Za-z])?)*\.?$`)

// ParseAddress reads a terminal's address as people type it — "192.0.2.40",
// "192.0.2.40:35779", "ws://192.0.2.40:35779", "ecrhub://192.0.2.40" — and
// returns its normal form "ecrhub://192.0.2.40:35779", or an *payment.Error
// with CodeBadAddress.
func ParseAddress(text string) (string, error) {
	text = strings.TrimSpace(text)
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		rest = text
	} else if s := strings.ToLower(scheme); s == "wss" || s == "https" {
		return "", badAddress("terminals of this protocol do not encrypt; leave %q away", scheme+"://")
	} else if s != name && s != "ws" {
		return "", badAddress("%q is not an address of this protocol", payment.Mask(text))
	}
	if text == "" || rest == "" {
		return "", badAddress("no address was given")
	}
	if addr, err := netip.ParseAddr(bare(rest)); err == nil && addr.Zone() == "" {
		return normal(addr.Unmap().String(), defaultPort), nil // an IPv6 address is full of colons
	}
	u, err := url.Parse("ws://" + rest)
	if err != nil || u.Host == "" {
		return "", badAddress("%q is not an address", payment.Mask(text))
	}
	if u.User != nil || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" {
		return "", badAddress("an address is host and port only; the id of this till is a setting (client_id)")
	}
	port := u.Port()
	if port == "" {
		port = defaultPort
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 || strings.HasSuffix(u.Host, ":") {
		return "", badAddress("%q is not a port from 1 to 65535", payment.Mask(port))
	}
	return normalHost(u.Hostname(), port)
}

// bare takes the brackets off an IPv6 address that has no port.
func bare(host string) string {
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		return host[1 : len(host)-1]
	}
	return host
}

func normalHost(host, port string) (string, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return normal(addr.Unmap().String(), port), nil
	}
	onlyDigits := strings.Trim(host, "0123456789.") == ""
	if onlyDigits || len(host) > 253 || !hostName.MatchString(host) {
		return "", badAddress("%q is neither an IP address nor a host name", payment.Mask(host))
	}
	return normal(strings.ToLower(host), port), nil
}

func normal(host, port string) string { return name + "://" + net.JoinHostPort(host, port) }

func badAddress(format string, args ...any) error {
	return payment.Errorf(payment.CodeBadAddress, format, args...)
}
