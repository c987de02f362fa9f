import pytest

from deskguide.errors import DeskguideError, UnknownName, UnusablePath, Unwritable


def test_an_unusable_path_names_the_path_before_the_reason() -> None:
    error = UnusablePath("here/there", "is not a folder")
    assert (str(error), error.path, error.reason) == ("here/there: is not a folder", "here/there", "is not a folder")


@pytest.mark.parametrize(
    ("nearest", "hint", "text"),
    [
        ([], "", "no state is called 'zz'"),
        (["NY"], "", "no state is called 'zz'; did you mean NY?"),
        ([], "use its code", "no state is called 'zz'; use its code"),
        (["NY", "NM", "NC"], "use its code", "no state is called 'zz'; did you mean NY, NM or NC? use its code"),
    ],
)
def test_an_unknown_name_is_told_with_what_it_may_have_meant_and_what_to_do(
    nearest: list[str], hint: str, text: str
) -> None:
    error = UnknownName("state", "zz", nearest, hint)
    assert str(error) == text
    assert (error.kind, error.name, error.nearest, error.hint) == ("state", "zz", tuple(nearest), hint)


def test_every_error_is_one_that_a_person_can_be_told() -> None:
    told: list[DeskguideError] = [UnusablePath("a", "b"), UnknownName("a", "b", []), Unwritable("c")]
    assert [str(e) for e in told] == ["a: b", "no a is called 'b'", "c"]
