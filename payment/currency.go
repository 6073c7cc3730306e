package payment

import (
	"strings"
)

// Currency is an ISO 4217 alphabetic code such as "USD". Make one with
// ParseCurrency; the zero value means "not said".
type Currency string

// ParseCurrency returns the currency of an ISO 4217 code in any case. Codes that
// are not in the standard's list give an *Error with CodeBadCurrency.
func ParseCurrency(code string) (Currency, error) {
	c := Currency(strings.ToUpper(strings.TrimSpace(code)))
	if _, ok := places[c]; !ok {
		return "", Errorf(CodeBadCurrency, "%q is not a currency code of ISO 4217", Mask(code))
	}
	return c, nil
}

// Places returns how many decimal places the currency's amounts have: 0, 2 or 3.
func (c Currency) Places() int32 {
	if n, ok := places[c]; ok {
		return n
	}
	return 2
}

// Currencies returns all codes that ParseCurrency takes, in no particular order.
func Currencies() []Currency {
	all := make([]Currency, 0, len(places))
	for c := range places {
		all = append(all, c)
	}
	return all
}

// places holds the currencies of ISO 4217 that cards are charged in, with their
// minor unit digits. Codes for funds, metals and testing are left out: no terminal
// takes them.
var places = table(
	"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF", 0,
	`AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD
	 CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
	 GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP
	 LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
	 NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS
	 SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD
	 XCG YER ZAR ZMW ZWG`, 2,
	"BHD IQD JOD KWD LYD OMR TND", 3,
)

func table(pairs ...any) map[Currency]int32 {
	all := map[Currency]int32{}
	for i := 0; i < len(pairs); i += 2 {
		for code := range strings.FieldsSeq(pairs[i].(string)) {
			all[Currency(code)] = int32(pairs[i+1].(int))
		}
	}
	return all
}
