# Two commands matter: `make start` and `make test`. `make help` lists them all.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PORT ?= 8080
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
BIN := .venv/bin
UV := $(BIN)/python -m uv pip install --quiet --constraint constraints.txt
DOMAIN := collective.socialterritory
SRC := src/collective/socialterritory
LOCALES := $(SRC)/locales

# Translations are compiled when Zope starts.
export zope_i18n_compile_mo_files = 1
# Hard links from the cache fail, with a warning, when .venv lies on another disk.
export UV_LINK_MODE ?= copy
# Each of the many processes would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help start test lint format i18n chaos bench screenshots clean

help: ## Show this list
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## (.*)/  make \1\t\2/' | expand -t 20

start: ## Install, make a demo site once and serve it on http://localhost:8080/Plone (PORT=8081 for another port)
	@$(PYTHON) scripts/check.py "$(PORT)"
	@$(MAKE) --silent --no-print-directory .venv/.installed
	@$(BIN)/python scripts/start.py $(PORT)

test: .venv/.test ## Run all tests, with the coverage gates: all lines of the pure part, 90 % overall
	@mkdir -p .cache/templates
	CHAMELEON_CACHE=.cache/templates $(BIN)/slipcover -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(or $(PYTEST),tests)
	$(BIN)/python scripts/covered.py
	$(BIN)/coverage report --include="$$($(BIN)/python scripts/pure.py)" --fail-under=100
	$(BIN)/coverage report --fail-under=90 | tail -1

lint: .venv/.lint ## Check style, types, who imports whom, pins and translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports
	$(BIN)/zpretty --check $$(git ls-files '*.zcml' '*.xml' '*.pt')
	$(BIN)/python scripts/check_pins.py
	$(BIN)/python scripts/check_i18n.py
	$(BIN)/python scripts/capabilities.py --check

format: .venv/.lint ## Bring the sources into style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/zpretty -i $$(git ls-files '*.zcml' '*.xml' '*.pt')

i18n: .venv/.lint ## Bring the catalogues up to date with the sources
	mkdir -p $(LOCALES)/{en,fr}/LC_MESSAGES
	touch $(LOCALES)/{en,fr}/LC_MESSAGES/$(DOMAIN).po
	$(BIN)/i18ndude rebuild-pot --pot $(LOCALES)/$(DOMAIN).pot --no-wrap --create $(DOMAIN) $(SRC)
	$(BIN)/i18ndude sync --pot $(LOCALES)/$(DOMAIN).pot --no-wrap $(LOCALES)/*/LC_MESSAGES/$(DOMAIN).po

chaos: .venv/.test ## Run the tests of kills, faults and races with their full counts (long)
	CHAOS=full $(BIN)/pytest tests/chaos tests/browser/test_payloads.py tests/browser/test_comments.py tests/integration/test_link_attacks.py $(PYTEST)

bench: .venv/.test ## Run every benchmark; each prints its ratio and figures
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || missed=1; done; exit $${missed:-0}

screenshots: .venv/.test ## Take the pictures of README and docs again
	$(BIN)/python scripts/screenshots.py

clean: ## Remove everything that was made here, the demo site and its keys included
	rm -rf .venv .cache bin develop-eggs eggs etc parts var .installed.cfg .coverage* htmlcov .*_cache .hypothesis src/*.egg-info \
		$(LOCALES)/*/LC_MESSAGES/*.mo

.venv/bin/uv: ; @$(PYTHON) scripts/check.py
	@echo "Installing, one or two minutes the first time / Installation, une ou deux minutes la première fois"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv

.venv/.installed: setup.py constraints.txt | .venv/bin/uv
	@$(UV) Plone zc.buildout plone.recipe.zope2instance pip setuptools wheel --editable .
	@touch $@

.venv/.test: setup.py constraints.txt | .venv/.installed
	@$(UV) --editable '.[test]'
	@rm -rf .cache/templates # those compiled by other versions
	@touch $@

.venv/.lint: setup.py constraints.txt | .venv/.installed
	@$(UV) --editable '.[lint]'
	@touch $@
