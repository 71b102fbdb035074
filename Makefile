# Every target sets up the virtual environment itself; nothing needs to be activated.
#   make demo    run the example on real input
#   make test    run every test          (ARGS='-k name' picks some)
#   make laws    the laws alone, on ten times as many programs
#   make check   formatting, lint, types, import contracts
#   make docs    the site, in build/docs
#   make paper   typeset the paper, into build/paper.pdf

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
# Of `make test`: a file of tests is run by one process, in its order.
PROCESSES ?= 2

NEEDED := 3.12
PROBE := $(shell $(PYTHON) -c 'import sys; v = sys.version_info; print("%s %d.%d.%d" % ("ok" if v >= (3, 12) else "old", v[0], v[1], v[2]))' 2>/dev/null)
VERSION := $(word 2,$(PROBE))
PYTHON_IS_NEW_ENOUGH = $(if $(filter ok,$(PROBE)),,$(error \
    $(if $(VERSION),$(PYTHON) is Python $(VERSION),$(PYTHON) does not run), but Python $(NEEDED) or newer \
    is needed: name one, as in `make PYTHON=python3.13 test`))

# Named after the interpreter, so that another one means another environment; written last, so that
# an environment without it is one that was left half made.
READY := $(VENV)/.ready-$(VERSION)
RUN := $(VENV)/bin/python
RESULTS := benchmarks/results
CODE := conftest.py $(wildcard src tests laws manual examples benchmarks paper)

.PHONY: demo test laws check docs bench bench-peers bench-results render-results paper format lock clean

demo: $(READY)
	@$(RUN) -m examples.ask_docs $(ARGS)

test: $(READY)
	@$(RUN) -m pytest --numprocesses $(PROCESSES) --dist loadfile $(ARGS)

laws: $(READY)
	@$(RUN) -m pytest laws --hypothesis-profile laws --numprocesses $(PROCESSES) --dist loadfile $(ARGS)

check: $(READY)
	@$(VENV)/bin/ruff format --check --output-format concise $(CODE)
	@$(VENV)/bin/ruff check $(CODE)
	@$(VENV)/bin/mypy $(CODE)
	@$(VENV)/bin/lint-imports --no-logo

docs: $(READY)
	@$(RUN) -m manual.site

bench: $(READY)
	@$(RUN) -m benchmarks $(ARGS)

bench-peers: $(READY)
	@$(RUN) -m benchmarks.peers
	@$(RUN) -m benchmarks --peers $(ARGS)

# All that `docs/performance.md` shows, measured anew, on a machine that does nothing else.
bench-results: $(READY)
	@$(RUN) -m benchmarks.peers
	@$(RUN) -m benchmarks --heavy --json $(RESULTS)/own.json $(ARGS)
	@$(RUN) -m benchmarks --growth --heavy --json $(RESULTS)/growth.json $(ARGS)
	@$(RUN) -m benchmarks --peers --json $(RESULTS)/peers.json $(ARGS)
	@$(RUN) -m benchmarks.rendering

render-results: $(READY)
	@$(RUN) -m benchmarks.rendering

paper: $(READY)
	@$(RUN) -m paper

format: $(READY)
	@$(VENV)/bin/ruff check --fix-only --quiet $(CODE)
	@$(VENV)/bin/ruff format $(CODE)

# One lock for every supported Python and platform. Its environment is its own: the other one cannot be
# set up while the lock does not fit. ARGS=--upgrade takes the newest of everything.
lock:
	$(PYTHON_IS_NEW_ENOUGH)
	@$(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip install -qq 'uv>=0.9,<1'
	@$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version $(NEEDED) \
	    --all-extras --group dev --group docs --group plots --group paper --group build \
	    --no-header --annotation-style line $(ARGS) --output-file constraints.txt pyproject.toml

clean:
	@rm -rf .venv .venv-* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis \
	    .cache build dist ask_docs-*.jsonl
	@find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt Makefile
	$(PYTHON_IS_NEW_ENOUGH)
	@test -e $@ || echo "Setting up $(VENV) with Python $(VERSION): a minute or two."
	@test -e $@ || $(PYTHON) -m venv --clear $(VENV)
	@rm -rf $@ .mypy_cache  # which remembers what was not installed
	@$(RUN) -m pip install -qq --constraint constraints.txt --upgrade pip
	@$(RUN) -m pip install -qq --constraint constraints.txt --build-constraint constraints.txt \
	    --group dev --group docs --group plots --group paper --editable '.[redis,otel,testing,draw,demo]'
	@touch $@
