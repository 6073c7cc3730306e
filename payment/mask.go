package payment

import "strings"

// Mask cuts everything in text that looks like a full card number down to stars and
// its last four digits: 13 to 19 digits, single spaces or dashes between them
// allowed, that pass the Luhn check. All text from terminals and from people passes
// through it before it reaches disk, screen or log.
//
// Every sequence of whole groups is looked at, so a number is found beside other
// figures ("table 5 4111 1111 1111 1111"). One unbroken run of more than 19 digits
// is left alone: gateway transaction numbers have 22.
//
// What is left by masking is looked at again: the last four digits that stay may
// join the figures behind them. So masking twice changes nothing.
func Mask(text string) string {
	for mayHoldCard(text) {
		masked := maskOnce(text)
		if masked == text {
			break
		}
		text = masked
	}
	return text
}

func maskOnce(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			b.WriteByte(text[i])
			i++
			continue
		}
		end := cardAt(text, i)
		if end < 0 {
			end = groupEnd(text, i)
			b.WriteString(text[i:end])
		} else {
			number := onlyDigits(text[i:end])
			b.WriteString(strings.Repeat("*", len(number)-4) + number[len(number)-4:])
		}
		i = end
	}
	return b.String()
}

// LastFour returns the last four digits of a masked or full card number, or ""
// where it does not end in four digits.
func LastFour(card string) string {
	card = strings.TrimSpace(card)
	if len(card) < 4 || !digits(card[len(card)-4:]) {
		return ""
	}
	return card[len(card)-4:]
}

// mayHoldCard is the cheap look that spares most texts the work.
func mayHoldCard(text string) bool {
	n := 0
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			n++
		}
	}
	return n >= 13
}

// cardAt returns the end of the longest card number made of whole groups of digits
// from i on, or -1.
func cardAt(text string, i int) int {
	found, count := -1, 0
	for start := i; ; {
		end := groupEnd(text, start)
		count += end - start
		if count > 19 {
			return found
		}
		if count >= 13 && luhn(onlyDigits(text[i:end])) {
			found = end
		}
		if end+1 >= len(text) || (text[end] != ' ' && text[end] != '-') || !isDigit(text[end+1]) {
			return found
		}
		start = end + 1
	}
}

func groupEnd(text string, i int) int {
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i
}

func onlyDigits(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if isDigit(text[i]) {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func luhn(number string) bool {
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
