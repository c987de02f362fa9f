import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from deskguide.cli import run
from deskguide.errors import UnusablePath
from deskguide.knowledge.exchange import Pack, PackedFile, RefusedPack, build_pack, place_fault, read_pack, suggest_name
from deskguide.knowledge.places import find_packs, is_pack_name
from tests.packs import FILES, snapshot, zip_files
from tests.property.strategies import any_text, brief, moderate

SOUND = zip_files()
STORED = [PackedFile(place, place, content) for place, content in FILES.items()]
Change = tuple[float, int, bytes]

changes = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 6), st.binary(max_size=6)), min_size=1, max_size=4
)
"""Where, how many bytes go, and what comes in their place."""


def _change(content: bytes, changes: list[Change]) -> bytes:
    for share, gone, new in changes:
        at = int(share * len(content))
        content = content[:at] + new + content[at + gone :]
    return content


@contextlib.contextmanager
def _written(content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pack.zip"
        path.write_bytes(content)
        yield path


def _assert_same_or_refused(path: Path) -> None:
    with contextlib.suppress(RefusedPack, UnusablePath):
        assert {file.place: file.content for file in read_pack(str(path)).files} == FILES


@moderate
@given(changes)
def test_changed_bytes_give_the_same_files_or_a_refusal(changes: list[Change]) -> None:
    with _written(_change(SOUND, changes)) as path:
        _assert_same_or_refused(path)


@moderate
@given(st.lists(st.integers(0, 255), min_size=1, max_size=1), st.data())
def test_one_changed_byte_in_what_tells_where_things_lie_does_no_harm(values: list[int], data: st.DataObject) -> None:
    start = SOUND.index(b"PK\x01\x02")
    at = data.draw(st.integers(start, len(SOUND) - 1))
    with _written(SOUND[:at] + bytes(values) + SOUND[at + 1 :]) as path:
        _assert_same_or_refused(path)


@brief
@given(changes)
def test_a_changed_pack_is_added_whole_or_changes_nothing(changes: list[Change]) -> None:
    with _written(_change(SOUND, changes)) as path, tempfile.TemporaryDirectory() as config:
        with patch.dict(os.environ, {"DESKGUIDE_CONFIG_DIR": config, "DESKGUIDE_CACHE_DIR": config + "-cache"}):
            code = run(["add", str(path)])
        after = snapshot(Path(config))
        if code == 0:
            (folder,) = find_packs(config).values()
            files = {name: content for name, content in snapshot(Path(folder)).items() if content is not None}
            assert json.loads(files.pop("added.json") or b"")["added"]
            assert files == FILES
        else:
            assert code in (1, 3)
            assert after == {}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=4), below, max_size=3),
    max_leaves=6,
)


@moderate
@given(
    st.dictionaries(
        st.sampled_from(("format", "name", "title", "scenarios", "policies", "deskguide", "files")),
        json_values,
        min_size=1,
    )
)
def test_any_manifest_is_right_or_refused(keys: dict[str, object]) -> None:
    with _written(zip_files(**keys)) as path, contextlib.suppress(RefusedPack):  # type: ignore[arg-type]
        pack = read_pack(str(path))
        assert is_pack_name(pack.name)
        assert {file.place: file.content for file in pack.files} == FILES


@moderate
@given(any_text | st.text(max_size=20).map(lambda t: f"policies/{t}.yaml"))
def test_a_name_that_may_be_in_a_pack_is_plain(place: str) -> None:
    if not place_fault(place):
        assert place.isascii()
        assert place.islower()
        assert place.endswith(".yaml")
        assert os.path.normpath(place).replace(os.sep, "/") == place
        assert not os.path.isabs(place)


@moderate
@given(any_text)
def test_a_suggested_name_can_be_used_or_is_empty_or_taken(text: str) -> None:
    name = suggest_name(text)
    assert is_pack_name(name) or name in ("", "local", "shipped") or len(name) < 5
    assert suggest_name(name) == name


@moderate
@given(
    st.dictionaries(
        st.from_regex(
            r"policies/[a-z]{5,8}\.yaml|scenarios/[a-z]{5,8}/[a-z0-9]{5,8}(-[a-z]{1,3})?\.yaml", fullmatch=True
        ),
        st.binary(max_size=2000),
        min_size=1,
    )
)
def test_what_is_packed_is_read_back(contents: dict[str, bytes]) -> None:
    files = tuple(sorted(PackedFile(place, "", content) for place, content in contents.items()))
    built = build_pack(Pack("juniper", "Goats of Juniper", files, ""))
    assert built == build_pack(Pack("juniper", "Goats of Juniper", files, ""))
    with _written(built) as path:
        pack = read_pack(str(path))
    assert (pack.name, pack.title) == ("juniper", "Goats of Juniper")
    assert [file[::2] for file in pack.files] == [file[::2] for file in files]
