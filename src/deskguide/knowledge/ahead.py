"""Work done in a copy of this process while it goes on.

A large library's folders are looked at so while the answer is found: to look at ten thousand files takes as long.
Systems that cannot copy a process (Windows, which tells of files while it lists them and so is quicker at it) do the
work when its result is asked for.
"""

import os
from collections.abc import Callable


def begin(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Begin some work that changes nothing, and return what waits for its result. Errors are raised on waiting."""
    if not hasattr(os, "fork"):
        return work
    try:
        reader, writer = os.pipe()
    except OSError:
        return work
    try:
        child = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        return work
    if child == 0:
        _work_and_end(work, writer)
    os.close(writer)

    def wait() -> bytes:
        with os.fdopen(reader, "rb") as file:
            result = file.read()
        _, status = os.waitpid(child, 0)
        # An error is met again here, where it can be told of.
        return result if status == 0 else work()

    return wait


def _work_and_end(work: Callable[[], bytes], writer: int) -> None:
    """Write a result and end this process, without anything that the original does at its end."""
    status = 1
    try:
        with os.fdopen(writer, "wb") as file:
            file.write(work())
        status = 0
    finally:
        os._exit(status)
