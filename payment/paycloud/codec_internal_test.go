package paycloud

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func data(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func public(t testing.TB, name string) *rsa.PublicKey {
	t.Helper()
	key, err := publicKey(data(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

type vector struct {
	Name, Key, Canonical, Sign, SHA256 string
	Bytes                              int
}

func vectors(t *testing.T) (all []vector) {
	t.Helper()
	if err := json.Unmarshal([]byte(data(t, "vectors.json")), &all); err != nil || len(all) != 5 {
		t.Fatalf("%d vectors, %v", len(all), err)
	}
	return all
}

// bodies are the messages of the vectors as they go over the wire (§8, §9.2).
var bodies = map[string]string{
	"V1": `{"app_id":"wz0000000000000001","method":"wisehub.cloud.pay.order","format":"JSON",
 "charset":"UTF-8","sign_type":"RSA2","version":"1.0","timestamp":"1767225600000",
 "merchant_no":"312300000001","store_no":"4123000001","terminal_sn":"WPYB000000000001",
 "message_receiving_application":"CodePay Register","merchant_order_no":"POS-20260101-0001",
 "trans_type":"1","pay_scenario":"SWIPE_CARD","price_currency":"USD","order_amount":"34.50",
 "expires":"180","on_screen_tip":"false","description":"Café & crème = 100%",
 "attach":"{\"lane\":3}","notify_url":"https://pos.example.com/cb","api_version":"2.0"}`,
	"V2": `{"app_id":"wz0000000000000002","method":"order.query","format":"JSON","charset":"UTF-8",
 "sign_type":"RSA2","version":"1.0","timestamp":"1767225605000",
 "merchant_no":"302400000001","merchant_order_no":"POS-20260101-0002"}`,
	"V3": `{"code":"0","msg":"success","psn":"01010000050000000001",
 "data":"{\"trans_no\":\"51230000012601010000001\",\"message_id\":\"M0001\",\"terminal_online_status\":\"ONLINE\",\"trans_amount\":\"34.5\"}"}`,
	"V4": `{"code":"E04111","msg":"[E04111]Merchant order number is invalid","psn":"01010000050000000002"}`,
	"V5": `{"app_id":"wz0000000000000001","cashback_amount":"0","charset":"UTF-8","format":"JSON",
 "http_request_id":"01010001000000000001","merchant_no":"312300000001","merchant_order_no":"POS-20260101-0001",
 "method":"payment.result.notify","order_amount":"34.5","paid_amount":"39.5","pay_method_id":"Visa",
 "pay_scenario":"SWIPE_CARD","pay_user_account_id":"411111****1111","price_currency":"USD","ref_no":"600100000001",
 "sign_type":"RSA2","store_no":"4123000001","terminal_sn":"WPYB000000000001","timestamp":"1767225660000",
 "tip_amount":"5","trans_amount":"39.5","trans_end_time":"2026-01-01 00:01:00","trans_no":"51230000012601010000001",
 "trans_status":2,"trans_type":1,"version":"1.0"}`,
}

// TestVectors is V1 to V5: canonical string, digest and signature (§13).
func TestVectors(t *testing.T) {
	private, err := privateKey(data(t, "application_private.txt"))
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]*rsa.PublicKey{"application": public(t, "application_public.txt"), "platform": public(t, "platform_public.txt")}
	for _, v := range vectors(t) {
		m, err := decode([]byte(bodies[v.Name]))
		if err != nil {
			t.Fatal(v.Name, err)
		}
		f, err := m.texts()
		if err != nil {
			t.Fatal(v.Name, err)
		}
		sum := sha256.Sum256([]byte(f.canonical()))
		if f.canonical() != v.Canonical || len(v.Canonical) != v.Bytes || hex.EncodeToString(sum[:]) != v.SHA256 {
			t.Errorf("%s: the canonical string is\n%s, want\n%s", v.Name, f.canonical(), v.Canonical)
		}
		if v.Key == "application" {
			if err := f.sign(private); err != nil || f["sign"] != v.Sign {
				t.Errorf("%s: signed %s, %v; want %s", v.Name, f["sign"], err, v.Sign)
			}
		}
		f["sign"] = v.Sign
		if err := f.verify(keys[v.Key]); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
		for name, spoil := range map[string]func(fields){
			"another value":         func(f fields) { f["extra"] = "1" },
			"no sign_type or code":  func(f fields) { delete(f, "sign_type"); delete(f, "code") },
			"no signature":          func(f fields) { delete(f, "sign") },
			"the URL-safe alphabet": func(f fields) { f["sign"] = strings.NewReplacer("+", "-", "/", "_").Replace(f["sign"]) },
			"half a signature":      func(f fields) { f["sign"] = f["sign"][:172] },
		} {
			bad := fields{}
			for k, value := range f {
				bad[k] = value
			}
			spoil(bad)
			if bad.verify(keys[v.Key]) == nil {
				t.Errorf("%s with %s is verified", v.Name, name)
			}
		}
	}
}

// TestRealNotification is V6, from the real platform: sign_type is signed, numbers
// are written as digits.
func TestRealNotification(t *testing.T) {
	m, err := decode([]byte(data(t, "v6_notification.json")))
	if err != nil {
		t.Fatal(err)
	}
	f, err := m.texts()
	if err != nil || f.canonical() != data(t, "v6_canonical.txt") {
		t.Fatalf("%v; the canonical string is\n%s", err, f.canonical())
	}
	if err := f.verify(public(t, "codepay_public.txt")); err != nil {
		t.Error(err)
	}
	if f.verify(public(t, "platform_public.txt")) == nil || f.verify(nil) == nil {
		t.Error("it is verified with a wrong key, or with none")
	}
	delete(f, "sign_type")
	if f.verify(public(t, "codepay_public.txt")) == nil {
		t.Error("it is verified without sign_type")
	}
}

// TestCanonical is the table of cases without keys (§13).
func TestCanonical(t *testing.T) {
	for message, want := range map[string]string{
		`{"b":"2","a":"1","sign":"x"}`:              `a=1&b=2`,
		`{"a":"","b":null,"c":"0","d":0,"e":false}`: `c=0&d=0&e=false`,
		`{"amt":34.50,"n":1}`:                       `amt=34.50&n=1`,
		`{"pay_x":"1","paya":"2","pay":"3"}`:        `pay=3&pay_x=1&paya=2`,
		`{"d":"@x","t":" a "}`:                      `d=@x&t= a `,
		`{"u":"é&=%+"}`:                             `u=é&=%+`,
		`{"data":{"x":12.40},"code":"0"}`:           `code=0&data={"x":12.40}`,
		`{"data": {"x" : 12.40, "y":[1, 2]} }`:      `data={"x" : 12.40, "y":[1, 2]}`,
		`{"n":1E3,"m":-0.10,"u":"\u00e9"}`:          `m=-0.10&n=1E3&u=é`,
	} {
		m, err := decode([]byte(message))
		if err != nil {
			t.Fatal(err)
		}
		f, err := m.texts()
		if err != nil || f.canonical() != want {
			t.Errorf("%s gives %s, %v; want %s", message, f.canonical(), err, want)
		}
	}
}

// TestOnlyTextIsSent: every value is a string, none is empty (§3).
func TestOnlyTextIsSent(t *testing.T) {
	text, err := fields{"a": "<b>&é", "empty": "", "n": "1"}.encode()
	if err != nil || string(text) != `{"a":"<b>&é","n":"1"}` {
		t.Errorf("%s, %v", text, err)
	}
}

func TestKeysAreReadInAllForms(t *testing.T) {
	bare := data(t, "application_private.txt")
	key, err := privateKey(bare)
	if err != nil {
		t.Fatal(err)
	}
	pemText := "-----BEGIN PRIVATE KEY-----\n" + fold(bare) + "\n-----END PRIVATE KEY-----"
	pub := data(t, "application_public.txt")
	pkcs1 := pkcs1Of(key)
	for name, text := range map[string]string{
		"bare": "  " + bare + "\r\n", "folded": fold(bare), "PEM": pemText, "PEM with literal breaks": strings.ReplaceAll(pemText, "\n", `\n`),
		"PEM on one line": strings.ReplaceAll(pemText, "\n", " "), "PKCS#1 bare": pkcs1,
		"PKCS#1 PEM": "-----BEGIN RSA PRIVATE KEY-----\n" + fold(pkcs1) + "\n-----END RSA PRIVATE KEY-----\n",
	} {
		if got, err := privateKey(text); err != nil || !got.Equal(key) {
			t.Errorf("%s: %v", name, err)
		}
	}
	pubPEM := "-----BEGIN PUBLIC KEY-----\n" + fold(pub) + "\n-----END PUBLIC KEY-----"
	for name, text := range map[string]string{"bare": pub, "PEM": pubPEM, "literal": strings.ReplaceAll(pubPEM, "\n", `\r\n`)} {
		if got, err := publicKey(text); err != nil || !got.Equal(&key.PublicKey) {
			t.Errorf("public %s: %v", name, err)
		}
	}
	for name, text := range map[string]string{"nothing": "", "words": "my key", "a public key": pub, "half": bare[:400], "armour only": "-----BEGIN PRIVATE KEY-----"} {
		if _, err := privateKey(text); err == nil {
			t.Errorf("%s is taken for a private key", name)
		}
	}
	for name, text := range map[string]string{"nothing": "", "a private key": bare, "short": short} {
		if _, err := publicKey(text); err == nil {
			t.Errorf("%s is taken for a public key", name)
		}
	}
}

// short is a public key of 1024 bits.
const short = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDQOvzS5ejIhZPA7t/qrIUP9xmt+evZLi4cXy1SnlWSfoD/eu0DSSUZmxzZaZazSy7ye7MN0TcyYR1ouQC+pegih04qR/QzEeIBiCFgfFx5heYyXHyWirqZk65f8xcJyiJC4KRxzzqoQ1/hamaJ8ABTcPLNsb+iI9A6An96gcnEDwIDAQAB"

func fold(text string) string {
	var b strings.Builder
	for len(text) > 64 {
		b.WriteString(text[:64] + "\n")
		text = text[64:]
	}
	return b.String() + text
}

func FuzzDecode(f *testing.F) {
	for _, body := range bodies {
		f.Add([]byte(body))
	}
	f.Add([]byte(data(f, "v6_notification.json")))
	for _, seed := range []string{``, `{}`, `[]`, `null`, `{"data":"{\"trans_status\":2}"}`, `{"data":{"a":1},"sign":1}`, `{"a":"\ud800"}`, "\xef\xbb\xbf{}", `{"code":"0"}{`} {
		f.Add([]byte(seed))
	}
	key := public(f, "platform_public.txt")
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := decode(text)
		if err != nil {
			return
		}
		top, err := m.texts()
		if err != nil {
			return
		}
		if top["sign"] == "" && top.verify(key) == nil {
			t.Error("verified without a signature")
		}
		inner, _, err := content(m["data"])
		if err != nil {
			return
		}
		_ = masked(m, inner)
		biz, err := inner.texts()
		if err != nil {
			return
		}
		// What is sent is read back as what it was.
		again, err := top.encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := decode(again)
		if err != nil {
			t.Fatalf("%q is not read back: %v", again, err)
		}
		if f, err := back.texts(); err != nil || f.canonical() != top.canonical() {
			t.Errorf("%q came back as %q, %v", top.canonical(), f.canonical(), err)
		}
		_, _ = facts(biz, "USD")
	})
}
