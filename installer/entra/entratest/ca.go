package entratest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"
)

// AdminServerName is the server name that the admin API's client sends: the
// TLS knob does not apply to it.
const AdminServerName = "admin.entra-emulator.invalid"

const (
	day      = 24 * time.Hour
	validity = 30 * day
)

// pki is an authority with the certificates that the TLS knob chooses from.
type pki struct {
	bundle []byte // PEM
	leaves map[TLS]tls.Certificate
}

type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newPKI(hosts []string) (*pki, error) {
	now := time.Now()
	ours, err := newAuthority("entra-emulator test authority", now)
	if err != nil {
		return nil, err
	}
	other, err := newAuthority("entra-emulator other authority", now)
	if err != nil {
		return nil, err
	}
	names := append([]string{"127.0.0.1", "::1", "localhost", AdminServerName}, hosts...)
	p := &pki{leaves: map[TLS]tls.Certificate{}}
	for manner, leaf := range map[TLS]struct {
		by    *authority
		names []string
		from  time.Time
		until time.Time
	}{
		TLSGood:      {ours, names, now.Add(-day), now.Add(validity)},
		TLSExpired:   {ours, names, now.Add(-3 * day), now.Add(-day)},
		TLSEarly:     {ours, names, now.Add(day), now.Add(validity)},
		TLSWrongName: {ours, []string{"proxy.test.example"}, now.Add(-day), now.Add(validity)},
		TLSOtherCA:   {other, names, now.Add(-day), now.Add(validity)},
	} {
		if p.leaves[manner], err = leaf.by.sign(leaf.names, leaf.from, leaf.until); err != nil {
			return nil, err
		}
	}
	var text bytes.Buffer
	if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: ours.certificate.Raw}); err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	p.bundle = text.Bytes()
	return p, nil
}

func (p *pki) config(hello *tls.ClientHelloInfo, manner TLS) *tls.Config {
	if hello.ServerName == AdminServerName {
		manner = TLSGood
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	if manner == TLSOld {
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		manner = TLSGood
	}
	config.Certificates = []tls.Certificate{p.leaves[manner]}
	return config
}

func newAuthority(name string, now time.Time) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	serial, err := serialNumber()
	if err != nil {
		return nil, err
	}
	certificate := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-7 * day), NotAfter: now.Add(validity),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, certificate, certificate, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	if certificate, err = x509.ParseCertificate(der); err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	return &authority{certificate, key}, nil
}

func (a *authority) sign(names []string, from, until time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	serial, err := serialNumber()
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: names[0]}, NotBefore: from, NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

func serialNumber() (*big.Int, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("serial number: %w", err)
	}
	return serial, nil
}
