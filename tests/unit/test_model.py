import pytest

from deskguide.model import CATEGORIES, POLICY_KINDS, PRIORITIES, Fault, Profile


def test_a_fault_is_an_error_unless_it_says_otherwise() -> None:
    assert Fault("a.yaml", 1, 2, "wrong").severity == "error"


def test_values_cannot_be_changed_after_they_are_made() -> None:
    profile = Profile({}, "ID", 12, {}, "")
    with pytest.raises(AttributeError):
        profile.state = "NY"  # type: ignore[misc]


@pytest.mark.parametrize("names", [CATEGORIES, POLICY_KINDS, PRIORITIES])
def test_no_name_of_a_kind_stands_twice(names: tuple[str, ...]) -> None:
    assert len(set(names)) == len(names)


def test_priorities_rise() -> None:
    assert PRIORITIES == ("routine", "sensitive", "urgent", "emergency")
