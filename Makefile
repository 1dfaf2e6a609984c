# `make run` and `make test` set up everything themselves: Python ≥ 3.11 and the package index are enough.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
EXAMPLE ?= tiny
VENV := .venv
BIN := $(VENV)/bin
export DO_NOT_TRACK := 1
export REGULARS_DATA := $(abspath $(or $(REGULARS_DATA),data))

# What an example needs beyond requirements.lock; most need nothing.
LOCK := $(firstword $(wildcard requirements-$(EXAMPLE).lock) requirements.lock)

.PHONY: run test dev lint bench locks clean

run: $(VENV)/.installed-$(LOCK)  ## make the example's files, land, build, audit, publish, report
	$(BIN)/regulars run --example $(EXAMPLE)

test: $(VENV)/.installed-requirements-dev.lock lint  ## lint, dbt unit and data tests, pytest
	$(BIN)/pytest -n 2 --dist loadfile

dev: $(VENV)/.installed-$(LOCK)  ## Dagster's page on http://127.0.0.1:3000
	mkdir -p .dagster && cp dagster.yaml .dagster/
	DAGSTER_HOME=$(CURDIR)/.dagster $(if $(filter command environment,$(firstword $(origin EXAMPLE))),REGULARS_EXAMPLE=$(EXAMPLE)) \
		$(BIN)/dagster dev --host 127.0.0.1 --port $(or $(PORT),3000)

lint: $(VENV)/.installed-requirements-dev.lock  ## Python style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: $(VENV)/.installed-requirements-dev.lock  ## ratios against floors measured in the same run
	$(BIN)/python -m benchmarks

locks: $(VENV)/.installed-requirements-dev.lock  ## resolve anew after a change of pyproject.toml
	$(BIN)/pip install --quiet uv
	for lock in requirements: requirements-complete_journey:--extra=complete_journey requirements-dev:--all-extras; do \
		$(BIN)/uv pip compile pyproject.toml $${lock#*:} --universal --python-version 3.11 --generate-hashes \
			--no-strip-extras --no-header --no-emit-index-url --no-annotate --quiet -o $${lock%%:*}.lock; \
	done

clean:  ## remove what was installed and built; data/ stays
	rm -rf $(VENV) .dagster target

$(VENV)/.installed-%: % pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Regulars needs Python 3.11 or later: set PYTHON=")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
