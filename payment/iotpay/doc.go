// Package iotpay is the driver for IOT Pay's semi-integration, channel CC_PAX: the
// till calls a cloud, the cloud drives the PAX terminal, and the answer comes back on
// the same HTTPS call. The section numbers in comments are those of the protocol
// text.
//
// A sale is sent once, as create_order, and never again. If its answer is lost or is
// not final, the driver asks with query_order every two seconds for a minute (§7),
// inside the same Do; after that the outcome is unknown, and the till goes on asking
// for as long as it takes. There is no way to withdraw a sale, to void one, or to
// close a batch: that is done on the terminal. Refunds are off until a technician
// sets path.refund (§8).
//
// What the protocol calls differently:
//
//	mchOrderNo              order number; for a refund mchRefundNo
//	create_order            sale; payType "pay"
//	refund_order            refund; payType "refund"
//	query_order             status query
//	amount                  amount, in minor units of the currency
//	status 2, 3             approved
//	status 9, negative      declined; 9 with a text that says so: cancelled
//	status 4                cancelled ("by the system")
//	status 0, 1, any other  not final
//	retCode, resCode FAIL   refused, before any card
//	payOrderId              reference; channelOrderNo, else transId, is the trace number
//	authNum                 auth code
//	cardType                brand; trxMethod is the entry mode
//	receiptDisp             the text for screen and slip
//	jobNo, loginName        the merchant's login, one for each till and terminal
//
// The protocol has no word for a partial approval, and none for the unit of
// cash-back and surcharge (§5); those are left out. An answer over another sum, in
// another currency or for another order is passed on as it came, for the till to
// find out.
package iotpay
