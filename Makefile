# The only list of commands. `make` alone prints it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
NAME ?=
ARGS ?=
DEMO ?=
SCOPES ?=
SUBJECT ?=
MEMBER ?=
CLIENT ?=
SEEDS ?= 20000
# The broker, and what of Erlang it starts with; unpacked, not installed.
RABBITMQ := rabbitmq-server libsctp1 $(addprefix erlang-,base asn1 crypto eldap ftp inets mnesia os-mon parsetools public-key runtime-tools snmp ssl syntax-tools tftp tools xmerl)
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: .venv/demo ## everything on this machine, a real year of orders through it (DEMO="--once --weeks 4")
	@$(BIN)/python -m local.demo $(DEMO)

test: native check browser tools ## lint, types, and every test, on real servers
	$(BIN)/python -m pytest -q -n 2 -m "not end_to_end"
	PURE_PYTHON=1 $(BIN)/python -m pytest -q -n 2 tests/rules tests/schemas tests/simulation tests/agents
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m end_to_end tests/contracts
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m end_to_end --ignore tests/browser --ignore tests/contracts
	$(BIN)/python -m pytest -q tests/browser

check: .venv/dev ## lint, format, types, the API's own style: seconds
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/style

up: .venv/local ## servers, worker, sinks and API in the background; addresses in .local/stack.json
	@$(BIN)/python -m local up

down: ## stop what `make up` started
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m local down; fi

worker: .venv/local ## the worker in the foreground: engine and sinks, settings from the environment
	@exec $(BIN)/python -m streams

api: .venv/local ## the API in the foreground, settings from the environment
	@exec $(BIN)/python -m api

jobs: .venv/demo ## one job: make jobs NAME=create-topics ARGS="--repair"; without NAME lists them
	@$(BIN)/python -m jobs $(NAME) $(ARGS)

browser: .venv/dev ## a headless Chromium for the browser tests: the system's package, else Playwright's own
	@command -v chromium chromium-browser google-chrome >/dev/null \
	  || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
	  || $(BIN)/python -m playwright install chromium

tools: ## promtool for the tests of alerts, RabbitMQ for those of bridges: out of Debian's packages
	@command -v promtool >/dev/null || test -x .tools/usr/bin/promtool \
	  || { command -v apt-get >/dev/null && mkdir -p .tools && cd .tools && rm -f prometheus_*.deb \
	    && { apt-get download -qq prometheus 2>/dev/null || { apt-get update -qq && apt-get download -qq prometheus; }; } \
	    && dpkg-deb -x prometheus_*.deb . && rm -f prometheus_*.deb; } \
	  || { command -v go >/dev/null && GOBIN="$$PWD/.tools/usr/bin" go install github.com/prometheus/prometheus/cmd/promtool@v0.316.0; } \
	  || echo "promtool could not be had: the tests of alerts that run it are skipped, and counted" >&2
	@test -d .tools/rabbitmq/usr \
	  || { command -v apt-get >/dev/null && rm -rf .tools/debs && mkdir -p .tools/debs && cd .tools/debs \
	    && { apt-get download -qq $(RABBITMQ) 2>/dev/null || { apt-get update -qq && apt-get download -qq $(RABBITMQ) 2>/dev/null; }; } \
	    && for deb in *.deb; do dpkg-deb -x $$deb ../rabbitmq.draft || exit 1; done && cd .. && mv rabbitmq.draft rabbitmq && rm -rf debs; } \
	  || echo "RabbitMQ could not be had: the tests of bridges that need it are skipped, and counted" >&2

pictures: browser ## the documentation's pictures of the console, made by its tests
	SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -q tests/browser

native: .venv/dev ## compile the codec and the rules (worker and jobs use them if they are there)
	@$(BIN)/python -m native

bench: native .quix/done ## measure, beside the yardsticks; writes benchmarks/results/
	@$(BIN)/python -m benchmarks $(ARGS)

# Pieces of the fault suite, the longest before the others: `make -j 3 faults` runs three at a time.
FAULT_MODULES := fuzzing processes sinks clocks splits requests
FAULT_MODULES += $(filter-out $(FAULT_MODULES),$(sort $(patsubst tests/faults/test_%.py,%,$(wildcard tests/faults/test_*.py))))
FAULT_PIECES := $(wordlist 1,3,$(FAULT_MODULES)) simulation end_to_end $(wordlist 4,99,$(FAULT_MODULES)) contracts short

faults: $(FAULT_PIECES:%=.faults/%.xml) ## the fault suite: SEEDS of simulation, then real servers (make -j 3 faults); writes docs/faults.md and .json; FAULTS_SHARE=0.1 for a tenth of the counts
	$(BIN)/python -m tests.faults.summary $^

