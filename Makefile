# `make run` starts the dashboard, `make test` runs every test. Needs Python 3.11 or later and make.
# pip takes its index from your own environment (PIP_INDEX_URL, pip.conf).

PYTHON ?= python3
PORT ?= 8501
ARGS ?=
BENCH_DOSSIERS ?= 200000
WAREHOUSE := $(or $(THONGSUOT_WAREHOUSE),data/warehouse)
PY := .venv/bin/python
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

export THONGSUOT_WAREHOUSE := $(WAREHOUSE)
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo clean-demo test lint format bench docs messages screenshot lock check-port

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: check-port .venv/runtime $(WAREHOUSE)/CURRENT  ## the dashboard on 127.0.0.1:8501 (PORT=), with demo data where there are none
	@$(PY) -m streamlit run app.py --server.port $(PORT)

demo: .venv/runtime data/demo/province.toml  ## builds the demo province again and publishes it
	$(PY) -m etl build data/demo/province.toml --warehouse $(WAREHOUSE)

clean-demo: .venv/runtime  ## deletes the demo's inputs, and the warehouse if all of it is simulated
	@$(PY) -m scripts.clean_demo

test: .venv/dev  ## every test; ARGS="-k name" picks some
	@scripts/install_chromium.sh $(PY)
	@scripts/install_postgresql.sh $(PY)
	$(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: .venv/dev  ## ruff, mypy, import-linter
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo

format: .venv/dev  ## formats, and mends what ruff can
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: .venv/dev  ## ratios against DuckDB alone, at BENCH_DOSSIERS=200000
	$(PY) -m bench --dossiers $(BENCH_DOSSIERS)

docs: .venv/dev  ## writes the generated pages of docs/ again
	$(PY) -m scripts.write_docs

messages: .venv/dev  ## collects every _("…") into language/en.po
	$(PY) -m scripts.messages

screenshot: .venv/dev $(WAREHOUSE)/CURRENT  ## docs/images/tong-quan.png, from the running demo
	@scripts/install_chromium.sh $(PY)
	$(PY) -m scripts.take_screenshot

lock: .venv/dev  ## resolves requirements*.txt again into the locks with hashes
	$(PY) -m uv pip compile $(LOCK_OPTIONS) requirements.txt --output-file requirements.lock
	$(PY) -m uv pip compile $(LOCK_OPTIONS) requirements-dev.txt --constraint requirements.lock --output-file requirements-dev.lock

# One lock for every system and every Python from 3.11 on; no address of an index in it.
LOCK_OPTIONS := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --upgrade \
	--custom-compile-command "make lock"

check-port:
	@scripts/check_python.sh $(PYTHON)
	@$(PYTHON) scripts/check_port.py $(PORT)

# Stamps: an environment is made once, and brought up to date when its lock changes.
.venv/bin/python:
	@scripts/check_python.sh $(PYTHON)
	@$(PYTHON) -m venv .venv

.venv/runtime: requirements.lock | .venv/bin/python
	@echo "Cài các gói (lần đầu mất khoảng một phút) …"
	@$(PIP_INSTALL) -r requirements.lock
	@touch $@

.venv/dev: requirements-dev.lock requirements.lock | .venv/bin/python
	@$(PIP_INSTALL) -r requirements-dev.lock
	@touch .venv/runtime $@

data/demo/province.toml: | .venv/runtime
	@rm -rf data/demo.partial
	@$(PY) -m etl simulate data/demo.partial --before 3000
	@rm -rf data/demo && mv data/demo.partial data/demo

# Only where nothing has been published: your own data stay as they are.
$(WAREHOUSE)/CURRENT: | .venv/runtime
	@$(MAKE) --no-print-directory data/demo/province.toml
	@$(PY) -m etl build data/demo/province.toml --warehouse $(WAREHOUSE)
