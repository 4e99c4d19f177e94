# Each target does its own set-up: a virtual environment in .venv with the pinned versions of constraints.txt.
# The first time it needs Python 3.11 or newer, pip and a network; later only when pyproject.toml or constraints.txt has changed.

SHELL := /bin/sh
PYTHON ?=
ARGS ?=
BIN := .venv/bin
READY := .venv/ready
QUICK := $(wildcard tests/units tests/fab tests/alliance tests/test_project.py)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test test-quick test-python validate bench bench-peers lint types imports check setup clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

run: $(READY) ## simulate the Japan-US 2 nm alliance (ARGS="--seed 7" passes options on)
	@$(BIN)/renkei run $(ARGS)

test: $(READY) ## all fast tests
	$(BIN)/python -m pytest $(ARGS)

test-quick: $(READY) ## the tests that need no compiled floor, under a minute
	$(BIN)/python -m pytest $(QUICK) $(ARGS)

test-python: $(READY) ## the smallest floor tests with the kernels run as plain Python
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -m tiny $(ARGS)

validate: $(READY) ## long validation against theory and, where its files are, SMT2020; one table at its end
	$(BIN)/python -m pytest -m slow $(ARGS)

bench: $(READY) ## speed on cases of several sizes (ARGS="--case hvlm --repeat 5" passes options on)
	$(BIN)/python -m benchmarks $(ARGS)

bench-peers: $(READY) ## the same, after installing SimPy, salabim and Ciw to compare with
	$(BIN)/python -c 'import simpy, salabim, ciw' 2>/dev/null || sh tools/setup.sh dev,peers
	$(BIN)/python -m benchmarks $(ARGS)

lint: $(READY) ## style of the source text
	$(BIN)/ruff check src tests tools benchmarks

types: $(READY) ## types, strictly
	$(BIN)/mypy

imports: $(READY) ## which room may import which
	$(BIN)/lint-imports

check: lint types imports ## all three

setup: $(READY) ## only the set-up

clean: ## remove .venv and what the tools left behind; results stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist build
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt tools/setup.sh
	@PYTHON="$(PYTHON)" sh tools/setup.sh
