// Package ecrhub is the driver for payment terminals that run CodePay Register
// or WiseCashier with "ECR Hub" switched on: JSON messages over a WebSocket on
// the shop's network. The section numbers in comments are those of the protocol
// text.
//
// It speaks dialect G2 and understands what terminals of G3 and of the field
// make of it: success codes "000" and "0", replies without request_id or
// trans_no, biz_data as an empty string, numbers for text and text for numbers,
// text and binary frames, results pushed on a later connection.
//
// What the protocol calls differently:
//
//	merchant_order_no   order number; for void, refund and completion the new one
//	trans_type 1, 11    sale (11: with cashback)
//	trans_type 2        void; trans_type 3 refund
//	trans_type 4        pre-auth; trans_type 6 completion
//	ecrhub.pay.close    asking the terminal to withdraw an order
//	trans_no            reference; ref_no is the trace number
//
// The protocol has no word for a partial approval. An answer over less than
// was asked is an answer that does not match, and the till treats it so.
//
// The network is not encrypted: everybody on it can read what is said here.
package ecrhub
