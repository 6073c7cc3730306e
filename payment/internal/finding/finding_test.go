package finding_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tillkeeper/payment/internal/finding"
)

type rule string

func TestFindingsAreKeptAndLoggedWithoutCardNumbers(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var log bytes.Buffer
	l := finding.NewList[rule](func() time.Time { return at }, slog.New(slog.NewTextHandler(&log, nil)))
	l.Report("A1", "length", "remarks 4111111111111111")
	l.Report("", "http", "no such path")
	all := l.All()
	if len(all) != 2 || all[0].Order != "A1" || all[0].Rule != "length" || !all[0].Time.Equal(at) || all[1].Detail != "no such path" {
		t.Errorf("findings %v", all)
	}
	if text := all[0].Detail + log.String(); strings.Contains(text, "4111111111111111") || !strings.Contains(text, "1111") {
		t.Errorf("not masked: %s", text)
	}
	if !strings.Contains(log.String(), `level=WARN msg=finding order=A1 rule=length`) {
		t.Errorf("log %s", log.String())
	}
	if l.Clear(); len(l.All()) > 0 {
		t.Error("a cleared list has findings")
	}
}
