import json

import pytest

from deskguide.author.schema import KINDS
from tests.conftest import Run
from tests.schemas import DATA


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_schema_is_what_the_command_prints(run: Run, kind: str) -> None:
    shipped = (DATA / "schema" / f"{kind}.json").read_bytes().decode("ascii")
    assert run("schema", "--kind", kind) == (0, shipped.replace("\r\n", "\n"), "")


def test_without_a_kind_it_is_the_scenarios(run: Run) -> None:
    result = run("schema")
    assert (result.code, result.err) == (0, "")
    assert result.out == run("schema", "--kind", "scenario").out
    assert json.loads(result.out)["title"] == "deskguide scenario"


def test_an_unknown_kind_names_the_nearest(run: Run) -> None:
    assert run("schema", "--kind", "profil") == (
        2,
        "",
        "deskguide: no kind of file is called 'profil'; did you mean profile? "
        "the kinds are scenario, policy, profile\n",
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-16"])
def test_any_output_can_carry_a_schema(run: Run, encoding: str) -> None:
    assert run("schema", "--kind", "policy", encoding=encoding).out == run("schema", "--kind", "policy").out


def test_a_terminal_gets_the_same_without_a_pager(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "no-such-pager")
    assert run("schema", terminal=True) == run("schema")
