"""Packs for tests: sound ones, and zip files built by hand that only look like one."""

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import whole_scenario, write_values

GOAT = "scenarios/operations/goat-outside.yaml"
RULES = "policies/goat-rules.yaml"
GOAT_VALUES = whole_scenario(
    "goat-outside", category="operations", policies=[{"id": "goat-rules", "why": "It says where goats wait."}]
)
RULES_VALUES = {
    "id": "goat-rules",
    "title": "Rules for goats",
    "kind": "local-policy",
    "issuer": "Juniper Public Library",
    "summary": "Goats wait outside.",
}


def dump(values: Mapping[str, Any]) -> bytes:
    return yaml.safe_dump(dict(values), sort_keys=False, allow_unicode=True).encode()


FILES: dict[str, bytes] = {RULES: dump(RULES_VALUES), GOAT: dump(GOAT_VALUES)}


def write_folder(folder: Path, *, category: str = "operations", **keys: Any) -> Path:
    """Write a folder of one scenario and one policy, as a library has it."""
    values = {**GOAT_VALUES, "category": category, **keys}
    write_values(folder / category / "goat-outside.yaml", values)
    write_values(folder / "policies" / "goat-rules.yaml", RULES_VALUES)
    return folder


def write_added(config: Path, name: str, **keys: Any) -> Path:
    """Write a pack as it lies once it was added, and return its folder."""
    folder = config / "packs" / name
    write_values(folder / "scenarios" / "operations" / "goat-outside.yaml", {**GOAT_VALUES, **keys})
    write_values(folder / "policies" / "goat-rules.yaml", RULES_VALUES)
    return folder


def manifest_of(contents: Mapping[str, bytes], /, **keys: Any) -> dict[str, Any]:
    """Return the manifest that fits ``contents``, with ``keys`` in place of the right ones."""
    listed = [
        {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in contents.items()
    ]
    policies = sum(name.startswith("policies/") for name in contents)
    right = {
        "format": 1,
        "name": "juniper",
        "title": "Goats of Juniper",
        "scenarios": len(listed) - policies,
        "policies": policies,
        "deskguide": "0.1.0",
        "files": listed,
    }
    return {**right, **keys}


def entry(name: str, mode: int = stat.S_IFREG | 0o644, **attributes: Any) -> zipfile.ZipInfo:
    """Return an entry with a name that zipfile does not touch."""
    info = zipfile.ZipInfo("x", (1980, 1, 1, 0, 0, 0))
    info.filename = name
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = mode << 16
    for key, value in attributes.items():
        setattr(info, key, value)
    return info


def zip_entries(entries: Sequence[tuple[str | zipfile.ZipInfo, bytes]], comment: bytes = b"") -> bytes:
    """Return a zip file of these entries, one after the other."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = comment
        for name, content in entries:
            info = entry(name) if isinstance(name, str) else name
            archive.NameToInfo.pop(info.filename, None)  # a name that stands twice is meant
            archive.writestr(info, content)
    return buffer.getvalue()


def zip_files(contents: Mapping[str, bytes] = FILES, /, manifest: bytes | None = None, **keys: Any) -> bytes:
    """Return a pack of ``contents`` with the manifest that fits them (``keys`` changed), or another in its place."""
    pairs = list(contents.items())
    content = json.dumps(manifest_of(contents, **keys)).encode() if manifest is None else manifest
    return zip_entries([("manifest.json", content), *pairs])


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Return every file below a folder with its content, and every folder."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }
