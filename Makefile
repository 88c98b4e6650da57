# One line says what each verb does: make help
PYTHON ?= python3
CLIENT ?= northlight
WORKSHOP ?= $(HOME)/readiness-workshop
BIN := .venv/bin
STAMP := .venv/set-up-done
UV := $(shell command -v uv 2>/dev/null)
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help demo test quick workshop bench lock clean lint types contracts tests

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(STAMP) ## Set up what is needed and make the report of an example client (CLIENT=northlight)
	@$(BIN)/readiness report data/examples/$(CLIENT).yaml --out out/$(CLIENT) --as-of 2026-11-23

test: lint types contracts tests ## Run every check: lint, types, import contracts, doctests, tests, laws, notebooks, the wheel

quick: lint types contracts ## The same in three minutes: without the tests that are slow or need a browser or an office
	$(PYTEST) -n 2 -q --ignore=tests/benchmarks -m "not slow and not browser and not office"

workshop: $(STAMP) ## Copy an example client out of the tree (CLIENT=northlight) and open the workshop with it
	@mkdir -p "$(WORKSHOP)/$(CLIENT)/journal"
	@test -e "$(WORKSHOP)/$(CLIENT)/engagement.yaml" || cp data/examples/$(CLIENT).yaml "$(WORKSHOP)/$(CLIENT)/engagement.yaml"
	@echo "The workshop's copy of the client lies in $(WORKSHOP)/$(CLIENT)"
	@$(BIN)/readiness workshop "$(WORKSHOP)/$(CLIENT)"

bench: $(STAMP) ## Measure speed, each figure beside what it is compared with
	$(PYTEST) tests/benchmarks -o addopts="--import-mode=importlib -p no:cacheprovider -p no:xdist" --benchmark-only

lock: ## Write requirements.lock anew: newest versions, with hashes (needs uv)
	@test -n "$(UV)" || { echo "make lock needs uv: https://docs.astral.sh/uv/"; exit 1; }
	"$(UV)" pip compile --universal --python-version 3.11 --generate-hashes --all-extras --no-annotate --upgrade \
	  --custom-compile-command "make lock" --no-emit-index-url --quiet pyproject.toml -o requirements.lock

clean: ## Remove reports, builds and caches (the set-up stays; it is .venv)
	rm -rf out reports build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks .import_linter_cache .coverage
	find readiness tests -name __pycache__ -type d -prune -exec rm -rf {} +

lint: $(STAMP)
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

contracts: $(STAMP)
	$(BIN)/lint-imports --no-logo

tests: $(STAMP)
	$(PYTEST) -n 2 -q --ignore=tests/benchmarks

# Exact versions with hashes; the package itself is built by the hatchling that the lock brought, so nothing else is fetched.
$(STAMP): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Setting up .venv: once, and again only when requirements.lock or pyproject.toml change"
ifneq ($(UV),)
	@test -x $(BIN)/python || "$(UV)" venv --quiet --python "$(PYTHON)" .venv
	@"$(UV)" pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@"$(UV)" pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv .venv || { echo "No virtual environment could be made: install python3-venv, or uv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $@
