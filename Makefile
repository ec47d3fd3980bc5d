# Two commands do everything: `make run` and `make test`. They make an environment in .venv on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

# Tests are shared out by file, the longest files first (tests/conftest.py).
# Three for two cores: windows and commands wait for much of their time.
WORKERS := -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: run test acceptance benchmark large window package check clean

run: $(READY)
	@$(BIN)/python -m desktop

test: $(READY) check
	$(BIN)/python -m pytest $(WORKERS)

# SLOW leaves out what another target looks at already.
SLOW ?= slow
acceptance: $(READY)
	$(BIN)/python -m pytest -m "$(SLOW)" $(WORKERS)

benchmark: $(READY)
	$(BIN)/python -m pytest -m "benchmark and not large" tests/benchmarks

large: $(READY)
	$(BIN)/python -m pytest -m large tests/benchmarks

window: $(READY)
	$(BIN)/python -m pytest -m window tests/desktop

package: $(READY)
	$(BIN)/python -m PyInstaller --noconfirm --log-level WARN packaging/lutu.spec
	LUTU_PACKAGED=dist/lutu $(BIN)/python -m pytest -m "package or demo" tests/packaging tests/acceptance

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --num-workers 2
	$(BIN)/lint-imports

$(READY): requirements.lock pyproject.toml system-packages.sh
	@sh system-packages.sh
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

clean:
	rm -rf $(VENV) build dist *.egg-info
