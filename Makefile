# Two commands matter: `make demo` to look around, `make test` to prove it. Both install what they need and can be run
# again at once, and beside each other.
SHELL := /bin/bash
.DELETE_ON_ERROR:
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
ARGS ?=
CATALOGUES := $(wildcard src/meldloket/web/locale/*/LC_MESSAGES/django.po)

.PHONY: demo test unit journeys lint lock assets messages clean

demo: $(VENV)/.sandbox build/assets/.done
	@scripts/ensure_pango.sh $(BIN)/python
	@exec $(BIN)/meldloket demo --port $(PORT) $(ARGS)

test: $(VENV)/.test build/assets/.done
	@scripts/ensure_pango.sh $(BIN)/python
	@scripts/ensure_chromium.sh
	@$(BIN)/python scripts/run_tests.py $(ARGS)

unit: $(VENV)/.test
	@$(BIN)/python -m pytest -n 2 --dist loadfile tests/unit tests/domain -q $(ARGS)

lint: $(VENV)/.test
	@$(BIN)/python scripts/run_tests.py --only-lint

assets: build/assets/.done

build/assets/.done: package.json package-lock.json scripts/build_assets.py scripts/messages.py $(CATALOGUES) $(VENV)/.sandbox
	@$(BIN)/python scripts/build_assets.py
	@$(BIN)/python scripts/messages.py compile
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Meldloket needs Python 3.11 or newer.")'
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: install python3-venv."; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check "uv==0.13.9"

$(VENV)/.sandbox: requirements/runtime.txt requirements/sandbox.txt pyproject.toml | $(VENV)/bin/python
	@scripts/install.sh $(VENV) requirements/runtime.txt requirements/sandbox.txt
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.sandbox
	@scripts/install.sh $(VENV) requirements/runtime.txt requirements/sandbox.txt requirements/test.txt
	@touch $@

# New texts into the translations; then translate them and run this again with `check` or `make test`.
messages: $(VENV)/.test
	@$(BIN)/python scripts/messages.py update

# Newer versions within the bounds of the .in files; hashes, and no addresses.
lock: | $(VENV)/bin/python
	@for name in runtime sandbox test; do (cd requirements && ../$(BIN)/uv pip compile -q --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 --universal $$name.in -o $$name.txt); done

clean:
	rm -rf build .mypy_cache .ruff_cache .pytest_cache
