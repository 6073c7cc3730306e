package iotpay_test

import (
	"strings"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/iotpay/iotpaysim"
)

func TestRefund(t *testing.T) {
	options := iotpaysim.Options{Refund: true, RefundQuery: true, Layout: iotpaysim.Nested}
	in(t, setup{sim: options}, func(t *testing.T, r *rig) {
		paid := r.must(sale("A1", "10.00"), payment.Approved)
		part := refund("R1", "A1", "4.00", paid.Facts.Reference)
		if res := r.must(part, payment.Approved); res.Number != "R1" || res.Facts.Reference != "" || !res.Facts.Amounts.Amount.Equal(cad("4.00")) {
			t.Errorf("%+v", res)
		}
		if res := r.Shows(part, payment.Approved); res.Operation != payment.Refund || res.Number != "R1" || res.Facts.Reference == paid.Facts.Reference {
			t.Errorf("%+v", res)
		}
		if res := r.must(refund("R2", "A1", "7.00", paid.Facts.Reference), payment.Declined); res.Code != payment.CodeHostRefusedRefund {
			t.Errorf("%+v", res)
		}
		r.must(refund("R3", "A1", "6.00", ""), payment.Approved) // the gateway is asked for its number
		r.wantCharges("A1 sale 10.00 CAD", "R1 refund 4.00 CAD", "R3 refund 6.00 CAD")
	})
}

func TestRefundsThatCannotBeAskedAbout(t *testing.T) {
	in(t, setup{sim: iotpaysim.Options{Refund: true, Layout: iotpaysim.Nested}, settings: map[string]string{"not_found_proves": "on"}}, func(t *testing.T, r *rig) {
		paid := r.must(sale("A1", "10.00"), payment.Approved)
		r.sim.Script(iotpaysim.Outcome{Fault: iotpaysim.CloseAfter}, iotpaysim.Outcome{Reply: iotpaysim.SystemError})
		req := refund("R1", "A1", "4.00", paid.Facts.Reference)
		res, err := r.Run(req)
		drivertest.WantUnknown(t, res, err, payment.CodeLinkLost)
		if _, err := r.Status(t.Context(), req); payment.CodeOf(err) != payment.CodeCannotAsk {
			t.Errorf("status: %v", err)
		}
		res, err = r.Run(refund("R2", "A1", "4.00", paid.Facts.Reference))
		drivertest.WantUnknown(t, res, err, payment.CodeHostFault)
		if len(r.heard("refund_order")) != 2 {
			t.Errorf("sent %d refunds", len(r.heard("refund_order")))
		}
	})
	in(t, setup{sim: iotpaysim.Options{Refund: true, Layout: iotpaysim.Flat}}, func(t *testing.T, r *rig) {
		r.must(sale("A1", "10.00"), payment.Approved)
		_, err := r.Run(refund("R1", "A1", "4.00", "")) // a flat answer has no payOrderId
		drivertest.WantNotSent(t, err, payment.CodeOriginalNotFound)
	})
}

func TestCapabilities(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		c := r.Capabilities()
		if c.Can(payment.Refund) || c.SwitchedOff[payment.Refund] != "path.refund=refund_order" || c.Cancel || c.BatchClose || c.Tip || c.NotFoundProves || c.Limit != 3*time.Minute {
			t.Errorf("%+v", c)
		}
		_, err := r.Run(refund("R1", "A1", "4.00", "CP1"))
		drivertest.WantNotSent(t, err, payment.CodeUnsupported)
		long := sale(strings.Repeat("A", 31), "1.00")
		_, err = r.Run(long)
		drivertest.WantNotSent(t, err, payment.CodeBadParameter)
	})
	in(t, setup{settings: map[string]string{"path.refund": "refund_order", "tip": "on", "not_found_proves": "on"}}, func(t *testing.T, r *rig) {
		c := r.Capabilities()
		if !c.Can(payment.Refund) || c.SwitchedOff != nil || !c.Tip || !c.NotFoundProves || c.Limit != 10*time.Minute {
			t.Errorf("%+v", c)
		}
		tipped := sale("A1", "10.00")
		tipped.Order.Asked.Tip = cad("1.50")
		if res := r.must(tipped, payment.Approved); !res.Facts.Amounts.Tip.Equal(cad("1.50")) {
			t.Errorf("%+v", res.Facts)
		}
		r.wantCharges("A1 sale 11.50 CAD")
	})
}
