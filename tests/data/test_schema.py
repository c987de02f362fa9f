"""Every shipped file against the schema that is shipped beside it."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from deskguide.author.schema import KINDS, Kind
from tests.schemas import DATA, as_editor, as_texts, read_file

SCENARIOS = sorted((DATA / "scenarios").rglob("*.yaml"))
POLICIES = sorted((DATA / "policies").rglob("*.yaml"))


def _shipped(kind: Kind) -> Draft202012Validator:
    schema = json.loads((DATA / "schema" / f"{kind}.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


JUDGES = {kind: _shipped(kind) for kind in KINDS}


def test_there_is_something_to_judge() -> None:
    assert (len(SCENARIOS), len(POLICIES) > 150) == (200, True)


@pytest.mark.parametrize(
    ("kind", "path"),
    [*(("scenario", p) for p in SCENARIOS), *(("policy", p) for p in POLICIES)],
    ids=lambda value: value.stem if isinstance(value, Path) else "",
)
def test_a_shipped_file_fits_the_schema(kind: Kind, path: Path) -> None:
    entries = read_file(path.read_bytes(), str(path))
    for read in (as_texts, as_editor):
        assert [(list(e.path), e.message) for e in JUDGES[kind].iter_errors(read(entries))] == []