# Of folders that `make test` runs whole: the tests that a row names; of the simulation everything, at more seeds.
FAULT_NAMED = $(shell $(BIN)/python -m tests.faults.named $(1))
.faults/simulation.xml: FAULT_TESTS = -n 2 tests/simulation
.faults/short.xml: FAULT_TESTS = -n 2 -m "not end_to_end" $(call FAULT_NAMED,tests/agents tests/contracts tests/delivery tests/dispatching tests/routes tests/rules tests/schemas)
.faults/end_to_end.xml: FAULT_TESTS = $(call FAULT_NAMED,tests/end_to_end)
.faults/contracts.xml: FAULT_TESTS = -m end_to_end $(call FAULT_NAMED,tests/contracts)
.faults/%.xml: FAULT_TESTS = tests/faults/test_$*.py

# A piece that fails is told, and the others go on: the summary says what came of all.
.faults/%.xml: native
	@mkdir -p .faults && rm -f $@ && echo "faults: $* begins; .faults/$*.log"
	@MAKEFLAGS= SIMULATION_SEEDS=$(SEEDS) FAULTS=1 $(BIN)/python -m pytest -q --timeout 3600 --junitxml $@ $(FAULT_TESTS) > .faults/$*.log 2>&1 || tail -n 40 .faults/$*.log
	@echo "faults: $*: $$(tail -n 1 .faults/$*.log)"

token: .venv/local ## a short-lived access token: make token SCOPES="members:read" SUBJECT=marketing [MEMBER=…] [CLIENT=…]
	@$(BIN)/python -m local.issuer --scopes "$(SCOPES)" --subject "$(SUBJECT)" --member "$(MEMBER)" --client "$(CLIENT)"

lock: .venv/dev ## compile the hash-locked requirements anew
	for set in base bridges native local demo dev; do \
	  case $$set in base) extras="";; bridges) extras="--extra bridges";; native) extras="--extra native";; local) extras="--extra local";; demo) extras="--extra local --extra demo";; dev) extras="--all-extras";; esac; \
	  $(BIN)/uv pip compile pyproject.toml $$extras --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-emit-index-url --quiet -o requirements/$$set.txt; \
	done
	$(BIN)/uv pip compile benchmarks/quix.in --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url --quiet -o requirements/quix.txt

sbom: .venv/dev ## the parts of the image as CycloneDX: dist/sbom.json
	@mkdir -p dist
	$(BIN)/cyclonedx-py requirements --output-reproducible --of JSON -o dist/sbom.json requirements/base.txt

licences: .venv/dev ## docs/licences.md anew, from the packages that are installed
	$(BIN)/python -m jobs write-licences

audit: .venv/dev ## known weaknesses of every locked package; asks an advisory service
	for set in base bridges native local demo; do \
	  $(BIN)/pip-audit --disable-pip --require-hashes --progress-spinner off -r requirements/$$set.txt || exit 1; \
	done

secrets: .venv/dev ## keys and passwords in what git tracks; .secrets.baseline holds what is none
	git ls-files -z -- ':!requirements' ':!tests' ':!*/vendor/*' ':!.secrets.baseline' \
	  | xargs -0 $(BIN)/detect-secrets-hook --baseline .secrets.baseline

version: .venv/dev ## whether a tag, the package, the chart and the changelog name one version
	$(BIN)/python -m jobs release-notes --tag "$$(git describe --tags --exact-match)" >/dev/null

notes: .venv/dev ## what the changelog says of this version: dist/notes.md
	@mkdir -p dist
	$(BIN)/python -m jobs release-notes > dist/notes.md

package: .venv/dev ## the chart, packed by Helm: dist/
	@mkdir -p dist
	$(BIN)/python -c "from helm_python import Chart; print(Chart.load('deploy/helm/regulars').save('dist'))"

image: ## the container image, the same for the same commit: regulars:VERSION
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) docker buildx build -f deploy/Dockerfile \
	  --build-arg SOURCE_DATE_EPOCH --build-arg REVISION=$$(git rev-parse HEAD) --build-arg VERSION=$(VERSION) \
	  --output type=docker,name=regulars:$(VERSION),rewrite-timestamp=true .
client: .venv/dev ## the typed Python client, written anew from the OpenAPI document
	PYTHONPATH=. PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/python clients/generate.py

clean: down ## stop the stack and remove its data
	rm -rf .local

# A bigger set of packages holds the smaller ones: dev, then demo, then local.
.venv/dev: requirements/dev.txt
	@$(call install,dev)
	@touch .venv/local .venv/demo .venv/dev

.venv/demo: requirements/demo.txt
	@$(call install,demo)
	@touch .venv/local .venv/demo

.venv/local: requirements/local.txt
	@$(call install,local)
	@touch .venv/local

# A yardstick that wants an older client of Kafka than we have.
.quix/done: requirements/quix.txt
	@echo "installing packages (quix), once" >&2
	@test -x .quix/bin/python || $(PYTHON) -m venv .quix
	@.quix/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/quix.txt
	@touch .quix/done

define install
test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
  || { echo "Python 3.11 to 3.13 is needed; found: $$($(PYTHON) --version 2>&1). Set PYTHON=…"; exit 1; }; \
echo "installing packages ($(1)), once" >&2; \
test -x $(BIN)/python || $(PYTHON) -m venv .venv; \
$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(1).txt
endef

.PHONY: help demo test check up down worker api jobs browser tools pictures native bench faults token lock sbom licences audit secrets version notes package image clean
