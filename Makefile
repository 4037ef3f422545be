# Every target is one short script in .ci/. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help run test unit wire interop browser image-test bench bench-quick lint fmt install packages clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

run: ## install what is missing, build a release, start the server (PORT=9000, ARGS="--config samepage.yaml")
	@.ci/start $(ARGS)

test: ## install what the tests need and run every test
	@.ci/test unit wire interop browser

unit: ## the Swift tests alone (ARGS="--filter Room")
	@.ci/test unit $(ARGS)

wire: ## the tests of hostile bytes against the running server alone (ARGS="deadline origin": as with browser)
	@.ci/test wire $(ARGS)

interop: ## the tests with a real Prosody and a real ejabberd alone (ARGS="prosody remote kick")
	@.ci/test interop $(ARGS)

browser: ## the tests in a real Chromium alone (ARGS="phone strophe": only names with one of these words)
	@.ci/test browser $(ARGS)

image-test: ## build the container images and try them (docker or podman, else buildah as root; not part of test)
	@.ci/image-test

bench: ## ours beside Prosody, ejabberd and a bare broadcast server: the whole table (ARGS="--scenario connect --server samepage")
	@.ci/bench run $(ARGS)

bench-quick: ## a minute that fails when fan-out or join storm has become slow, measured by the broadcast server of the same run
	@.ci/bench quick $(ARGS)

lint: ## check the format, the import rule and the forbidden patterns
	@.ci/lint

fmt: ## format the Swift sources in place
	@.ci/fmt

install: ## install the program and the widget's files below PREFIX (/usr/local)
	@.ci/install-prefix

packages: ## install the Debian packages that building and testing need
	@.ci/install build test

clean: ## remove what was built (the data directory stays)
	rm -rf .build Tests/Browser/screenshots
