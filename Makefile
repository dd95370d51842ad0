# Two commands: `make demo` and `make test`. Both set up .venv first; run again, they do no more than is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
STUDY ?= corpora/fra-myndighed-til-partner
STUDIES := $(patsubst %/study.yaml,%,$(wildcard corpora/*/study.yaml))
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo reports test test-slow test-postgres coverage lint docs bench fuzz audit wheel evaluate evaluate-others lock vectors clean

demo: $(READY)
	@echo "→ qualcode run $(STUDY)"
	@$(BIN)/qualcode run $(STUDY)
	@echo "→ Open the report: reports/$(notdir $(STUDY))/report.html (also report.docx, report.md, codings.csv)"

# Writes anew every report that is kept in reports/, from a database of its own, so that no decision made here gets in.
# Only what people read is kept (.gitignore); commit it with: git add reports
reports: $(READY)
	@rm -rf .qualcode/reports && mkdir -p .qualcode/reports
	@set -e; for study in $(STUDIES); do \
	  echo "→ $$study"; \
	  $(BIN)/qualcode run $$study --out reports/$$(basename $$study) --database sqlite:///$(CURDIR)/.qualcode/reports/reports.db; \
	done

test: $(READY)
	@$(BIN)/python -m pytest

test-slow: $(READY)
	@$(BIN)/python -m pytest -m "(slow or dask) and not postgres"

# All that touches a database, against a PostgreSQL server that is started for it.
test-postgres: $(READY)
	@QUALCODE_TEST_DATABASE=postgresql $(BIN)/python -m pytest -m "not slow and not dask" \
		$$(grep -lE "tests\.(databases|reviewing)" tests/test_*.py) tests/test_postgres.py

coverage: $(READY)
	@$(BIN)/python -m pytest --cov --cov-report=term:skip-covered --cov-report=xml

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

$(READY): pyproject.toml constraints.txt
	@echo "→ Setting up $(VENV) (the first time this downloads about 400 MB and takes a few minutes)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "qualcode needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --constraint constraints.txt --editable ".[dev]"
	@touch $@

# The site in site/; a broken link or a docstring that cannot be read fails it.
docs: $(READY)
	@$(BIN)/python -m mkdocs build --strict --quiet
	@echo "→ site/index.html"

# Rewrites benchmarks/RESULTS.md; takes about an hour.
bench: $(READY)
	@$(BIN)/python -m benchmarks.run

# make fuzz TARGET="read a.docx"; without TARGET it lists what there is. Needs atheris.
fuzz: $(READY)
	@$(BIN)/python -m tests.fuzz_atheris "$(TARGET)" -max_total_time=$(or $(SECONDS),300)

# Asks the advisory database, so it needs a network. Needs pip-audit.
audit: $(READY)
	@$(BIN)/python -m pip_audit --requirement constraints.txt --no-deps --disable-pip

# Builds the wheel and tries it in an empty environment and folder.
wheel: $(READY)
	@$(BIN)/python -m pytest -m slow tests/test_wheel.py

# Rewrites docs/evaluation.md.
evaluate: $(READY)
	@$(BIN)/qualcode evaluate corpora/fra-myndighed-til-partner --out docs/evaluation.md

# The same figures for the other studies, a page each: coded by their own codebook only, and weighed as the first one taught.
evaluate-others: $(READY)
	@mkdir -p docs/evaluation
	@set -e; for study in $(filter-out corpora/fra-myndighed-til-partner,$(STUDIES)); do \
	  echo "→ $$study"; $(BIN)/qualcode evaluate $$study --beside fra-myndighed-til-partner --out docs/evaluation/$$(basename $$study).md; \
	done

# Pins every package as installed afresh from pyproject.toml, with names and versions only.
lock:
	@rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check ".[dev]"
	@.venv-lock/bin/python -m pip list --disable-pip-version-check --format=freeze --exclude qualcode --exclude pip --exclude setuptools > constraints.txt
	@rm -rf .venv-lock build
	@echo "→ constraints.txt: $$(wc -l < constraints.txt) packages"

# Needed after a change to the examples of a shipped codebook, to a shipped study, or to how turns are cut.
vectors: $(READY)
	@$(BIN)/python -m qualcode.coding.ship_vectors $(filter-out %.examples.yaml %.study.yaml,$(wildcard codebooks/*.yaml)) $(STUDIES)

clean:
	@rm -rf $(VENV) build src/*.egg-info
