"""Feeds the opening of packs, files that come from other libraries, with mutations of whole ones.

    python tests/fuzz/fuzz_pack.py -max_total_time=600

See the README beside. Two functions tie it to the program, ``open_one`` and ``sample_packs``; all else is the same
for every form that a pack may have.
"""

import importlib
import io
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(Path(__file__).parent)]

with atheris.instrument_imports(include=["deskguide", "yaml", "zipfile"]):
    from deskguide.errors import DeskguideError

from seeds import start  # noqa: E402 - after the folder of this file is known

MODULE, FUNCTION = "deskguide.knowledge.exchange", "open_pack"
_OPEN: list[Callable[[bytes], Any]] = []


def open_one(content: bytes) -> None:
    """Open one pack: the single place to change if the program's own function gets another name or form.

    It has to return something, or to raise DeskguideError with a sentence that a person can be told. Whatever else
    it raises is a finding.
    """
    try:
        _OPEN[0](content)
    except DeskguideError as told:
        if not str(told).strip():
            raise AssertionError("refused without a word") from told


def sample_packs() -> Iterable[bytes]:
    """Yield whole packs to start from."""
    cards = sorted(ROOT.glob("data/scenarios/*/*.yaml"))[:6]
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", method) as archive:
            for card in cards:
                archive.writestr(f"scenarios/{card.parent.name}/{card.name}", card.read_bytes()[:1500])
        yield content.getvalue()


if __name__ == "__main__":
    with atheris.instrument_imports(include=["deskguide"]):
        try:
            _OPEN.append(getattr(importlib.import_module(MODULE), FUNCTION))
        except (ImportError, AttributeError):
            sys.exit(f"{MODULE} has no {FUNCTION} yet; nothing to try")
    with TemporaryDirectory() as folder:
        start(open_one, sample_packs(), folder, ["-max_len=20000", "-timeout=10"])
