"""Puts the compiled form of the shipped scenarios into the wheel, so that the first answer needs no building."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileShipped(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles data/scenarios and data/policies with the package's own code."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and tell the builder where the result belongs. An editable install reads the files themselves."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        try:
            from deskguide.cli.desk import compile_entries, compiled_stamp
            from deskguide.knowledge.build import compile_shipped
            from deskguide.knowledge.library import COMPILED
            from deskguide.knowledge.places import Places, find_places
        finally:
            del sys.path[0]
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / COMPILED
        environment = {"DESKGUIDE_CONFIG_DIR": self.folder.name, "DESKGUIDE_CACHE_DIR": self.folder.name}
        shipped = Places(find_places(environment).layers[:1], "", "", "")
        problem = compile_shipped(str(path), shipped, compile_entries, compiled_stamp())
        if problem:
            raise RuntimeError(f"the shipped scenarios could not be compiled: {problem}")
        build_data["force_include"][str(path)] = f"deskguide/data/{COMPILED}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Delete the temporary folder."""
        if version != "editable":
            self.folder.cleanup()
