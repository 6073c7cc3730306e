package comgatecloudsim

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"strings"

	"tillkeeper/payment"
)

// The codes of B.5.
const (
	codeOK         = 0
	codeMerchant   = 1301
	codeAmount     = 1309
	codeCurrency   = 1310
	codeBadRequest = 1400
	codeUnexpected = 1500
)

// The statuses of the terminal (B.3).
const (
	terminalOnline  = "ONLINE"
	terminalOffline = "OFFLINE"
	terminalBusy    = "BUSY"
	terminalUnknown = "UNKNOWN"
)

func no(code int, text string) answer {
	return answer{status: http.StatusOK, body: object{"code": code, "message": text}}
}

func missing(text string) answer {
	return answer{status: http.StatusNotFound, body: object{"code": codeBadRequest, "message": text}}
}

// kindOf is which orders a method is about.
var kindOf = map[string]payment.Operation{"terminalPayment": payment.Sale, "terminalRefund": payment.Refund}

// handle does what a request asks for (B.2).
func (s *Server) handle(req *http.Request, body []byte) answer {
	rest, ok := strings.CutPrefix(req.URL.Path, s.opts.BasePath+"/")
	if !ok {
		s.report("", RuleMethod, req.Method+" "+req.URL.Path)
		return missing("no such page")
	}
	if !s.authorised(req) {
		s.report("", RuleAuth, "merchant or secret is wrong")
		return answer{status: http.StatusUnauthorized, body: object{"code": codeMerchant, "message": "Unauthorized"}}
	}
	if kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		s.report("", RuleContentType, req.Method+" without Content-Type application/json")
	}
	name, _ := strings.CutSuffix(rest, ".json")
	name, id, about := strings.Cut(name, "/transId/")
	op, isOrder := kindOf[name]
	starts := isOrder && !about && req.Method == http.MethodPost
	if len(body) > 0 && !starts {
		s.report("", RuleBody, req.Method+" "+rest+" has no body")
	}
	switch {
	case !strings.HasSuffix(rest, ".json"):
	case starts:
		return s.post(op, body)
	case isOrder && about && req.Method == http.MethodGet:
		return s.get(op, id)
	case isOrder && about && req.Method == http.MethodDelete:
		return s.reverse(op, id, req.Header.Get("X-Request-Id"))
	case rest == "terminalClosing.json" && req.Method == http.MethodPost:
		return s.closeBatch()
	case rest == "terminal.json" && req.Method == http.MethodGet:
		return s.terminal()
	}
	s.report("", RuleMethod, req.Method+" "+rest)
	return missing("no such method")
}

// authorised compares the login in a time that tells nothing about it (B.1).
func (s *Server) authorised(req *http.Request) bool {
	user, password, ok := req.BasicAuth()
	same := subtle.ConstantTimeCompare([]byte(user), []byte(s.opts.Merchant)) &
		subtle.ConstantTimeCompare([]byte(password), []byte(s.opts.Secret))
	return ok && same == 1
}

// terminal tells how the terminal is; there is no code in it (B.2).
func (s *Server) terminal() answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	status := s.opts.Terminal
	switch {
	case s.offline:
		status = terminalOffline
	case status == terminalOnline && s.store.running != nil:
		status = terminalBusy
	}
	return answer{status: http.StatusOK, body: object{"status": status}}
}

// post starts a payment or refund.
func (s *Server) post(op payment.Operation, body []byte) answer {
	p, refusal := s.readOrder(body)
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.offline || s.opts.Terminal == terminalOffline {
		return no(codeUnexpected, "Terminal is not available")
	}
	if s.store.running != nil || s.opts.Terminal == terminalBusy {
		return no(codeUnexpected, "Terminal is busy")
	}
	out := s.nextOutcome(p.price.Minor())
	switch {
	case out.Kind == Refuse:
		return no(codeBadRequest, "Bad request")
	case out.Kind == Busy:
		return no(codeUnexpected, "Terminal is busy")
	case out.Fault == CloseBefore:
		return answer{how: HangUp}
	}
	if p.refID != "" && s.store.refs[p.refID] {
		s.report(p.refID, RuleRefID, "the refId was used before")
	}
	t := s.store.add(op, p, out)
	s.run(t)
	return started(out, object{"code": codeOK, "message": "OK", "transId": t.id})
}

// started is the answer to a POST or DELETE that was accepted, as the outcome wants it.
func started(out Outcome, body object) answer {
	a := answer{status: http.StatusOK, body: body, how: out.Start, after: out.StartDelay}
	if out.Fault == AnswerLost {
		a.how = HangUp
	}
	return a.mangle()
}

// get tells of an order (B.3).
func (s *Server) get(op payment.Operation, id string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.store.orders[id]
	if t == nil || t.op != op {
		s.report("", RuleTransID, "GET of a transId that was never given out")
		return missing("Transaction not found")
	}
	now := s.opts.Now()
	return answer{status: http.StatusOK, body: t.show(now), how: s.manner(t, now)}.mangle()
}

// reverse takes a payment or refund back (B.4). number is what the client calls that in
// its own books, "" where it does not say.
func (s *Server) reverse(op payment.Operation, id, number string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.store.orders[id]
	switch {
	case t == nil || t.op != op:
		s.report("", RuleTransID, "DELETE of a transId that was never given out")
		return missing("Transaction not found")
	case t.status != statusPaid && t.status != statusRefunded:
		s.report(t.refID, RuleDelete, "DELETE of what is "+t.status)
		return no(codeBadRequest, "Only a paid transaction can be reversed")
	case t.reversed || t.reversing:
		return no(codeBadRequest, "The transaction is reversed already")
	case t.batch != s.store.batch:
		return no(codeBadRequest, "The batch is closed")
	}
	out := s.nextOutcome(0)
	switch out.Kind {
	case Decline, Cancel, Expire, Refuse:
		return no(codeBadRequest, "The transaction cannot be reversed")
	case Busy:
		return no(codeUnexpected, "Terminal is busy")
	}
	if out.Fault == CloseBefore {
		return answer{how: HangUp}
	}
	s.runReversal(t, number, out)
	return started(out, object{"code": codeOK, "message": "OK"})
}

// closeBatch ends the batch and tells its totals; the members of batchData are
// examples in the protocol text, too (B.6).
func (s *Server) closeBatch() answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.store.running != nil {
		return no(codeUnexpected, "Terminal is busy")
	}
	number, data := s.store.closeBatch()
	return answer{status: http.StatusOK, body: object{"code": codeOK, "message": "OK", "batchNumber": number, "batchData": data}}
}
