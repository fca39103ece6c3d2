# make run     a synthetic practice in .demo (new each time), the main job on it, then the terminal UI
# make test    every check: style, types, import directions, tests
# make bench   speed as ratios against the bare libraries
# make torture kills, full disks, crowds, clocks and bad input for ten minutes, and tables of what came of them
# make clean   remove what these made

BIN = .venv/bin
DEMO = CASEMGR_HOME="$(CURDIR)/.demo"
PYTEST_ARGS =

.PHONY: run test bench torture clean

run: .venv/.run
	@rm -rf .demo
	@$(DEMO) $(BIN)/casemgr demo
	@if [ -t 0 ] && [ -t 1 ] && [ -z "$$CI" ]; then $(DEMO) $(BIN)/casemgr; fi
	@echo "The demo is in .demo until the next make run: CASEMGR_HOME=.demo $(BIN)/casemgr opens it again."

test: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto --dist worksteal $(PYTEST_ARGS)

bench: .venv/.dev
	$(BIN)/python -m tests.benchmarks

torture: .venv/.torture
	$(BIN)/python -m tests.torture --minutes 7 --markdown
	$(BIN)/python -m tests.fuzz --seconds 120 --markdown

clean:
	rm -rf .torture .venv .demo .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find casemgr tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.run: pyproject.toml constraints.txt .ci/venv
	@.ci/venv
	@touch $@

.venv/.dev: pyproject.toml constraints.txt .ci/venv
	@.ci/venv dev
	@touch $@

.venv/.torture: pyproject.toml constraints.txt .ci/venv
	@.ci/venv dev,torture
	@touch $@
