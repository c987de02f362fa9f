import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deskguide.cli.streams import Streams, can_encode, encoding_of
from deskguide.errors import Unwritable
from tests.cli.conftest import Launch, command, environment_with, find_controls
from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("desk")
ASK = ("ask", "--no-builtin", "--top", "1", "patron wants to swap tomato seeds")


@pytest.mark.parametrize("columns", ["1", "40", "80", "200"])
@pytest.mark.parametrize("format_", ["plain", "rich"])
def test_a_page_flows_to_the_width_that_is_there(
    run: Run, monkeypatch: pytest.MonkeyPatch, columns: str, format_: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    result = run(*ASK, "--format", format_)
    assert result.code == 0
    widest = max(len(line) for line in result.out.splitlines())
    assert widest <= min(max(int(columns), 20), 96)


@pytest.mark.parametrize("columns", ["0", "-5", "wide", "", "1e9", "99999999999999999999"])
def test_a_width_that_is_none_is_not_believed(run: Run, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    result = run(*ASK)
    assert result.code == 0
    assert max(len(line) for line in result.out.splitlines()) <= 96


def test_a_terminal_gets_color_and_boxes_and_a_pipe_plain_text(run: Run) -> None:
    shown = run(*ASK, terminal=True).out
    assert "\x1b[" in shown
    assert "╭" in shown
    piped = run(*ASK).out
    assert find_controls(piped) == []
    assert "╭" not in piped


@pytest.mark.parametrize(
    ("variables", "has_color", "has_boxes"),
    [
        ({"NO_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, False, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, True),
    ],
)
def test_a_terminal_s_wishes_are_honored(
    run: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], has_color: bool, has_boxes: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    shown = run(*ASK, terminal=True).out
    assert ("\x1b[" in shown, "╭" in shown) == (has_color, has_boxes)


def test_color_can_be_forced_into_a_pipe(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run(*ASK, "--format", "rich").out
    assert "\x1b[" not in run(*ASK, "--format", "plain").out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1"])
@pytest.mark.parametrize("format_", ["plain", "rich", "markdown", "json"])
def test_an_output_with_few_characters_shows_plainer_ones(run: Run, encoding: str, format_: str) -> None:
    result = run(*ASK, "--format", format_, encoding=encoding)
    assert result.code == 0
    assert "Patron wants to swap garden seeds" in result.out
    assert "?" not in result.out.replace("How can I help?", "")
    if encoding == "ascii":
        assert result.out.isascii()


def test_lines_keep_their_width_where_characters_are_replaced(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk / "collection" / "seed-swap.yaml"
    text = path.read_text(encoding="utf-8").replace("Listen first.", "§ 1 … " * 12)
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "40")
    for line in run(*ASK, encoding="ascii").out.splitlines():
        assert len(line) <= 40


def test_a_reader_that_goes_away_ends_it_quietly(launch: Launch) -> None:
    process = subprocess.Popen(
        command("list", "--no-builtin"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment_with({})
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 0
    assert error == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no device that is always full")
def test_a_full_disk_is_told_of(launch: Launch) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command(*ASK), stdout=full, stderr=subprocess.PIPE, env=environment_with({}), check=False)
    assert done.returncode == 3
    assert done.stderr == b"deskguide: the result could not be written: No space left on device\n"


@pytest.mark.skipif(os.name == "nt", reason="there are no POSIX signals")
def test_ctrl_c_ends_at_once_with_130(launch: Launch) -> None:
    process = subprocess.Popen(
        command("ask", "--no-builtin", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment_with({"PYTHONUNBUFFERED": "1"}),
    )
    import time

    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == b""
    assert b"Traceback" not in err


@pytest.mark.parametrize("missing", ["stdout", "stderr", "stdin"])
def test_a_stream_that_is_not_there_is_done_without(
    run: Run, monkeypatch: pytest.MonkeyPatch, missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from deskguide.cli import run as run_command

    monkeypatch.setattr(sys, missing, None)
    assert run_command(["list", "--no-builtin"]) == 0
    assert run_command(["show", "--no-builtin", "zzz"]) == 1
    assert run_command(["ask", "--no-builtin", "-"]) == 2


def test_bytes_that_are_not_utf_8_are_read_as_far_as_they_go(launch: Launch) -> None:
    done = launch("ask", "--no-builtin", "--top", "0", "-", stdin=b"swap garden seeds \xff\xfe")
    assert done.returncode == 0
    assert b"[routine \xc2\xb7 seed-swap]" in done.stdout


def test_messages_have_no_control_codes(run: Run) -> None:
    for name in ("\x1b[2J", "\x9b31m", "\u202ex", "a\nb"):
        assert find_controls(run("show", "--no-builtin", "--", name).err) == []


class _Broken(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def fileno(self) -> int:
        raise OSError


def test_a_result_that_cannot_be_written_is_an_error_and_a_message_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", _Broken())
    monkeypatch.setattr(sys, "stderr", _Broken())
    streams = Streams()
    streams.message("lost")
    assert streams.err is None
    with pytest.raises(Unwritable, match="No space left on device"):
        streams.result("text")
    assert streams.out is None
    streams.result("dropped in silence")


def test_the_encoding_of_a_stream_without_one_is_taken_to_hold_everything() -> None:
    assert encoding_of(None) == "utf-8"
    assert can_encode("╭", "utf-8")
    assert not can_encode("╭", "ascii")
    assert not can_encode("x", "no-such-encoding")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_replies_in_another_encoding_than_the_stream_claims_are_read_as_utf_8(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    stream = io.TextIOWrapper(io.BytesIO("B\u00fccherei \u4e2d\n\u00fc\n".encode()), encoding=encoding)
    monkeypatch.setattr(sys, "stdin", stream)
    streams = Streams()
    streams.err = None
    expected = ["B\u00fccherei \u4e2d", "\u00fc"]
    if encoding == "cp1252":  # has a character for nearly every byte, so it is taken at its word
        expected = [text.encode().decode("cp1252") for text in expected]
    assert [streams.ask(""), streams.ask("")] == expected
