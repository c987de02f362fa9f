"""Names, links, pipes and folders that the file system may hold, and places that cannot be read or written."""

import errno
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Launch, find_controls
from tests.conftest import Run, whole_scenario, write_values
from tests.hostile.conftest import ASK, StillAnswers

needs_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
needs_links = pytest.mark.skipif(os.name == "nt", reason="Windows allows links to administrators only")
needs_modes = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this account may read and write everywhere"
)

NOT_ORDINARY = "is not an ordinary file; it was left out"


@needs_posix
def test_a_pipe_is_named_and_not_waited_for(desk: Path, still_answers: StillAnswers) -> None:
    pipe = desk / "collection" / "pipe.yaml"
    os.mkfifo(pipe)
    still_answers(f"{pipe}: {NOT_ORDINARY}")


@needs_posix
def test_a_pipe_in_place_of_the_profile_or_a_policy_is_not_waited_for(
    desk: Path, desk_home: Path, still_answers: StillAnswers
) -> None:
    policy, profile = desk_home / "config" / "policies" / "pipe.yaml", desk_home / "config" / "profile.yaml"
    os.mkfifo(policy)
    os.mkfifo(profile)
    still_answers(f"{policy}: {NOT_ORDINARY}", f"{profile}: {NOT_ORDINARY}")


@needs_posix
def test_a_socket_is_named_and_left_out(
    desk: Path, still_answers: StillAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk / "collection" / "socket.yaml"
    monkeypatch.chdir(path.parent)  # the path of a socket may have a hundred characters at most
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path.name)
        still_answers(f"{path}: {NOT_ORDINARY}")


@needs_links
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/stdin", "/dev/tty"])
def test_a_link_to_a_device_is_named_and_not_read(desk: Path, still_answers: StillAnswers, device: str) -> None:
    path = desk / "collection" / "device.yaml"
    path.symlink_to(device)
    if not os.path.exists(device):
        pytest.skip("this system has no such device")
    still_answers(f"{path}: {NOT_ORDINARY}")


@needs_links
def test_links_that_lead_nowhere_or_in_a_circle_are_named(desk: Path, still_answers: StillAnswers) -> None:
    folder = desk / "collection"
    (folder / "circle-a.yaml").symlink_to("circle-b.yaml")
    (folder / "circle-b.yaml").symlink_to("circle-a.yaml")
    (folder / "nowhere.yaml").symlink_to("not-there.yaml")
    (folder / "self.yaml").symlink_to("self.yaml")
    circle, missing = os.strerror(errno.ELOOP), os.strerror(errno.ENOENT)
    still_answers(
        f"{folder / 'circle-a.yaml'}: cannot be read: {circle}",
        f"{folder / 'circle-b.yaml'}: cannot be read: {circle}",
        f"{folder / 'nowhere.yaml'}: cannot be read: {missing}",
        f"{folder / 'self.yaml'}: cannot be read: {circle}",
    )


@needs_links
def test_links_between_folders_are_followed_once(desk: Path, still_answers: StillAnswers) -> None:
    (desk / "collection" / "up").symlink_to(desk, target_is_directory=True)
    (desk / "collection" / "here").symlink_to(".", target_is_directory=True)
    (desk / "a-circle").symlink_to("a-circle", target_is_directory=True)
    (desk / "a-nowhere").symlink_to("not-there", target_is_directory=True)
    still_answers()


def test_a_folder_with_the_name_of_a_file_is_looked_into(run: Run, desk: Path, still_answers: StillAnswers) -> None:
    (desk / "collection" / "folder.yaml").mkdir()
    write_values(desk / "collection" / "folder.yaml" / "inner-card.yaml", whole_scenario("inner-card"))
    still_answers()
    assert run("show", "--no-builtin", "inner-card").code == 0


