package iotpay_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/iotpay"
	"tillkeeper/payment/iotpay/iotpaysim"
)

// TestHTTPS: the way is encrypted, and the server must prove who it is. The till's
// own address on the way is what the gateway is told.
func TestHTTPS(t *testing.T) {
	certificate, roots := selfSigned(t)
	sim := iotpaysim.New(iotpaysim.Options{Key: merchantKey})
	defer sim.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.Serve(tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{certificate}})); err != nil {
		t.Fatal(err)
	}
	open := func(trusted *x509.CertPool) payment.Driver {
		d, err := iotpay.Protocol().Open(
			payment.Terminal{Address: "iotpay://" + l.Addr().String(), Settings: sim.Settings()},
			payment.Env{Roots: trusted, Secret: func(string) (string, error) { return merchantKey, nil }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	_, err = open(x509.NewCertPool()).Do(t.Context(), sale("A1", "1.00"), nil)
	drivertest.WantNotSent(t, err, payment.CodeCertificate)

	var told []payment.ProgressKind
	res, err := open(roots).Do(t.Context(), sale("A2", "1.00"), func(p payment.Progress) { told = append(told, p.Kind) })
	if err != nil || res.Outcome != payment.Approved || len(told) != 1 || told[0] != payment.ProgressSent {
		t.Errorf("%+v, %v, told %v", res, err, told)
	}
	if heard := sim.Heard(); len(heard) != 1 || !strings.Contains(heard[0].Body, "clientIp%22%3A%22127.0.0.1%22") {
		t.Errorf("heard %v", heard)
	}
	if findings := sim.Findings(); len(findings) != 0 {
		t.Errorf("findings %v", findings)
	}
}

// selfSigned makes a certificate for 127.0.0.1, and the roots that trust it.
func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
