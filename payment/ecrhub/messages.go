package ecrhub

// The topics used (§4).
const (
	topicOrder = "ecrhub.pay.order"
	topicQuery = "ecrhub.pay.query"
	topicClose = "ecrhub.pay.close"
	topicTip   = "ecrhub.pay.tip.adjustment"
	topicBatch = "ecrhub.pay.batch.close"
	topicInfo  = "ecrhub.getInfo"
)

// The transaction types sent (§7.1).
const (
	typeSale       = "1"
	typeVoid       = "2"
	typeRefund     = "3"
	typePreAuth    = "4"
	typeCompletion = "6"
	typeCashback   = "11"
	// Sent only where a technician says that the terminal knows them.
	typePreAuthCancel    = "5"
	typeCompletionCancel = "7"
)

// scenario is always said: gateways have refused messages without it (§5.1).
const scenario = "SWIPE_CARD"

// request is the envelope of everything we say (§3.1).
type request struct {
	Topic     string      `json:"topic"`
	RequestID string      `json:"request_id"`
	AppID     string      `json:"app_id"`
	Version   string      `json:"version"`
	Timestamp string      `json:"timestamp"`
	Biz       any         `json:"biz_data,omitempty"`
	Device    *deviceData `json:"device_data,omitempty"`
}

// orderBiz is the business data of an order (§5.1). Amounts are decimal text;
// those of nothing are left out, because terminals refuse a tip of nothing (§12.4).
type orderBiz struct {
	Type      string `json:"trans_type"`
	Number    string `json:"merchant_order_no"`
	Original  string `json:"orig_merchant_order_no,omitempty"`
	Currency  string `json:"price_currency"`
	Amount    string `json:"order_amount"`
	Tip       string `json:"tip_amount,omitempty"`
	AskTip    *bool  `json:"on_screen_tip,omitempty"`
	Cashback  string `json:"cashback_amount,omitempty"`
	Scenario  string `json:"pay_scenario"`
	Expires   string `json:"expires"`
	Confirm   bool   `json:"confirm_on_terminal"`
	Authorise *bool  `json:"required_terminal_authentication,omitempty"`
	Signature bool   `json:"on_screen_signature"`
	PrintCopy int    `json:"receipt_print_mode,omitempty"`
}

// numberBiz is the business data of a query and of a close (§11.5, §11.6).
type numberBiz struct {
	Number string `json:"merchant_order_no"`
}

// tipBiz changes the tip of a payment; the number is the payment's (§11.8).
type tipBiz struct {
	Number string `json:"merchant_order_no"`
	Tip    string `json:"tip_adjustment_amount"`
}

// deviceData says who asks (§11.1).
type deviceData struct {
	Name string `json:"device_name"`
}

// response is what a terminal says, read with all tolerance (§3.2).
type response struct {
	topic     string
	requestID string
	code      string // response_code
	text      string // response_msg
	biz       fields
	device    fields
	message   map[string]any // the whole, for the journal
}

// number is the order number the response is about.
func (r response) number() string { return r.biz["merchant_order_no"] }

// fields are the plain members of a JSON object as text. Members that are
// absent, null, objects or lists are not there.
type fields map[string]string
