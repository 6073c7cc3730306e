package wire_test

import (
	"strings"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/wire"
)

func TestAmount(t *testing.T) {
	for _, tc := range []struct {
		text     string
		currency payment.Currency
		want     string
	}{
		{"12.40", "USD", "12.40"}, {"12.4", "USD", "12.40"}, {"12", "USD", "12.00"}, {"0.00", "USD", "0.00"},
		{"12.500", "USD", "12.50"}, {"1200", "JPY", "1200"}, {"1200.00", "JPY", "1200"}, {"1.234", "KWD", "1.234"},
		{"12.345", "USD", ""}, {"-1.00", "USD", ""}, {"1e3", "USD", ""}, {"1,000.00", "USD", ""}, {"", "USD", ""},
		{"23.9O", "USD", ""}, {"12.5", "JPY", ""}, {"9999999999999", "USD", ""}, {"NaN", "USD", ""},
	} {
		got, err := wire.Amount(tc.text, tc.currency)
		if (err != nil) != (tc.want == "") || got.Text() != tc.want {
			t.Errorf("Amount(%q, %s) = %v, %v; want %q", tc.text, tc.currency, got, err, tc.want)
		}
	}
}

func TestMaskJSON(t *testing.T) {
	for _, tc := range []struct{ name, message, want string }{
		{"a card number in text", `{"card_no":"4111111111111111"}`, `{"card_no":"************1111"}`},
		{"a card number as a number", `{"n":[4111111111111111]}`, `{"n":["************1111"]}`},
		{"a masked card stays", `{"card_no":"411111******1111"}`, `{"card_no":"411111******1111"}`},
		{"a gateway number stays", `{"trans_no":"5099000000260914000017"}`, `{"trans_no":"5099000000260914000017"}`},
		{"personal data", `{"card_holder_name":"A","signature_url":"http://x","token":""}`, `{"card_holder_name":"***","signature_url":"***","token":""}`},
		{"numbers keep their text", `{"a":12.40}`, `{"a":12.40}`},
		{"not JSON", `4111111111111111`[:15] + `x`, `[16 bytes that are not JSON]`},
		{"two values", `{} {}`, `[5 bytes that are not JSON]`},
		{"very long", `{"x":"` + strings.Repeat("y", 20_000) + `"}`, `[20008 bytes of JSON]`},
	} {
		if got := wire.MaskJSON([]byte(tc.message)); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}

func FuzzMaskJSON(f *testing.F) {
	f.Add([]byte(`{"card_no":"4111 1111 1111 1111","biz_data":{"x":[1,"5500000000000004"]}}`))
	f.Add([]byte(`""`))
	f.Fuzz(func(t *testing.T, message []byte) {
		masked := wire.MaskJSON(message)
		if again := wire.MaskJSON([]byte(masked)); strings.HasPrefix(masked, "{") && strings.HasPrefix(again, "{") && again != masked {
			t.Errorf("masking twice changes %s to %s", masked, again)
		}
	})
}

func TestStripeAndPinAreHiddenUnderAnyName(t *testing.T) {
	for _, key := range []string{"track2", "Track1", "track_2_data", "trackdata", "cvv2", "CVC", "pin_block", "pinblock", "card-pin"} {
		if got := wire.MaskJSON([]byte(`{"` + key + `":"4111111111111111=29121010000"}`)); !strings.Contains(got, `"***"`) {
			t.Errorf("%s is shown as %s", key, got)
		}
	}
	for _, key := range []string{"shipping", "pay_scenario", "order_amount"} {
		if got := wire.MaskJSON([]byte(`{"` + key + `":"12"}`)); !strings.Contains(got, `"12"`) {
			t.Errorf("%s is hidden: %s", key, got)
		}
	}
}
