# A newcomer's two commands: `make demo` runs the main job, `make test` passes the tests.
# Each sets up what it needs by itself; Python 3.11 or newer has to be there, and make.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test test-long fast lint unit lessons-test pipeline browser bench bench-learner lessons release screenshots clean

demo: $(READY)
	rm -rf demo
	$(BIN)/trueaccount demo --into demo

test: lint unit lessons-test pipeline browser

# What to run while working: well under a minute.
fast: lint unit

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m trueaccount.world.make --check
	$(BIN)/trueaccount check

unit: $(READY)
	$(BIN)/pytest -q -n 2 -m "not long" tests/unit

# The lessons in notebooks/, run afresh and compared with what is stored.
lessons-test: $(READY)
	$(BIN)/python tests/run_lessons.py

pipeline: $(READY)
	$(BIN)/pytest -q -n 2 --dist loadgroup -m "not long" tests/pipeline tests/attacks

browser: $(READY) chromium
	$(BIN)/pytest -q -n 2 --dist loadfile tests/browser

# Side by side with stock nbgrader, on this machine: a cohort of 100, and one of 1,000. With more
# (an hour's quarter, and some gigabytes of disk): `python benchmarks/grade.py 100 1000 10000`.
bench: $(READY)
	$(BIN)/python benchmarks/grade.py 100 1000
	$(BIN)/python benchmarks/orders.py

# What a learner waits for, in Chromium.
bench-learner: $(READY) chromium
	$(BIN)/python benchmarks/learner.py

# What is long: every random moment of a kill, the whole cohort graded twice.
test-long: $(READY) chromium
	$(BIN)/pytest -q -n 2 --dist loadgroup -m long tests

# Renew what is generated.
lessons: $(READY)
	$(BIN)/python -m trueaccount.lessons

release: $(READY)
	$(BIN)/trueaccount release --all

screenshots: $(READY) chromium
	$(BIN)/python tests/browser/screenshots.py

.PHONY: chromium
chromium:
	@$(BIN)/python tests/browser/chromium.py

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	touch $(READY)

clean:
	rm -rf $(VENV) demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
