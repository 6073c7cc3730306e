package comgate

// What we say (A.3). Responses are read with all tolerance: see fields.

// startRequest begins a payment, refund, reversal or closing. The members of the
// operation are a map, because one of their names is a setting.
type startRequest struct {
	Password string         `json:"secureString"`
	Request  map[string]any `json:"request"`
}

// followRequest asks about what was begun; Confirm is for the call confirm only.
type followRequest struct {
	Password string `json:"secureString"`
	Number   string `json:"transactionId"`
	Confirm  *bool  `json:"confirm,omitempty"`
}

// terminalRequest asks whether the terminal has its link (A.4.2).
type terminalRequest struct {
	Password    string `json:"secureString"`
	CheckOnline bool   `json:"checkOnline"`
}

// answer is what a terminal said to one call.
type answer struct {
	status int
	// fields are the members of the JSON object, nil where there is none.
	fields fields
	body   []byte
}

// good reports whether it is a JSON object under a status of success.
func (a answer) good() bool { return a.status/100 == 2 && a.fields != nil }
