# The two commands of the README are "run" and "test"; the rest serve them.
#
# Tag "ci" leaves out the only package that needs a C compiler and a display,
# so everything else builds and tests anywhere. Tags "x11,gles" build the real
# window in a tenth of the time that desktop GL takes.

GO      ?= go
GOFLAGS ?= -buildvcs=false
export GOFLAGS

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
WINDOWTAGS  = x11,gles

.PHONY: run cli window test check unit race screen conformance torture bench clean

# Main job: the window in demo mode, or the same day without a display.
run:
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		./installer/setup.sh window && $(MAKE) --no-print-directory window && ./tillkeeper-window gui --demo; \
	else \
		echo "There is no display: running the demo without a window."; \
		./installer/setup.sh cli && $(MAKE) --no-print-directory cli && ./tillkeeper demo --headless; \
	fi

# The program without a window: static, for servers, scripts and tests.
cli:
	CGO_ENABLED=0 $(GO) build -tags ci -o tillkeeper .

window:
	@[ -f tillkeeper-window ] || echo "The first build of the window takes some minutes."
	$(GO) build -tags $(WINDOWTAGS) -o tillkeeper-window .

# Everything that .ci/run runs, in the order of what fails soonest.
test:
	./installer/setup.sh test
	$(MAKE) --no-print-directory check
	$(MAKE) --no-print-directory unit
	$(MAKE) --no-print-directory race
	$(MAKE) --no-print-directory screen

check:
	@files=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$files" ] || { echo "not gofmt'ed: $$files"; exit 1; }
	$(GO) mod verify
	CGO_ENABLED=0 $(GO) vet -tags ci ./...
	CGO_ENABLED=0 GOOS=windows $(GO) vet -tags ci ./...
	CGO_ENABLED=0 GOOS=darwin $(GO) vet -tags ci $$($(GO) list -tags ci ./... | grep -v '^tillkeeper$$') # main needs Apple's SDK
	CGO_ENABLED=0 GOFLAGS="$(GOFLAGS) -tags=ci" $(GO) run $(STATICCHECK) ./...

unit:
	CGO_ENABLED=0 $(GO) test -tags ci ./...

# Pictures are drawn in the unit lane only: under the race detector they take minutes.
race:
	$(GO) test -race -tags ci -timeout 20m ./...

# The real window under a virtual screen: one sale by pointer, one by keys.
screen: window
	./.ci/screen

# Prints the table of all drivers and all scenarios.
conformance:
	@dir=$$(mktemp -d) && trap 'rm -rf $$dir' EXIT && export CGO_ENABLED=0 TILLKEEPER_CONFORMANCE=$$dir && \
		$(GO) test -tags ci -count 1 -run Conformance ./payment/... >&2 && \
		$(GO) test -tags ci -count 1 -run TestTable -v ./payment/drivertest | grep -E '^\||scenarios? in'

# Faults without end: 100,000 random histories per driver, and 1,000 kills of a real process.
# The clouds of CodePay and SADAD take hours, because every message is signed.
# TILLKEEPER_TORTURE_SEED repeats a run.
torture:
	CGO_ENABLED=0 TILLKEEPER_TORTURE_RUNS=$${TILLKEEPER_TORTURE_RUNS:-100000} $(GO) test -tags ci -p 1 -timeout 6h -count 1 -run 'TestTorture' -v ./payment/...
	CGO_ENABLED=0 TILLKEEPER_KILLS=$${TILLKEEPER_KILLS:-1000} $(GO) test -tags ci -timeout 60m -count 1 -run 'TestKilledAtAnyMoment' -v .

bench:
	CGO_ENABLED=0 $(GO) test -tags ci -run '^$$' -bench . -benchmem -count 1 ./...

clean:
	rm -rf tillkeeper tillkeeper-window shots
