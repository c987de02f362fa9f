"""Feeds the reader and the shapes with mutations of the shipped files until something breaks a law of theirs.

    python tests/fuzz/fuzz_reader.py -max_total_time=600

See the README beside. Anything after the name goes to libFuzzer; a folder of inputs is taken in place of the seeds.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

with atheris.instrument_imports(include=["deskguide", "yaml"]):
    from deskguide.knowledge.read import Entries, Text, parse, parse_list
    from deskguide.knowledge.shape import (
        POLICY_KEYS,
        PRINCIPLES,
        PROFILE_TEXTS,
        SCENARIO_KEYS,
        Draft,
        missing_keys,
        shape_policy,
        shape_profile,
        shape_scenario,
    )
    from deskguide.knowledge.values import build_scenario
    from deskguide.model import Fault
    from deskguide.text import clean

from tests.fuzz.seeds import start, write_words  # noqa: E402 - after the folders are known

SYNTAX = ("- ", ": ", "? ", "|", ">-", "'", '"', "{", "}", "[", "]", "#", "---", "...", "&a", "*a", "!!", "%YAML", "<<")
EDGES = (
    "\x00",
    "\t",
    "\r",
    "\ufeff",
    "\u2028",
    "\u202e",
    "\x85",
    "null",
    "~",
    "''",
    "https://",
    "{manager}",
    "2026-01-31",
)
SAMPLE_EXAMPLES = 3


def check_reader(content: bytes) -> None:
    """Read one file in every way in which a file is read, and hold what comes of it to its laws."""
    lines = content.count(b"\n") + content.count(b"\r") + content.decode("utf-8", "ignore").count("\u2028") + 2
    lines += content.count(b"\xc2\x85") + content.count(b"\xe2\x80\xa9")
    as_list = parse_list(content, "cases.yaml")
    if isinstance(as_list, Fault):
        _check_faults([as_list], lines, least=0)
    entries = parse(content, "card.yaml")
    if isinstance(entries, Fault):
        _check_faults([entries], lines, least=0)
        return
    path = _own_name(entries)
    draft, faults = shape_scenario(entries, path)
    _check_faults(faults, lines)
    _check_draft(draft, faults)
    if draft is not None:
        missing = missing_keys(draft)
        _check_faults(missing, lines)
        if not missing:
            build_scenario({**draft.values, "source": "local", "files": [path]})
    draft, faults = shape_policy(entries, path)
    _check_faults(faults, lines)
    _check_draft(draft, faults)
    found, faults = shape_profile(entries, path)
    _check_faults(faults, lines)
    _check_value(found)


def _own_name(entries: Entries) -> str:
    """Return the path that fits the id, so that the rest of a file gets looked at too."""
    ids = [node.value for name, node in entries.values if name.value == "id" and isinstance(node, Text)]
    return f"{ids[0] if ids else 'card'}.yaml"


def _check_faults(faults: Iterable[Fault], lines: int, least: int = 1) -> None:
    for fault in faults:
        assert least <= fault.line <= lines, fault
        assert (fault.column > 0) == (fault.line > 0), fault
        assert fault.message.strip(), fault
        assert fault.severity == "error", fault
        assert len(fault.message) < 5000, fault


def _check_draft(draft: Draft | None, faults: list[Fault]) -> None:
    assert (draft is None) == bool(faults), "a file without a draft has a fault, and the other way round"
    if draft is not None:
        _check_value(dict(draft.values))


def _check_value(value: Any) -> None:
    """Hold every text of a draft to what a terminal and the store can take."""
    if isinstance(value, str):
        assert clean(value) == value, value
        value.encode("utf-8")
    elif isinstance(value, dict):
        for name, below in value.items():
            _check_value(name)
            _check_value(below)
    elif isinstance(value, list):
        for below in value:
            _check_value(below)
    else:
        assert isinstance(value, int), value
    json.dumps(value)


def sample_files() -> Iterable[bytes]:
    """Yield the shipped files, their lists of examples cut short: mutations of those say the same again and again."""
    for path in sorted(ROOT.glob("data/scenarios/*/*.yaml")) + sorted(ROOT.glob("data/policies/*.yaml")):
        kept: list[str] = []
        inside = 0
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            if not line.startswith(("-", " ")):
                inside = 1 if line.startswith("examples:") else 0
            elif inside and line.startswith("-"):
                inside += 1
            if inside <= SAMPLE_EXAMPLES + 1:
                kept.append(line)
        yield "".join(kept).encode()
    yield b"library: Juniper Public Library\nmanager: Sam\nstate: ID\nreview_months: 6\nnames:\n  front_desk: us\n"
    yield b"policies:\n  local-gifts: https://juniper.example/gifts\n"
    yield b"- text: wants a book gone\n  want: book-removal-request\n  also: [a, b]\n- text: hello\n  want: null\n"


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        words = write_words(folder, [*SCENARIO_KEYS, *POLICY_KEYS, *PRINCIPLES, *PROFILE_TEXTS, *SYNTAX, *EDGES])
        start(check_reader, sample_files(), folder, [f"-dict={words}", "-max_len=6000", "-timeout=10"])
