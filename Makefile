# `make run` opens the workbench, `make test` runs every test. Both set up what they need first; see README.md.
# PYTHON=python3.12 chooses the interpreter; VENV=.venv-x another environment.

VENV ?= .venv
BIN := $(VENV)/bin
ANY_PYTHON := $(shell command -v python3 || command -v "$(PYTHON)")
NEEDED = $(or $(ANY_PYTHON),$(error There is no python3 here. The workbench needs Python 3.11, 3.12 or 3.13))
SETUP = $(NEEDED) packaging/setup_env.py --venv $(VENV)
OFFSCREEN := QT_QPA_PLATFORM=offscreen

.PHONY: run test test-quick setup check format test-no-qt test-all lock screenshots bench cluster lint-effects reliability package clean help

run: ## open the window on the sample project (without a display: the sample conversation in the terminal)
	@$(SETUP) run
	@$(BIN)/workbench $(ARGS)

test: setup ## every test and check, offscreen; ARGS="-k approval" chooses tests and leaves out the checks
	@$(OFFSCREEN) $(BIN)/python packaging/run_tests.py $(ARGS)

test-quick: setup ## what needs no window and no child process; ARGS as for test
	@$(BIN)/python packaging/run_tests.py quick $(ARGS)

setup: ## the environment only, with everything for development
	@$(SETUP) dev

check: setup ## lint, format, types, floors, house words, commit subjects
	@$(BIN)/python packaging/check.py

format: setup ## let ruff rewrite what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

test-no-qt: setup ## what must pass where Qt is not installed
	@$(BIN)/python -m pytest -p tests.support.without_qt -p no:pytest-qt tests/unit tests/flows tests/contract $(ARGS)

test-all: ## every test, under every supported Python on this machine
	@$(NEEDED) packaging/test_all.py

lock: setup ## resolve the dependencies again and write packaging/locks
	@$(BIN)/python packaging/lock.py $(ARGS)

screenshots: setup ## pictures of the window into build/screenshots
	@$(OFFSCREEN) $(BIN)/python packaging/screenshots.py $(or $(ARGS),build/screenshots)

bench: setup ## every measurement, into BENCHMARKS.md and README.md, in about ten minutes; ARGS="--only P1" prints some
	@$(BIN)/python packaging/bench.py $(or $(ARGS),--write)

cluster: setup ## a Dask cluster of two workers on this machine, for `suite run --on dask://127.0.0.1:8786`; ARGS="--workers 4"
	@$(BIN)/python packaging/cluster.py $(ARGS)

lint-effects: setup ## what the smells that lint rules look for do to the local model's choices, in about ten minutes
	@$(BIN)/python packaging/lint_effects.py $(ARGS)

reliability: setup ## what was tried and what survived, goal by goal, in about ten minutes; ARGS=--quick
	@$(BIN)/python packaging/reliability.py $(ARGS)

package: setup ## a wheel into dist/, and a folder that starts without Python
	@$(BIN)/python packaging/build_package.py

clean: ## remove everything that was made here
	@rm -rf .venv .venv-* build dist .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | column -t -s "$$(printf '\t')"