@needs_posix
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\x1b[31mred.yaml", "[31mred.yaml"),
        ("a\nb.yaml", "a b.yaml"),
        ("a\x07\u202eb.yaml", "ab.yaml"),
        ("[b]bold[b].yaml", "[b]bold[b].yaml"),
        ("-rf.yaml", "-rf.yaml"),
        ("größe 世界.yaml", "größe 世界.yaml"),
    ],
)
def test_a_file_of_any_name_is_named_without_its_control_codes(
    desk: Path, still_answers: StillAnswers, name: str, shown: str
) -> None:
    path = desk / "collection" / name
    path.write_bytes(b"")
    still_answers(f"{path.parent}/{shown}:1:1: is empty; a scenario file starts with 'id: ' and its name")


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are no text")
def test_a_file_whose_name_is_no_text_is_named(run: Run, desk: Path, still_answers: StillAnswers) -> None:
    path = desk / "collection" / os.fsdecode(b"a\xff.yaml")
    path.write_bytes(b"")
    told = f"{path.parent}/a?.yaml:1:1: is empty; a scenario file starts with 'id: ' and its name"
    still_answers(told)
    still_answers(told)
    assert told in run("check", "--no-builtin").out.splitlines()
    for format_ in ("plain", "json", "rich", "markdown"):
        assert run("info", "--no-builtin", "--format", format_).code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are no text")
def test_folders_whose_names_are_no_text_are_used(run: Run, desk_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("config", "cache"):
        folder = desk_home / os.fsdecode(f"{name} ".encode() + b"\xff\x1b[2J\n")
        monkeypatch.setenv(f"DESKGUIDE_{name.upper()}_DIR", str(folder))
    write_values(folder.with_name(folder.name.replace("cache", "config")) / "scenarios" / "a.yaml", whole_scenario("a"))
    for _ in range(2):
        for command in (["show", "a"], ["list"], ["info"], ["check"]):
            for format_ in ("plain", "json", "rich", "markdown"):
                result = run(*command, "--no-builtin", "--format", format_)
                assert (result.code, result.err) == (0, ""), command
                assert find_controls(result.out) == []
    assert [p.suffix for p in folder.iterdir()] == [".store"]


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, path: Path, reason: int = errno.EACCES) -> None:
    """Let ``os.<name>`` fail for one path as the system would."""
    original: Callable[..., Any] = getattr(os, name)

    def refusing(wanted: Any, *arguments: Any, **options: Any) -> Any:
        if os.fspath(wanted) == str(path):
            raise OSError(reason, os.strerror(reason), str(path))
        return original(wanted, *arguments, **options)

    monkeypatch.setattr(os, name, refusing)


