// Package paycloud is the driver for terminals that are reached through the
// PayCloud platform: CodePay's cloud communication and the cloud mode of SADAD /
// WiseCashier, which are one protocol under two brands, see [CodePay] and [SADAD].
// The till posts signed JSON to the platform, the platform pushes the order to
// the terminal, and the till asks until the order is final. The section numbers
// in comments are those of the protocol text.
//
// What the protocol calls differently:
//
//	merchant_order_no       order number
//	orig_merchant_order_no  the original of a void, refund or completion
//	trans_type 1, 11        sale (11: with cashback)
//	trans_type 2, 5, 7      void (5: of a pre-auth, 7: of a completion)
//	trans_type 3, 8         refund (8: of a completion)
//	trans_type 4, 6         pre-auth, completion
//	trans_status 9, 0       waiting for the customer, processing
//	trans_status 1          declined, cancelled or expired, as trans_error_code says
//	trans_status 2          approved
//	trans_status 3          cancelled: it was paid, and voided since
//	wisehub.cloud.pay.order sending an order; "accepted" is its answer
//	wisehub.cloud.pay.close asking to withdraw an order
//	trans_no                reference; ref_no is the trace number
//	trans_fee_c             surcharge
//
// An answer counts only if the platform's signature over it is good. The setting
// verify=unverified gives that up, and with it what rests on it: no order is sent
// a second time, and "not found" proves nothing.
//
// One thing here exists nowhere else in the program: resend.go may send an order
// again, under its own number, because this platform lets a number be used once.
//
// The protocol has no word for a partial approval. A paid sum that is not the
// one asked for is reported as it was said, and the till takes it for what it
// is: an answer that does not match.
package paycloud
