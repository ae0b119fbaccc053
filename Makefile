# SPDX-License-Identifier: Apache-2.0
# Everything a developer does, from a fresh clone on. `make help` lists it; `PKG="async-channel octobot"` narrows.
# Each target brings about what it needs and skips what is already done (stamp files in .venv).

ALL := async-channel octobot-commons octobot-trading octobot-evaluators octobot-tentacles octobot
PKG ?= $(ALL)

ifneq ($(filter-out $(ALL),$(PKG)),)
$(error unknown package "$(filter-out $(ALL),$(PKG))"; PKG takes $(ALL))
endif

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check install -qq
SAY := @echo "-->"

# What a package is built from: changing one of these installs that package anew, changing a .py file needs nothing.
BUILD_FILES := $(foreach p,$(ALL),$(p)/pyproject.toml $(wildcard $(p)/setup.py)) \
	$(shell find $(addsuffix /src,$(ALL)) -name '*.pyx' -o -name '*.px[di]')

ENVIRONMENT := $(VENV)/.made
INSTALLED := $(VENV)/.installed
DEV_TOOLS := $(VENV)/.dev-tools
WHEEL_TOOLS := $(VENV)/.wheel-tools

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup test test-long bench profiles lint format types layers cov wheels clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo '  PKG="async-channel octobot-trading" narrows test, bench, lint, types, cov and wheels'

run: $(INSTALLED) ## Run the bot on the shipped candles as if they came live, offline, and write its report
	@$(BIN)/octobot run --profile daily_trading --report reports/daily_trading \
		--data octobot/src/octobot/shipped/BTC_USDT-1h_2017-2024.csv.xz

setup: $(INSTALLED) $(DEV_TOOLS) ## Create .venv with the six packages and the tools of development

test: setup ## Run the tests, but for the long ones
	@$(PY) -m pytest -n auto --dist loadfile $(addsuffix /tests,$(PKG))

test-long: setup ## Run the tests marked long
	@$(PY) -m pytest -m long $(addsuffix /tests,$(PKG)) || test $$? -eq 5

bench: setup ## Run the benchmarks and print their tables
	@for file in $(wildcard $(addsuffix /benchmarks/bench_*.py,$(PKG))); do $(PY) $$file || exit 1; done

profiles: setup ## Backtest every shipped profile and write octobot/docs/profiles.md
	@$(PY) .ci/profiles_page.py

lint: setup ## Check style, formatting, metadata, workflows and wheel builds
	@$(BIN)/ruff check -q .ci $(PKG)
	@$(BIN)/ruff format -q --check .ci $(PKG) || { echo "run make format"; exit 1; }
	@$(PY) .ci/check_metadata.py $(PKG)
	@$(BIN)/check-jsonschema -q --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(PY) .ci/check_wheel_builds.py

format: setup ## Put the code into the common format
	@$(BIN)/ruff check -q --fix-only .ci $(PKG)
	@$(BIN)/ruff format -q .ci $(PKG)

types: setup ## Check types strictly, and the stubs against the compiled modules
	@$(BIN)/mypy $(addsuffix /src,$(PKG)) .ci
	@modules=$$($(PY) .ci/compiled_modules.py $(PKG)); test -z "$$modules" || \
		$(BIN)/stubtest --ignore-disjoint-bases --concise --mypy-config-file pyproject.toml $$modules

layers: setup ## Check that packages import downwards only
	@$(BIN)/lint-imports --no-logo --no-cache

cov: setup ## Measure test coverage, compiled modules included, in a separate build
	@PY=$(CURDIR)/$(PY) .ci/coverage.sh $(PKG)

wheels: setup $(WHEEL_TOOLS) ## Build sdists and wheels for each Python found and test them as a user installs them
	@$(PY) .ci/wheels.py $(PKG)

clean: ## Remove everything that these targets made, .venv included
	rm -rf $(VENV) .bench .cov .dist .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache reports
	rm -rf $(foreach p,$(ALL),$(p)/build $(p)/dist $(p)/src/*.egg-info)
	find $(ALL) .ci -name __pycache__ -type d -prune -exec rm -rf {} +
	find $(addsuffix /src,$(ALL)) \( -name '*.so' -o -name '*.pyd' -o -name '*.c' \) -delete

$(ENVIRONMENT):
	@python=$$(.ci/find-python.sh) && "$$python" .ci/check_machine.py && \
		echo "--> creating $(VENV) with $$python" && \
		{ test -x $(PY) || "$$python" -m venv $(VENV); }
	@$(PIP) --upgrade 'pip>=25.1'
	@touch $@

# Cython compares a .c file with its .pyx only, so a changed setup.py (its directives) removes the .c file.
CHANGED = $(strip $(foreach p,$(ALL),$(if $(filter $(p)/%,$?),$(p))))

# One pip command for all that is new: it resolves siblings to these folders and never to their namesakes on the index.
$(INSTALLED): $(BUILD_FILES) | $(ENVIRONMENT)
	$(SAY) "installing $(CHANGED) (what is compiled makes this take up to a minute)"
	@for p in $(dir $(filter %/setup.py,$?)); do find $$p/src -name '*.c' ! -newer $$p/setup.py -delete; done
	@$(PIP) $(addprefix -e ./,$(CHANGED))
	@touch $@

$(DEV_TOOLS): pyproject.toml | $(INSTALLED)
	$(SAY) "installing the tools of development"
	@$(PIP) --group dev
	@touch $@

$(WHEEL_TOOLS): pyproject.toml | $(INSTALLED)
	$(SAY) "installing the tools that build wheels"
	@$(PIP) --group wheels
	@touch $@
