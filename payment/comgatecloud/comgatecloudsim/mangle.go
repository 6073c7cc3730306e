package comgatecloudsim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
)

// mangle changes what an answer says, for the manners that are about content.
func (a answer) mangle() answer {
	b := maps.Clone(a.body)
	switch a.how {
	case Empty:
		b = object{"code": codeOK, "message": "OK"}
	case NoCode:
		delete(b, "code")
	case ErrorCode:
		b = object{"code": codeUnexpected, "message": "Unexpected error"}
	case Contradictory:
		b["code"], b["message"] = codeUnexpected, "Unexpected error"
	case Numbers:
		b = swapped(b)
	case NotFound:
		a.status = http.StatusNotFound
		b = object{"code": codeBadRequest, "message": "Transaction not found"}
	case Pending, StatusError, OddStatus:
		b["status"] = map[Reply]string{Pending: statusPending, StatusError: statusError, OddStatus: "SETTLING"}[a.how]
		delete(b, "cardNumber")
	case WrongOrder:
		b["refId"], b["transId"] = "OTHER0001", "ZZ99-ZZ99-ZZ99"
	case WrongAmount:
		if price, ok := b["price"].(int64); ok {
			b["price"] = price + 1
		}
	case WrongCurrency:
		if b["curr"] == "EUR" {
			b["curr"] = "CZK"
		} else {
			b["curr"] = "EUR"
		}
	case CardNumber:
		b["cardNumber"], b["message"] = cardNumber, "OK "+cardNumber
	}
	a.body = b
	return a
}

// swapped says numbers as text and texts of digits as numbers.
func swapped(b object) object {
	out := object{}
	for key, value := range b {
		text := fmt.Sprint(value)
		switch value.(type) {
		case string:
			out[key] = value
			if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text {
				out[key] = json.Number(text)
			}
		default:
			out[key] = text
		}
	}
	return out
}
