# Streambell: everything that is done with this repository. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# A Rust that was installed a minute ago is not in every shell's PATH yet.
export PATH := $(PATH):$(HOME)/.cargo/bin

PAGE := ui/dist/index.html
PAGE_SOURCES := $(shell find ui -type d \( -name node_modules -o -name dist -o -name tests \) -prune -o -type f -print)
UI_PACKAGES := ui/node_modules/.package-lock.json
COMPAT_PACKAGES := tests/compat/systems/node_modules/.package-lock.json
PROGRAMS := cargo build --release --locked -p streambell -p streambell-dashboard

.PHONY: run test compat check bench soak herd fuzz deb ui screenshots icons bindings clean help setup-build setup-test

run: setup-build $(PAGE) ## build what is missing and start the demo
	@$(PROGRAMS)
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		exec target/release/streambell --demo; \
	else \
		echo "There is no display (DISPLAY and WAYLAND_DISPLAY are not set), so the demo runs without tray and window and prints its notifications. Ctrl-C ends it."; \
		exec target/release/streambell run --headless --demo --print; \
	fi

test: setup-test $(PAGE) $(COMPAT_PACKAGES) ## run every test: user interface, workspace, end to end
	@.ci/test

compat: setup-test $(COMPAT_PACKAGES) ## run the servers and proxies people have, and say which versions they were
	@.ci/compat

check: setup-build $(PAGE) ## formatting, lints, types, documentation, dependencies, and a clean tree after a build
	@.ci/check

bench: setup-test $(PAGE) ## measure the figures that stand in README.md
	@$(PROGRAMS) -p streambell-tests
	@target/release/streambell-bench
	@node ui/tests/flood.mjs 60 now
	@node ui/tests/flood.mjs 60 feed

SECONDS_OF_SOAK ?= 600
soak: ## fifty streams through faults and kills for ten minutes (SECONDS_OF_SOAK=600): is every event stored once?
	@cargo build --release --locked -p streambell -p streambell-tests
	@target/release/streambell-soak $(SECONDS_OF_SOAK)

herd: ## simulate 100,000 clients that come back after an outage
	@cargo build --release --locked -p streambell-tests --bin streambell-herd
	@target/release/streambell-herd

SECONDS_OF_FUZZ ?= 60
fuzz: ## hostile bytes into the decoder for a minute (SECONDS_OF_FUZZ=60)
	@cargo build --release --locked -p streambell-tests --bin streambell-fuzz
	@target/release/streambell-fuzz $(SECONDS_OF_FUZZ)

deb: setup-build $(PAGE) ## make a package for Debian and Ubuntu
	@$(PROGRAMS)
	@.ci/deb

ui: setup-build $(PAGE) ## build the page that the window shows

screenshots: $(UI_PACKAGES) ## picture every view and form into target/screenshots, and have axe look at each
	@.ci/setup page
	@node ui/tests/screenshots.mjs target/screenshots

icons: ## make every icon file from the drawings in icons/
	@.ci/setup icons
	@.ci/icons

bindings: ## write ui/src/lib/protocol.ts anew from the protocol
	@STREAMBELL_WRITE_BINDINGS=1 cargo test --locked -p streambell-protocol --test typescript

clean: ## remove everything that was built or downloaded into this folder
	cargo clean
	rm -rf ui/dist ui/node_modules tests/compat/systems/node_modules src-tauri/gen

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup-build:
	@.ci/setup build

setup-test:
	@.ci/setup build test

%/node_modules/.package-lock.json: %/package-lock.json | setup-build
	@npm --prefix $* ci --no-audit --no-fund
	@touch $@

$(PAGE): $(UI_PACKAGES) $(PAGE_SOURCES) | setup-build
	@npm --prefix ui run --silent build
	@touch $@
