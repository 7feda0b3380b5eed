# Recipes only; everything that decides anything is Python. `make help` lists them.

PYTHON ?= python3
BIN := .venv/bin
SLICE ?= metadata/security-copilot.toml
# The stamp is newer than everything that setup reads, so a second `make run` starts nothing it does not need.
STAMP := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help setup run test lint types format generate check build bench conformance interop regenerate fetch trim diff map lock-requirements clean browser-test kill-test docs

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

setup: $(STAMP) ## make .venv with everything pinned and hashed

$(STAMP): requirements/dev.txt pyproject.toml generator/pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-index --no-build-isolation -e . -e generator
	touch $(STAMP)

run: setup ## regenerate the client, start the emulator, rename a session through the client (LIVE=1: on Graph itself)
	$(BIN)/graphslice generate $(SLICE)
	$(BIN)/python examples/rename_session.py

test: setup ## every test
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: setup ## ruff, formatting, and what may import what
	$(BIN)/ruff check .
	$(BIN)/ruff format --check generator tests bench examples
	$(BIN)/lint-imports --config pyproject.toml

types: setup ## mypy --strict on generator and client, pyright strict on the client
	$(BIN)/mypy generator/graphslice
	$(BIN)/mypy generated/msgraph_security_copilot
	$(BIN)/basedpyright

format: setup ## repair what ruff can repair (never below generated/)
	$(BIN)/ruff check --fix generator tests bench examples
	$(BIN)/ruff format generator tests bench examples

generate: setup ## metadata/ + slice -> generated/
	$(BIN)/graphslice generate $(SLICE)

check: setup ## is generated/ exactly what the inputs give?
	$(BIN)/graphslice check $(SLICE)

build: setup ## wheels and source distributions of client and generator, in dist/
	$(BIN)/python -m build --no-isolation --outdir dist .
	$(BIN)/python -m build --no-isolation --outdir dist generator

bench: setup ## benchmarks beside the named peers, in the same run
	$(BIN)/python -m bench

conformance: setup ## compare the client's public surface with the published package's (installed apart)
	$(BIN)/python -m tests.contract.conformance

interop: setup ## run the client against the libraries it must live with, each in an environment of its own
	$(BIN)/python -m tests.contract.interop

fetch: setup ## get the newest description that the slice names
	$(BIN)/graphslice fetch $(SLICE)

trim: setup ## cut the slice's metadata from the fetched description
	$(BIN)/graphslice trim $(SLICE)

diff: setup ## what the metadata of the working tree changes for users, against HEAD
	$(BIN)/graphslice diff HEAD $(SLICE)

regenerate: setup ## the weekly routine: fetch, trim, diff, generate, check, test
	$(BIN)/graphslice fetch $(SLICE)
	$(BIN)/graphslice trim $(SLICE)
	$(BIN)/graphslice diff HEAD $(SLICE)
	$(BIN)/graphslice generate $(SLICE)
	$(BIN)/graphslice check $(SLICE)
	$(BIN)/python -m pytest -n 2 --dist loadgroup

kill-test: setup ## SIGKILL at 200 moments each of generate, trim and fetch
	GRAPHSLICE_KILLS=200 $(BIN)/python -m pytest -n 2 tests/writing/test_killed_commands.py

browser-test: setup ## the HTML pages in a headless Chromium (a Chromium of the system is needed)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/browser.txt
	$(BIN)/python -m pytest tests/cli/test_pages.py

docs: setup ## write the tables of the documentation that follow from the code
	$(BIN)/python -m tests.docs.tables

map: setup ## the client's tree as a page: .build/map.html
	mkdir -p .build
	$(BIN)/graphslice map $(SLICE) --html .build/map.html

lock-requirements: setup ## pin the newest versions of everything in requirements/dev.txt (needs `uv`)
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--all-extras --upgrade pyproject.toml generator/pyproject.toml requirements/dev.in -o requirements/dev.txt
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		-c requirements/dev.txt --upgrade requirements/browser.in -o requirements/browser.txt

clean: ## remove what the recipes made (never the sources, never generated/)
	rm -rf .venv .build dist
