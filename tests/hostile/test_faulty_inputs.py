"""Every file of the catalogue is named with its line and with words to the point, and left as it was.

How long that takes is printed by ``python -m benchmarks.faulty``.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import find_controls
from tests.conftest import Run
from tests.hostile.faulty import HAND_MADE, MUTATIONS, PATHS, VALUES, WHOLE, Faulty, Kind, one_a_line

pytestmark = pytest.mark.usefixtures("desk")


def test_the_catalogue_is_large_and_holds_nothing_twice() -> None:
    every = [*HAND_MADE, *MUTATIONS]
    assert len({(f.kind, f.content, f.says) for f in every}) == len(every)
    assert len({f.name for f in every}) == len(every)
    assert len({(f.kind, f.content) for f in every}) >= 300
    assert len({(f.kind, f.content) for f in HAND_MADE}) >= 120
    assert {f.kind for f in every} == set(PATHS)
    assert all(f.says for f in every)


def _bytes_below(folder: Path) -> dict[str, bytes]:
    """Return what every file holds, the store aside, which is the program's own."""
    paths = (p for p in folder.rglob("*") if p.is_file() and "cache" not in p.relative_to(folder).parts)
    return {str(path): path.read_bytes() for path in paths}


def _put(folder: Path, kind: Kind, content: bytes) -> Path:
    path = folder / "odd" / PATHS[kind]
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("text", [WHOLE, {kind: one_a_line(values) for kind, values in VALUES.items()}])
def test_what_the_catalogue_starts_from_is_sound(run: Run, desk_home: Path, text: dict[Kind, str]) -> None:
    for kind in text:
        path = _put(desk_home / kind, kind, text[kind].encode())
        if kind == "cases":
            assert run("evaluate", "--no-builtin", str(path)).err == ""
            continue
        result = run("check", "--no-builtin", "--format", "json", str(path))
        assert result.code == 0, result.out


def _told_by_check(run: Run, path: Path, fault: Faulty) -> Iterator[tuple[int, str]]:
    result = run("check", "--no-builtin", "--format", "json", str(path))
    assert result.err == ""
    assert result.code == (1 if fault.is_error else 0)
    assert result.out.isascii()
    severity = "error" if fault.is_error else "warning"
    for found in json.loads(result.out)["faults"]:
        assert found["file"] == str(path)
        assert (found["column"] > 0) == (found["line"] > 0)
        assert find_controls(found["message"]) == []
        if found["severity"] == severity:
            yield found["line"], found["message"]


def _told_by_evaluate(run: Run, path: Path) -> Iterator[tuple[int, str]]:
    result = run("evaluate", "--no-builtin", "--format", "json", str(path))
    assert (result.code, result.out) == (3, "")
    assert find_controls(result.err) == []
    for line in result.err.splitlines():
        assert line.startswith(f"{path}:")
        number, _, rest = line.removeprefix(f"{path}:").partition(":")
        yield (int(number), rest.partition(": ")[2]) if number.isdigit() else (0, line)


@pytest.mark.parametrize("fault", [*HAND_MADE, *MUTATIONS], ids=lambda f: f.name.encode("ascii", "replace").decode())
def test_a_faulty_file_is_named_with_its_place(run: Run, desk_home: Path, fault: Faulty) -> None:
    path = _put(desk_home, fault.kind, fault.content)
    before = _bytes_below(desk_home)
    told = list(_told_by_evaluate(run, path) if fault.kind == "cases" else _told_by_check(run, path, fault))
    assert any(line == fault.line and fault.says in message for line, message in told), told[:5]
    assert all(message.strip() and "Traceback" not in message for _, message in told)
    assert _bytes_below(desk_home) == before