@pytest.mark.parametrize("reason", [errno.EACCES, errno.EIO, errno.ESTALE if hasattr(errno, "ESTALE") else errno.EIO])
def test_a_folder_that_cannot_be_read_is_named_and_the_others_answer(
    desk: Path, still_answers: StillAnswers, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    for name in ("scandir", "open"):  # systems differ in which lists a folder
        refuse(monkeypatch, name, desk / "operations", reason)
    still_answers(f"{desk / 'operations'}: this folder cannot be read: {os.strerror(reason)}")


@pytest.mark.parametrize("reason", [errno.EACCES, errno.EIO, errno.EISDIR])
def test_a_file_that_cannot_be_read_is_named_and_the_others_answer(
    desk: Path, still_answers: StillAnswers, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    path = desk / "operations" / "umbrella-lost.yaml"
    path.write_bytes(path.read_bytes() + b"\n")
    refuse(monkeypatch, "open", path, reason)
    still_answers(f"{path}: cannot be read: {os.strerror(reason)}")


@needs_modes
def test_a_folder_and_a_file_closed_to_this_account_are_named(desk: Path, still_answers: StillAnswers) -> None:
    folder, file = desk / "operations", desk / "safety" / "kitchen-smoke.yaml"
    file.chmod(0)
    folder.chmod(0)
    denied = os.strerror(errno.EACCES)
    try:
        still_answers(f"{folder}: this folder cannot be read: {denied}", f"{file}: cannot be read: {denied}")
    finally:
        folder.chmod(0o700)


def test_a_named_folder_that_cannot_be_used_ends_with_3(run: Run, desk: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for name in ("none", "file", "file/below", "a\0b", "x" * 300):
        result = run(*ASK, "--scenarios", str(tmp_path / name))
        assert (result.code, result.out) == (3, "")
        assert result.err.startswith("deskguide: ")
        assert result.err.count("\n") == 1
        assert find_controls(result.err) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 50, b"manager: !x y", b"manager: [a]", b"bogus: a"])
def test_a_named_profile_that_cannot_be_used_ends_with_3(run: Run, desk: Path, desk_home: Path, content: bytes) -> None:
    path = desk_home / "config" / "profiles" / "main.yaml"
    path.parent.mkdir()
    path.write_bytes(content)
    for _ in range(2):
        result = run(*ASK, "--profile", "main")
        assert (result.code, result.out) == (3, "")
        assert result.err.startswith(f"deskguide: {path}: ")


def test_a_configuration_folder_that_is_a_file_leaves_the_rest_to_answer(
    run: Run, desk: Path, desk_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk_home / "file").write_bytes(b"")
    monkeypatch.setenv("DESKGUIDE_CONFIG_DIR", str(desk_home / "file"))
    result = run(*ASK, "--scenarios", str(desk))
    assert result.code == 0
    assert result.out.startswith("[routine · seed-swap]\n")
    assert find_controls(result.err) == []


@pytest.mark.parametrize("kind", ["missing", "file", "below a file", "dangling link", "circle", "relative", "long"])
def test_a_cache_folder_that_cannot_be_used_still_answers(
    run: Run, desk: Path, desk_home: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    cache = desk_home / "other"
    if kind in ("dangling link", "circle"):
        if os.name == "nt":
            pytest.skip("Windows allows links to administrators only")
        cache.symlink_to("not-there/deeper" if kind == "dangling link" else "other")
    elif kind in ("file", "below a file"):
        cache.write_bytes(b"")
    values = {"below a file": cache / "below", "long": cache / ("x" * 300), "relative": Path("relative")}
    monkeypatch.chdir(desk_home)
    monkeypatch.setenv("DESKGUIDE_CACHE_DIR", str(values.get(kind, cache)))
    for _ in range(2):
        result = run(*ASK)
        assert (result.code, result.err) == (0, "")
        assert result.out.startswith("[routine · seed-swap]\n")
    is_kept = json_info(run)["store_kept"]
    assert is_kept == (kind in ("missing", "relative"))


def json_info(run: Run) -> dict[str, Any]:
    import json

    told: dict[str, Any] = json.loads(run("info", "--no-builtin", "--format", "json").out)
    return told


@pytest.mark.parametrize("name", ["replace", "makedirs", "open"])
@pytest.mark.parametrize("reason", [errno.EROFS, errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.EIO])
def test_a_store_that_cannot_be_written_is_done_without(
    run: Run, desk: Path, desk_home: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: int
) -> None:
    original: Callable[..., Any] = getattr(os, name)

    def refusing(path: Any, *arguments: Any, **options: Any) -> Any:
        if str(desk_home / "cache") in os.fspath(path):
            raise OSError(reason, os.strerror(reason))
        return original(path, *arguments, **options)

    monkeypatch.setattr(os, name, refusing)
    for _ in range(2):
        result = run(*ASK)
        assert (result.code, result.err) == (0, "")
        assert result.out.startswith("[routine · seed-swap]\n")
    assert json_info(run)["store_kept"] is False
    assert list((desk_home / "cache").iterdir()) == []


@needs_modes
def test_a_cache_folder_that_may_only_be_read_keeps_its_store_in_use(
    run: Run, desk: Path, desk_home: Path, still_answers: StillAnswers
) -> None:
    (desk_home / "cache").chmod(0o500)
    try:
        still_answers()
        write_values(desk / "collection" / "new-card.yaml", whole_scenario("new-card"))
        still_answers()
        assert run("show", "--no-builtin", "new-card").code == 0
    finally:
        (desk_home / "cache").chmod(0o700)


def test_a_file_that_changes_while_it_is_asked_of_is_read_anew_each_time(
    run: Run, desk: Path, still_answers: StillAnswers
) -> None:
    path = desk / "collection" / "new-card.yaml"
    for number in range(5):
        write_values(path, whole_scenario("new-card", title=f"Title {number}"))
        assert f"\nTitle {number}\n" in run("show", "--no-builtin", "new-card").out
        path.write_bytes(b"")
        still_answers(f"{path}:1:1: is empty; a scenario file starts with 'id: ' and its name")


@needs_posix
def test_no_home_and_no_folders_at_all_still_answer(launch: Launch, desk: Path, tmp_path: Path) -> None:
    nothing = {"HOME": str(tmp_path / "none"), "DESKGUIDE_CONFIG_DIR": None, "DESKGUIDE_CACHE_DIR": None}
    variables = {**nothing, "XDG_CONFIG_HOME": None, "XDG_CACHE_HOME": "/dev/null/x", "TMPDIR": "/dev/null"}
    done = launch(*ASK, "--scenarios", str(desk), **variables)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith("[routine · seed-swap]\n".encode())
