# The verbs of the house. `just` alone checks and tests.
default: check test

# everything that a checkout needs
setup:
    uv sync

# the workbench with its demo company
run:
    uv run userops demo

# static checks
check:
    uv run ruff check .
    uv run ruff format --check .
    uv run lint-imports
    uv run mypy

test:
    uv run pytest -n auto

# reference pages, translations, snapshots: made again from the code
docs:
    uv run python -m userops.web.reference
