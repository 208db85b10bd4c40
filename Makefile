# `make` lists what there is. Everything below needs only Rust, Python, Node with npm, a C compiler and make.

PYTHON ?= python3
VENV := $(CURDIR)/.venv
export MATURIN_NO_INSTALL_RUST = 1

.DEFAULT_GOAL := help
.PHONY: help tools setup demo test bench check fmt clean modules nightly

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

tools: ## look for what a fresh machine must have
	@$(PYTHON) -c '' 2>/dev/null || { echo "missing: python3, at least 3.10 - https://www.python.org/downloads/ or apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) scripts/tools.py

setup: tools ## build the command, the Python module and the Node module
	@$(PYTHON) scripts/setup.py

demo: setup ## run the three-agent demo; QUESTION="…" asks something else
	@$(PYTHON) scripts/demo.py $(if $(value QUESTION),'$(subst ','\'',$(value QUESTION))')

test: setup ## run every test of all three languages
	@$(VENV)/bin/python scripts/test.py

bench: tools ## measure everything beside its peers; BENCH=rust,python,node,cold,handoff,growth,generate QUICK=1
	@$(PYTHON) bench/run.py $(BENCH_FLAGS)

modules: setup ## build the Python module and the Node addon as they are released, into target/modules
	@$(VENV)/bin/python scripts/modules.py

nightly: setup ## ten million differential executions, fuzzing, sanitizer and Miri; NIGHTLY_FUZZ_SECONDS=300
	@$(VENV)/bin/python scripts/nightly.py

check: setup ## formatting, lints with warnings denied, types: what a change must pass
	@$(VENV)/bin/python scripts/check.py

fmt: ## format the Rust code
	cargo fmt --all

clean: ## remove everything that was built or installed here
	rm -rf target .venv bench/node/node_modules bindings-node/node_modules bindings-node/*.node bindings-python/python/peer_contract/*.so examples/*/node_modules examples/*/.peerc
