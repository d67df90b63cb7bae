# `make play` to try comentor, `make test` to test it: each sets itself up and needs only Python 3.11 or later.
# ARGS is handed on: make play ARGS=--fresh, make test ARGS="-k journal", make lock ARGS=--upgrade.
# Tests run on every core; one after the other, and with their output shown: ARGS="-n 0 -s".

ARGS :=
# A file stays together, since its tests may share a process; in order, so that the longest begin early.
PYTEST := pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder
BIN := .venv/bin
PIP_INSTALL := -m pip --quiet --quiet --disable-pip-version-check --no-input install
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate $(ARGS)

# The newest that the locked packages come ready-made for; failing these, a newer one.
PYTHONS := python3.14 python3.13 python3.12 python3.11 python3.15 python3.16 python3
# What starts comentor as people do, or reads what the wheel holds beside the code: words, pages, tables' history.
WHEEL_TESTS := $(addprefix tests/,test_cli.py test_invitations.py test_words.py store/test_migrations.py \
	slack/test_journey.py web/test_playground_page.py whole)
# A copy for testing the wheel has all that stands here but what the wheel brings or somebody's own state.
BESIDE_THE_WHEEL := $(filter-out bot conversations prompts build dist playground config.toml,$(wildcard *))

define EVERY_MODULE
import importlib, pkgutil, bot, conversations
for package in (bot, conversations):
    for each in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not each.name.endswith(("__main__", "migrations.env")):
            importlib.import_module(each.name)
endef
export EVERY_MODULE

.PHONY: play test check format bench lock wheel-test clean

play: .venv/runtime.stamp
	@$(BIN)/comentor play $(ARGS)

test: .venv/dev.stamp
	@$(BIN)/$(PYTEST) $(ARGS)

check: .venv/dev.stamp
	@$(BIN)/ruff format --quiet --check --diff .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@said=$$($(BIN)/lint-imports --no-cache --no-logo 2>&1) || { echo "$$said"; exit 1; }
	@$(BIN)/python -m bot.store.migrations
	@echo "Format, lint, types and import rules hold, and the tables' history is in step."

format: .venv/dev.stamp
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

bench: .venv/dev.stamp
	@$(BIN)/python -m benchmarks $(ARGS)

# The second file repeats the pins of the first, so that it may be installed in its place.
lock: .venv/dev.stamp
	@$(LOCK) pyproject.toml --output-file requirements.lock
	@$(LOCK) pyproject.toml --group dev --constraint requirements.lock \
		--output-file requirements-dev.lock

# Before the tools of the tests are there: all is in the wheel, and needs nothing that it does not ask for.
wheel-test: .venv/dev.stamp
	@set -e; unset PYTHONPATH; room=$$(mktemp -d); trap 'rm -rf "$$room"' EXIT; trap 'exit 130' INT TERM; \
	echo "Building the wheel and installing it in an empty environment…"; \
	$(BIN)/python -m build --wheel --outdir "$$room/wheel" . >"$$room/log" 2>&1 \
		|| { cat "$$room/log"; exit 1; }; \
	$(BIN)/python -m venv "$$room/venv"; \
	"$$room/venv/bin/python" $(PIP_INSTALL) --require-hashes --requirement requirements.lock; \
	"$$room/venv/bin/python" $(PIP_INSTALL) --no-deps "$$room"/wheel/*.whl; \
	"$$room/venv/bin/python" -m pip check >"$$room/log" || { cat "$$room/log"; exit 1; }; \
	for folder in bot conversations prompts; do \
		diff --recursive --brief --exclude=__pycache__ $$folder "$$room"/venv/lib/python*/site-packages/$$folder \
			|| { echo "The wheel does not hold what stands in $$folder."; exit 1; }; \
	done; \
	(cd "$$room"; venv/bin/comentor words && venv/bin/python -c "$$EVERY_MODULE") >"$$room/log" 2>&1 \
		|| { cat "$$room/log"; echo "The wheel does not run with what it asks for."; exit 1; }; \
	"$$room/venv/bin/python" $(PIP_INSTALL) --require-hashes --requirement requirements-dev.lock; \
	"$$room/venv/bin/python" -m pip check >"$$room/log" || { cat "$$room/log"; exit 1; }; \
	mkdir "$$room/copy"; cp -RL $(BESIDE_THE_WHEEL) "$$room/copy"; cd "$$room/copy"; \
	PATH="$$room/venv/bin:$$PATH"; export PATH; \
	python -c "import bot, conversations, prompts, sys; homes = { \
	home for each in (bot, conversations, prompts) for home in each.__path__}; \
	sys.exit(not all(home.startswith(sys.prefix) for home in homes))" \
		|| { echo "The tests would not have run against the wheel."; exit 1; }; \
	$(PYTEST) $(WHEEL_TESTS) $(ARGS)

# The environment stays, and so does the playground's state.
clean:
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find bot conversations tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/runtime.stamp: requirements.lock pyproject.toml | .venv/bin/pip
	@echo "Installing what comentor needs into .venv…"
	@$(BIN)/python $(PIP_INSTALL) --require-hashes --requirement requirements.lock
	@$(BIN)/python $(PIP_INSTALL) --no-deps --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.lock requirements.lock pyproject.toml | .venv/bin/pip
	@echo "Installing comentor and the tools of its tests into .venv…"
	@$(BIN)/python $(PIP_INSTALL) --require-hashes --requirement requirements-dev.lock
	@$(BIN)/python $(PIP_INSTALL) --no-deps --editable .
	@touch .venv/runtime.stamp $@

# Each is started, not only looked for: a name on PATH may be a stand-in for a version that is absent.
.venv/bin/pip:
	@$(BIN)/python -m ensurepip >/dev/null 2>&1 && test -e $@ && exit; \
	bare=; \
	for python in $(PYTHONS); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		$$python -c 'import ensurepip, venv' 2>/dev/null || { bare=$${bare:-$$python}; continue; }; \
		exec $$python -m venv --clear .venv; \
	done; \
	if test -z "$$bare"; then \
		echo "comentor needs Python 3.11 or later, and there is none on PATH." \
			"On Debian or Ubuntu: apt install python3 python3-venv" >&2; \
	else \
		version=$$($$bare -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "Python $$version is here without the part that makes environments (ensurepip)." \
			"On Debian or Ubuntu: apt install python$$version-venv" >&2; \
	fi; \
	exit 1
