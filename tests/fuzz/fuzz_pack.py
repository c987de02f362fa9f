"""Feeds the opening of packs, files that come from other libraries, with mutations of whole ones.

    python tests/fuzz/fuzz_pack.py -max_total_time=600

See the README beside. The first byte of an input tells what the rest of it is: a zip file; the manifest of a sound
one; or the names of the files in one whose manifest tells the truth. Checksums would stop the last two otherwise.
"""

import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

with atheris.instrument_imports(include=["deskguide", "zipfile"]):
    from deskguide.errors import DeskguideError
    from deskguide.knowledge import exchange
    from deskguide.knowledge.places import is_pack_name

from tests.fuzz.seeds import start, write_words  # noqa: E402 - after the folders are known

ZIP, MANIFEST, NAMES = range(3)
CARD = b"id: a\n"
PLACES = ("scenarios/privacy/a.yaml", "policies/b.yaml")
WORDS = (
    "scenarios/", "policies/", ".yaml", "manifest.json", "../", "/", "\\", ":", "con", "nul", "\n", "\x00",
    '"format"', '"name"', '"title"', '"files"', '"sha256"', '"size"', '"scenarios"', '"policies"', "1e999", "NaN",
    "PK\x03\x04", "PK\x01\x02", "PK\x05\x06", "PK\x06\x06", "PK\x06\x07",
)  # fmt: skip


def open_one(content: bytes) -> None:
    """Open one pack. It is whole and harmless, or refused in a sentence that a person can be told."""
    form, rest = (content[0] % 3, content[1:]) if content else (ZIP, b"")
    if form == MANIFEST:
        rest = zip_of([(exchange.MANIFEST, rest), *((place, CARD) for place in PLACES)])
    elif form == NAMES:
        names = [name for name in rest.decode("utf-8", "replace").split("\n") if name][:20]
        rest = zip_of([(exchange.MANIFEST, manifest_of(names)), *((name, CARD) for name in names)])
    exchange._read_zip_bytes = lambda path: rest
    try:
        pack = exchange.read_pack("pack.zip")
    except DeskguideError as told:
        if not str(told).strip() or len(str(told)) > 1000:
            raise AssertionError(f"refused in {len(str(told))} characters") from told
        return
    assert is_pack_name(pack.name), pack.name
    assert exchange.title_fault(pack.title) == "", pack.title
    assert 0 < len(pack.files) <= exchange.MAX_FILES
    assert sum(len(file.content) for file in pack.files) <= exchange.MAX_TOTAL_BYTES
    assert len({file.place.casefold() for file in pack.files}) == len(pack.files)
    for file in pack.files:
        assert exchange.place_fault(file.place) == "", file.place
    again = exchange.build_pack(pack)
    exchange._read_zip_bytes = lambda path: again
    assert exchange.read_pack("pack.zip")._replace(sum="") == pack._replace(sum="")


def zip_of(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return a zip file, with names as they are given."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files:
            info = zipfile.ZipInfo("x", (1980, 1, 1, 0, 0, 0))
            info.filename = info.orig_filename = name
            archive.writestr(info, data)
    return content.getvalue()


def manifest_of(names: Sequence[str]) -> bytes:
    """Return the manifest of a pack that holds CARD under each of ``names``."""
    policies = sum(name.startswith("policies/") for name in names)
    listed = [{"name": n, "sha256": hashlib.sha256(CARD).hexdigest(), "size": len(CARD)} for n in names]
    value = {"format": exchange.FORMAT, "name": "a-pack", "title": "A pack", "deskguide": "0.1.0", "files": listed}
    return json.dumps({**value, "scenarios": len(names) - policies, "policies": policies}).encode()


def sample_packs() -> Iterable[bytes]:
    """Yield one whole input of each form, and a pack of shipped scenarios."""
    cards = sorted(ROOT.glob("data/scenarios/*/*.yaml"))[:4]
    files = tuple(
        exchange.PackedFile(f"scenarios/{card.parent.name}/{card.name}", "", card.read_bytes()[:1500]) for card in cards
    )
    yield bytes([ZIP]) + exchange.build_pack(exchange.Pack("a-pack", "A pack", files, ""))
    yield bytes([ZIP]) + zip_of([(exchange.MANIFEST, manifest_of(PLACES)), *((place, CARD) for place in PLACES)])
    yield bytes([MANIFEST]) + manifest_of(PLACES)
    yield bytes([NAMES]) + "\n".join(PLACES).encode()


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        words = write_words(folder, WORDS)
        start(open_one, sample_packs(), folder, [f"-dict={words}", "-max_len=10000", "-timeout=10"])
