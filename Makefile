# make solve   set up what is needed and solve examples/grid.txt
# make test    everything that CI runs: format, lint, types, tests
# make bench   the command's speed, side by side with the loop written by hand
# make corpus  published systems with known answers

# The first Python on the PATH that will do; name another with make PYTHON=...
PYTHON = $(or $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& { command -v $$p; break; }; done),$(error Python 3.11, 3.12 or 3.13 with its venv module is needed))

BIN := .venv/bin
# Whoever builds the environment, these two files decide what is in it; the stamp makes the second run quick.
INSTALLED := .venv/.installed
PUZZLE ?= examples/grid.txt

.PHONY: solve test check bench corpus update clean

solve: $(INSTALLED)
	@$(BIN)/puzzlesolve $(PUZZLE)

test: check
	$(BIN)/pytest -n 2

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(INSTALLED)
	$(BIN)/python benchmarks/run.py

corpus: $(INSTALLED)
	$(BIN)/python benchmarks/corpus.py $(SETS)

update: $(INSTALLED)
	$(BIN)/pytest --update tests/test_golden.py tests/test_readme.py

$(INSTALLED): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch $@

clean:
	rm -rf .venv build dist *.egg-info
