from deskguide.model import Fault
from deskguide.show.faults import fault_line, render_faults

ERROR = Fault("a.yaml", 3, 5, "is empty")
WARNING = Fault("b\x1b.yaml", 0, 0, "is weak", "warning")


def test_a_fault_says_where_and_what() -> None:
    assert fault_line(ERROR) == "a.yaml:3:5: is empty"


def test_a_warning_says_that_it_is_one_and_controls_are_dropped() -> None:
    assert fault_line(WARNING) == "b.yaml: warning: is weak"


def test_the_last_line_counts() -> None:
    assert render_faults([ERROR, WARNING], 2, 1) == (
        "a.yaml:3:5: is empty\nb.yaml: warning: is weak\n2 files with 1 scenario: 1 fault, 1 warning.\n"
    )
    assert render_faults([], 1, 1) == "1 file with 1 scenario: no fault.\n"


def test_markdown_is_a_list() -> None:
    assert render_faults([ERROR], 1, 1, is_markdown=True) == (
        "- a.yaml:3:5: is empty\n\n1 file with 1 scenario: 1 fault, 0 warnings.\n"
    )
