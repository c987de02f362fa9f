"""Faults as lines that a person and an editor can read: ``file:line:column: what is wrong and how to mend it``."""

from collections.abc import Sequence

from deskguide.model import Fault
from deskguide.text import clean, count


def fault_line(fault: Fault) -> str:
    """Return one fault on one line; a warning says that it is one."""
    where = f"{fault.file}:{fault.line}:{fault.column}" if fault.line else fault.file
    label = "warning: " if fault.severity == "warning" else ""
    return clean(f"{where}: {label}{fault.message}")


def render_faults(faults: Sequence[Fault], files: int, scenarios: int, *, is_markdown: bool = False) -> str:
    """Return all faults, one a line, and a line on what was looked at."""
    start = "- " if is_markdown else ""
    errors = sum(fault.severity == "error" for fault in faults)
    found = ", ".join([count(errors, "fault"), count(len(faults) - errors, "warning")]) if faults else "no fault"
    looked = f"{count(files, 'file')} with {count(scenarios, 'scenario')}: {found}."
    lines = [start + fault_line(fault) for fault in faults]
    return "\n".join([*lines, *([""] if is_markdown and lines else []), looked]) + "\n"
