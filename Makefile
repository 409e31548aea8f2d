# Tools are pinned here and installed into .bin/; nothing is installed elsewhere.
GOLANGCI_LINT_VERSION := v2.15.0

GO       ?= go
BIN      := $(CURDIR)/.bin
LINT     := $(BIN)/golangci-lint-$(GOLANGCI_LINT_VERSION)
DIST     := dist
PROGRAMS := installer entra-emulator reference-backend
BUILD    := CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w'
FUZZTIME ?= 20s
BENCH_EDIT_MB ?= 1 10 100
BENCH_EDIT_ROUNDS ?= 5
POWERCUT_TESTS := ^(TestAPowerCut|TestAProgramThatForgets|TestWhatIsFlushed)
EDIT_TOOLS := github.com/mikefarah/yq/v4@v4.53.2 github.com/tomwright/dasel/v3/cmd/dasel@v3.10.1 \
	github.com/getsops/sops/v3/cmd/sops@v3.13.2 filippo.io/age/cmd/age-keygen@v1.2.1

.PHONY: check build test race script golden fmt lint cross system system-windows power suites faults powercut fuzz bench bench-edit wine dist dist-check sign demo clean help

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | expand -t 12

check: lint race cross ## what CI runs first

build: ## the programs, into dist/
	@mkdir -p $(DIST)
	$(BUILD) -o $(DIST)/ $(addprefix ./cmd/,$(PROGRAMS))

test: ## every test that needs no root
	$(GO) test ./...
	$(GO) test -C scripts/azidentity ./...
	$(GO) test -C scripts/textfile ./...
	$(GO) test -C scripts/dist ./...

race: ## the same under the race detector, without the large files (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -short ./...

script: ## one behaviour: make script S=name
	@test -n '$(S)' || { echo 'which one? make script S=name, a file in installer/cli/testdata/script without .txtar'; exit 2; }
	$(GO) test ./installer/cli -count=1 -v -run '^TestScripts?$$/^$(S)$$'

golden: ## rewrites the golden files; read the difference before you commit it
	UPDATE=1 $(GO) test -count=1 ./...

fmt: $(LINT) ## formats every file
	$(LINT) fmt

lint: $(LINT) ## for linux and for windows
	GOOS=linux $(LINT) run --allow-parallel-runners ./...
	GOOS=windows $(LINT) run --allow-parallel-runners ./...
	cd scripts/dist && $(LINT) run --allow-parallel-runners ./...

cross: ## every package and test compiles for each system we name
	@set -e; for target in linux/amd64 linux/arm64 windows/amd64 windows/arm64 darwin/arm64; do \
		echo "cross: $$target"; \
		CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} $(GO) vet ./...; \
	done
	@echo 'cross: linux/amd64, system tests, power cuts, suites, faults and benchmarks'; \
		CGO_ENABLED=0 GOOS=linux GOARCH=amd64 $(GO) vet -tags system,wine,power,suites,bench,faults ./...

system: ## on real systemd, in throw-away machines (root; see .ci/run for the packages)
	scripts/system

system-windows: ## the programs for Windows as services, under Wine (wine wine64 gcc-mingw-w64-x86-64-win32)
	scripts/system-windows

power: ## kills and power cuts at random moments of POWER_RUNS changes, on real systemd (root)
	scripts/power

suites: ## edits of the public suites of JSON, YAML and TOML, judged by other parsers (network once; python3-yaml)
	$(GO) test -tags suites -run '^TestSuite' -count=1 -timeout 10m -v ./installer/document

faults: build ## every system call that writes, failed and killed (FAULTS_RECOVERIES=configure: fewer recoveries)
	EMPOWER_BIN=$(CURDIR)/$(DIST) $(GO) test -tags faults -count=1 -v -timeout 60m -skip '$(POWERCUT_TESTS)' ./scripts/tracer ./scripts/crashtest

powercut: build ## what a power cut leaves after every system call that writes, in a model of the file system (POWERCUT_EVERY=3: fewer recoveries)
	$(GO) test -tags faults -count=1 ./scripts/powercut
	EMPOWER_BIN=$(CURDIR)/$(DIST) $(GO) test -tags faults -count=1 -v -timeout 30m -parallel 4 -run '$(POWERCUT_TESTS)' ./scripts/crashtest

wine: ## the tests and the scripts with the programs for Windows, under Wine (skipped where Wine is not installed)
	scripts/wine ./installer/cli $$($(GO) list ./installer/... ./cmd/... | grep -Ev '/installer$$|/installer/(cli$$|document/)') -- -short
	scripts/wine --run $(GO) test -tags wine -count=1 -v ./scripts/consoletest

dist: ## the packages of a release, into dist/release/ (DIST_TARGETS='linux/amd64 ...': fewer)
	@mkdir -p '$(BIN)'
	$(GO) build -C scripts/dist -o '$(BIN)/dist' .
	'$(BIN)/dist' release . $(DIST)/release

sign: ## signed Windows packages of dist/release/, into dist/signed/ (see the README)
	@mkdir -p '$(BIN)'
	$(GO) build -C scripts/dist -o '$(BIN)/dist' .
	'$(BIN)/dist' sign $(DIST)/release $(DIST)/signed

dist-check: ## two clones give the same packages, which install, are signed and verified
	scripts/dist-check

fuzz: ## each fuzz test for FUZZTIME
	@set -e; for package in $$($(GO) list ./...); do \
		for name in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "fuzz: $$package $$name"; \
			$(GO) test $$package -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x; \
		done; \
	done

bench: ## configure against a shell script, side by side (root)
	SYSTEM_TAGS=system,bench SYSTEM_RUN='^TestBench$$' SYSTEM_SHOW=yes scripts/system ./scripts/systemtest

bench-edit: build ## installer edit against other tools, side by side, on the same files
	@set -e; for tool in $(EDIT_TOOLS); do \
		echo "install $$tool"; GOBIN=$(CURDIR)/.cache/edit-tools CGO_ENABLED=0 $(GO) install $$tool; \
	done
	EMPOWER_BIN=$(CURDIR)/$(DIST) BENCH_EDIT_MB='$(BENCH_EDIT_MB)' BENCH_EDIT_ROUNDS=$(BENCH_EDIT_ROUNDS) BENCH_EDIT_TOOLS=$(CURDIR)/.cache/edit-tools \
		$(GO) test -tags bench -count=1 -v -timeout 60m -run '^TestBenchEdit$$' ./scripts/benchedit

demo: ## the main job on an embedded default; no root, ends with nothing running
	@scripts/demo

clean: ## removes what the targets above made
	rm -rf $(DIST) demo .bin .cache

$(LINT):
	@mkdir -p $(BIN)
	GOBIN=$(BIN) CGO_ENABLED=0 $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	mv $(BIN)/golangci-lint $@
