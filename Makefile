# make run    the program: the window, or without a display the same work as `landscape demo`
# make test   the tests
# make check  formatting, lint, types and tests
# make clean  remove what these made
#
# Each makes its own virtual environment in .venv; PYTHON=python3.12 chooses another Python.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := landscape-demo

.PHONY: run test check clean
.DEFAULT_GOAL := run

run: $(VENV)/.runs
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		echo "There is a display: opening the window."; \
		$(BIN)/landscape; \
	else \
		echo "There is no display (DISPLAY and WAYLAND_DISPLAY are unset):" \
			"doing the same work without a window, into $(DEMO)/."; \
		$(BIN)/landscape demo --out $(DEMO); \
	fi

test: $(VENV)/.tests
	QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(BIN)/python -m pytest -n auto

check: $(VENV)/.tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

clean:
	rm -rf $(VENV) $(DEMO) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find landscape tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The files .runs and .tests say what is installed; they are made again when pyproject.toml changes. The package
# is installed in place, so that a change of its code needs no installing.
$(VENV)/.runs: pyproject.toml | $(BIN)/python
	@echo "Installing what Landscape needs into $(VENV) (once, some minutes)."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.tests: pyproject.toml | $(BIN)/python
	@echo "Installing what Landscape and its tests need into $(VENV) (once, some minutes)."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.runs

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "There is no $(PYTHON). Install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Landscape needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "This Python lacks the module venv. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
