package paycloud

import "tillkeeper/payment"

// profile is all that differs between the brands (§2).
type profile struct {
	name, title string
	host        string
	application string // message_receiving_application
	apiVersion  string
	currency    payment.Currency
	// enabled are the operations that a merchant of the brand has without asking.
	enabled string
	// basic: the brand takes a user and password in place of signatures (§5.6).
	basic bool
}

var codepay = profile{
	name: "codepay-cloud", title: "CodePay (cloud)", host: "codepay-open.codepay.us", application: "CodePay Register",
	apiVersion: "2.0", currency: "USD", enabled: on, basic: true,
}

// Nothing is published about what SADAD enables beyond sales (§15).
var sadad = profile{
	name: "sadad", title: "SADAD / WiseCashier (cloud)", host: "open.sadadpos.com", application: "SADAD POS",
	apiVersion: "2.0", currency: "QAR", enabled: off,
}

// CodePay describes the CodePay cloud to the program.
func CodePay() payment.Protocol { return codepay.protocol() }

// SADAD describes the SADAD / WiseCashier cloud to the program.
func SADAD() payment.Protocol { return sadad.protocol() }

func (p profile) protocol() payment.Protocol {
	return payment.Protocol{
		Name: p.name, Title: p.title, Settings: p.settings(), Secrets: p.secrets(), Address: p.parseAddress,
		Open: func(t payment.Terminal, env payment.Env) (payment.Driver, error) { return p.open(t, env) },
	}
}
