"""What a stranger gets: the wheel and the source archive, installed in a clean environment, asked from elsewhere."""

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Build both archives: the wheel from the unpacked source archive, as an installer would."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    return {path.suffix: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def deskguide(archives: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the command of an environment that holds the wheel and what this one has of its dependencies."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    where = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout.strip()
    with zipfile.ZipFile(archives[".whl"]) as wheel:
        wheel.extractall(where)
    import typer  # the dependencies lie where typer lies

    (Path(where) / "dependencies.pth").write_text(str(Path(typer.__file__).parent.parent), encoding="utf-8")
    return [str(python), "-I", "-W", "error", "-m", "deskguide"]


def _run(command: list[str], *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DESKGUIDE_", "COV_", "COVERAGE_", "PYTHON"))},
        "DESKGUIDE_CONFIG_DIR": str(folder / "config"),
        "DESKGUIDE_CACHE_DIR": str(folder / "cache"),
    }
    return subprocess.run(
        [*command, *arguments], capture_output=True, encoding="utf-8", cwd=folder, env=environment, check=False
    )


def test_the_wheel_holds_the_data_and_the_licenses(archives: dict[str, Path]) -> None:
    shipped = {p.relative_to(ROOT / "data").as_posix() for p in (ROOT / "data").rglob("*") if p.is_file()}
    with zipfile.ZipFile(archives[".whl"]) as wheel:
        names = wheel.namelist()
    assert {f"deskguide/data/{name}" for name in shipped} <= set(names)
    assert "deskguide/py.typed" in names
    assert {Path(n).name for n in names if "/licenses/" in n} >= {"LICENSE", "NOTICE"}
    assert not [n for n in names if n.startswith(("tests/", "benchmarks/"))]


def test_the_source_archive_can_be_tested_and_holds_nothing_made(archives: dict[str, Path]) -> None:
    with tarfile.open(archives[".gz"]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "tests/conftest.py", "data/matching/words.bin", "NOTICE"} <= names
    assert not [n for n in names if "__pycache__" in n or (n.startswith(".") and n != ".gitignore")]


def test_a_wheel_answers_from_another_folder(deskguide: list[str], tmp_path: Path) -> None:
    where = _run(deskguide, "info", "--format", "plain", folder=tmp_path)
    assert where.stderr == ""
    assert str(ROOT) not in where.stdout
    assert "200 shipped" in where.stdout
    for _ in ("a cold cache", "a warm one"):
        asked = _run(deskguide, "ask", "patron", "wants", "a", "book", "removed", folder=tmp_path)
        assert (asked.returncode, asked.stderr) == (0, "")
        assert "book-removal-request" in asked.stdout
    shown = _run(deskguide, "show", "privacy-request", folder=tmp_path)
    assert (shown.returncode, shown.stderr) == (0, "")
    listed = _run(deskguide, "list", folder=tmp_path)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "unblock-website-request" in listed.stdout


def test_an_editable_install_finds_the_data_beside_the_source(tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); from deskguide.__main__ import main; main()"
    shown = _run([sys.executable, "-c", code], "show", "privacy-request", folder=tmp_path)
    assert (shown.returncode, shown.stderr) == (0, "")


def test_the_first_answer_of_a_wheel_builds_nothing(deskguide: list[str], tmp_path: Path) -> None:
    assert _run(deskguide, "show", "privacy-request", folder=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []
