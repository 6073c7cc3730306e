package comgatesim

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"strings"

	"tillkeeper/payment"
)

// endpoint is one call of A.4.
type endpoint struct {
	method string
	serve  func(t *Terminal, m *message) reply
	// kind is what a start call starts, "" for all others; with members it may have.
	kind    kind
	members []string
}

// kind is what a transaction is, as transactionType says it. The words are examples
// of the protocol text, or made up.
type kind string

const (
	sale          kind = "Payment"
	moto          kind = "Moto"
	refund        kind = "Refund"
	reversal      kind = "Reversal"
	preAuth       kind = "Preauth"
	completion    kind = "PreauthComplete"
	preAuthCancel kind = "PreauthCancel"
	closing       kind = "Closing"
)

// operations are the kinds in our words; a closing moves no money.
var operations = map[kind]payment.Operation{
	sale: payment.Sale, moto: payment.Sale, refund: payment.Refund, reversal: payment.Void,
	preAuth: payment.PreAuth, completion: payment.Completion, preAuthCancel: payment.Void,
}

// asksCard reports whether the terminal waits for a card.
func (k kind) asksCard() bool { return k == sale || k == moto || k == refund || k == preAuth }

// takesBack reports whether it undoes another transaction.
func (k kind) takesBack() bool { return k == reversal || k == preAuthCancel }

var (
	chargeMembers   = strings.Fields("transactionId amount currencyCode invoiceNumber daughterCompanyId")
	completeMembers = strings.Fields("transactionId originalTransactionId amount currencyCode invoiceNumber")
	reverseMembers  = strings.Fields("transactionId originalTransactionId")
	closingMembers  = strings.Fields("transactionId")
	idMembers       = strings.Fields("secureString transactionId")
)

// endpoints are those of A.4.1 to A.4.10, and of A.4.11 where a path is set.
func endpoints(o Options) map[string]endpoint {
	start := func(k kind, members []string) endpoint {
		return endpoint{http.MethodPost, (*Terminal).start, k, members}
	}
	follow := func(serve func(*Terminal, *message) reply, more ...string) endpoint {
		return endpoint{http.MethodPost, serve, "", append(more, idMembers...)}
	}
	all := map[string]endpoint{
		"info":     {method: http.MethodGet},
		"terminal": {http.MethodPost, (*Terminal).state, "", []string{"secureString", "checkOnline"}},
		"payment":  start(sale, chargeMembers),
		"refund":   start(refund, chargeMembers),
		"reverse":  start(reversal, reverseMembers),
		"closing":  start(closing, closingMembers),
		"status":   follow((*Terminal).status),
		"result":   follow((*Terminal).result),
		"confirm":  follow((*Terminal).confirm, "confirm"),
		"cancel":   follow((*Terminal).cancel),
	}
	for name, e := range map[string]endpoint{
		"preauth": start(preAuth, chargeMembers), "preauth_complete": start(completion, completeMembers),
		"preauth_cancel": start(preAuthCancel, reverseMembers), "moto": start(moto, chargeMembers),
		"print": follow((*Terminal).print, "text"),
	} {
		if path := o.Paths[name]; path != "" {
			all[path] = e
		}
	}
	return all
}

// answer is what a request is answered with.
func (t *Terminal) answer(req *http.Request, body []byte) reply {
	word, under := strings.CutPrefix(req.URL.Path, strings.TrimSuffix(t.opts.BasePath, "/")+"/")
	e, ok := t.endpoints[word]
	switch {
	case !under || !ok:
		t.report("", RulePath, req.URL.Path)
		return plain(http.StatusNotFound)
	case e.method != req.Method:
		t.report("", RuleMethod, req.Method+" "+word)
		return plain(http.StatusMethodNotAllowed)
	case e.serve == nil:
		return t.info()
	}
	if kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		t.report("", RuleType, req.Header.Get("Content-Type"))
	}
	m, ok := read(e, body)
	if !ok {
		t.report("", RuleJSON, word)
		return say(http.StatusBadRequest, object{"status": "Invalid JSON"})
	}
	if !t.admits(m) {
		return t.wrongPassword(m)
	}
	return e.serve(t, m)
}

// message is a request that was read: its members, and for a start call those of the
// object "request".
type message struct {
	endpoint endpoint
	outer    object
	members  object
}

// read takes one JSON object, and nothing behind it.
func read(e endpoint, body []byte) (*message, bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var m object
	if err := dec.Decode(&m); err != nil || m == nil || dec.More() {
		return nil, false
	}
	inner := m
	if e.kind != "" {
		inner, _ = m["request"].(object) // a start call without it lacks everything
	}
	return &message{e, m, inner}, true
}

func (m *message) text(member string) string {
	s, _ := m.members[member].(string)
	return s
}

// id is the transactionId, "" where there is none or no text.
func (m *message) id() string { return m.text("transactionId") }

// admits checks the password (A.1).
func (t *Terminal) admits(m *message) bool {
	if m.outer["secureString"] == t.opts.SecureString {
		return true
	}
	detail := "wrong"
	if _, said := m.outer["secureString"]; !said {
		detail = "missing"
	}
	t.report(m.id(), RulePassword, detail)
	return false
}

func (t *Terminal) wrongPassword(m *message) reply {
	body := object{"isStarted": false, "status": "Wrong password"}
	if m.id() != "" {
		body["transactionId"] = m.id()
	}
	if t.opts.WrongPassword == ByBody {
		return say(http.StatusOK, body)
	}
	return say(http.StatusUnauthorized, body)
}

// identity are members that every terminal gives differently (A.13).
func (t *Terminal) identity() object {
	return object{"serialNumber": t.opts.Serial, "model": "N5 Move", "applicationVersion": "1.0.0-sim"}
}

// info is A.4.1.
func (t *Terminal) info() reply {
	body := t.identity()
	body["protocol"], body["version"] = "GSA", 2
	return say(http.StatusOK, body)
}

// state is A.4.2.
func (t *Terminal) state(m *message) reply {
	t.checkMembers(m)
	if _, ok := m.members["checkOnline"].(bool); !ok {
		t.report("", RuleForm, "checkOnline is not true or false")
	}
	body := t.identity()
	body["dateTime"] = t.stamp()
	body["isOnline"], body["onlineStatus"] = 1, "Online"
	if t.opts.Offline {
		body["isOnline"], body["onlineStatus"] = 0, "Offline"
	}
	return say(http.StatusOK, body)
}

// print is A.4.11: nothing is printed.
func (t *Terminal) print(m *message) reply {
	t.checkMembers(m)
	if m.text("text") == "" {
		t.report(m.id(), RuleMandatory, "text")
	}
	return say(http.StatusOK, object{"transactionId": m.id(), "isPrinted": m.text("text") != ""})
}

func (t *Terminal) stamp() string { return t.opts.Now().Format("Jan 2, 2006 15:04:05") }
