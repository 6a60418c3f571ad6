# Two commands are the whole set-up: `make demo` and `make test`. Both need only Python 3.11+.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo serve test check wheel bench mutate docs clean

help:  ## say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"shopwire needs Python 3.11 or newer, this is %s: make PYTHON=python3.11 ..." % sys.version[:6])'
	@$(PYTHON) -m venv .venv
	@# pip before 25.1 has no --group.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade \
		--constraint constraints.txt pip setuptools
	@echo "Installing shopwire and what it needs into .venv (about a minute, once) ..."
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --constraint constraints.txt \
		--editable . --group dev
	@touch $@

demo: .venv/ready  ## crawl the bundled newsroom and show what came of it
	@$(BIN)/python -m tests.newsroom.demo

serve: .venv/ready  ## open the store in Datasette
	@$(BIN)/shopwire serve

test: .venv/ready  ## run the tests
	$(BIN)/python -m pytest -n auto

check: .venv/ready  ## lint, types, known vulnerabilities and tests, as CI runs them
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python .ci/audit.py
	$(BIN)/python -m pytest -n auto

wheel: .venv/ready  ## build the wheel in dist/; two builds of one commit are the same, byte for byte
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --wheel --no-isolation

docs: .venv/ready  ## write the reference pages from the code
	$(BIN)/python -m docs.generate

bench: .venv/ready  ## run the benchmarks and write docs/performance.md (SHOPWIRE_BENCH_DATA: real pages)
	$(BIN)/python -m bench.performance

mutate: .venv/ready  ## change the code in one place at a time, and see whether the tests notice (hours)
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --group mutate
	$(BIN)/python -m bench.mutants

clean:  ## remove what the other targets made, but never a store
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
