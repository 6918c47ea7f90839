# Everything one needs:  make ask Q="..."   and   make test

SHELL = /bin/sh
.DEFAULT_GOAL := help
.PHONY: ask serve test check lint weights coverage fix bench conformance help FORCE

# Q may hold any characters. The recipe never contains it: it reaches the program through
# the environment, and $(value) keeps make from expanding what looks like a variable in it.
override Q := $(value Q)
export Q

SETUP := scripts/setup scripts/setup.py scripts/llama.cmake scripts/amx.h pyproject.toml \
         requirements.lock requirements-build.lock

# A .venv belongs to one folder; in a moved clone it is set up anew.
ifneq ($(file <.venv/.setup-place),$(CURDIR))
SETUP += FORCE
endif

ask: .venv/.setup-run  ## ask one question:  make ask Q="..."
	@.venv/bin/pellucid ask -- "$$Q" </dev/null

serve: .venv/.setup-run  ## answer OpenAI's clients on http://127.0.0.1:8000/v1
	@.venv/bin/pellucid serve

TRACED := tests/core tests/agent tests/verify tests/model tests/service tests/engine tests/api
UNTRACED := $(filter-out $(TRACED),$(wildcard tests/test_*.py) $(patsubst %/,%,$(wildcard tests/*/)))
# Tests that mostly compute, and neither time anything closely nor run weights, two at a time.
TWO := -n 2 --dist loadfile
APART := tests/browser tests/evals tests/pictures tests/reader tests/store
TRACED_APART := tests/api tests/core tests/agent tests/verify tests/model tests/service

# Every test runs once: those of `coverage` there, but tests of speed where nothing is traced.
test: .venv/.setup-dev  ## set up what is missing, fetch weights, run all checks and tests
	@$(MAKE) --no-print-directory -j 2 lint weights
	@$(MAKE) --no-print-directory coverage
	@.venv/bin/python -m pytest -q -m speed $(TRACED)
	@.venv/bin/python -m pytest -q $(TWO) $(APART)
	@.venv/bin/python -m pytest $(filter-out $(APART),$(UNTRACED))

check: lint  ## what should pass before every commit, in two to five minutes
	@.venv/bin/python -m pytest -q -m "not weights"

weights: .venv/.setup-dev
	@.venv/bin/pellucid pull --all

lint: .venv/.setup-dev  ## style, types, layers
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

coverage: .venv/.setup-dev  ## core, agent and engine, tested to the last branch
	@.venv/bin/coverage erase
	@.venv/bin/coverage run -m pytest -q -m "not speed" $(TWO) $(TRACED_APART)
	@.venv/bin/coverage run -m pytest -q -m "not speed" $(filter-out $(TRACED_APART),$(TRACED))
	@.venv/bin/coverage combine -q
	@.venv/bin/coverage report

fix: .venv/.setup-dev  ## put style in order
	@.venv/bin/ruff check --fix --quiet .
	@.venv/bin/ruff format --quiet .

bench: .venv/.setup-dev  ## measure speed and accuracy (minutes to hours)
	@.venv/bin/pellucid pull --all
	@.venv/bin/python benchmarks/engine.py
	@.venv/bin/pellucid eval gsm8k reasoning_gym/chain_sum --limit 100 --bare --effort low \
		--effort medium --store

conformance: .venv/.setup-dev  ## public suites of others against the server (ten minutes)
	@.venv/bin/python benchmarks/conformance.py

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/make \1\t\2/p' Makefile

.venv/.setup-run: $(SETUP)
	@scripts/setup run

.venv/.setup-dev: $(SETUP) requirements-dev.lock
	@scripts/setup dev
