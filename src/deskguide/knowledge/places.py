"""Which folders hold what, in which order. Reads nothing but the names of files.

A layer is a folder of scenario files, ``<category>/<id>.yaml``, with policy files in ``policies/``.
Later layers lie over earlier ones: shipped, then the packs that were added from other libraries, then local, then
those named by the person.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from deskguide.errors import UnusablePath
from deskguide.model import Fault
from deskguide.text import join_words

SHIPPED = "shipped"
LOCAL = "local"
PACKS = "packs"
"""The folder below the configuration that holds one folder for each pack that was added."""
ASIDE = ".old."
"""A pack lies aside under this and its name while another takes its place; it counts as long as that is not there."""
MAX_PACK_NAME = 40
"""Characters in a pack's name, so that the paths below it stay within the 260 that Windows takes."""

MAX_DEPTH = 4
"""How many folders below a layer's own are looked into: one is needed, the rest is kindness; it ends loops of links."""
MAX_FILES = 50_000
"""Files read from one layer at most, so that a layer that is by mistake a whole disk does not hang the desk."""

_POLICY_FOLDER = "policies"
_SUFFIXES = (".yaml", ".yml")
_KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")


Kind = Literal["scenario", "policy", "profile"]


class Layer(NamedTuple):
    """A named folder of scenario files, with the folders that its policy files lie in."""

    name: str
    scenarios: str
    policies: tuple[str, ...]


class Places(NamedTuple):
    """Every folder that a run uses.

    ``config`` and ``cache`` are empty where the system names none. ``profile`` is the path of the chosen
    profile, which need not exist.
    """

    layers: tuple[Layer, ...]
    config: str
    cache: str
    profile: str


class FoundFile(NamedTuple):
    """A file as the folder lists it, with what tells whether it has changed since.

    ``stamp`` is (size, modified ns, changed ns, inode): a rewrite with the same length and the modified
    time set back still differs in the time of change or the inode wherever the system keeps them.
    """

    path: str
    layer: int
    kind: Kind
    stamp: tuple[int, int, int, int]


def shipped_data() -> Path:
    """Return the folder of the shipped data: inside the package, or, in an editable install, beside ``src``."""
    package = Path(__file__).parent.parent
    inside = package / "data"
    return inside if inside.is_dir() else package.parent.parent / "data"


def find_places(
    environment: Mapping[str, str],
    *,
    named: Sequence[str] = (),
    has_builtin: bool = True,
    profile: str = "",
) -> Places:
    """Return the folders for this run.

    ``named`` are the folders from the command line; those in ``DESKGUIDE_SCENARIOS`` lie below them.
    ``profile`` chooses ``profiles/<profile>.yaml`` in place of ``profile.yaml``. Raises UnusablePath for a
    named folder that cannot be read, and for a named profile that is not there.
    """
    config = environment.get("DESKGUIDE_CONFIG_DIR", "")
    cache = environment.get("DESKGUIDE_CACHE_DIR", "")
    if not config or not cache:
        usual_config, usual_cache = _usual_folders()
        config, cache = config or usual_config, cache or usual_cache
    layers = []
    if has_builtin:
        data = str(shipped_data())
        layers.append(Layer(SHIPPED, os.path.join(data, "scenarios"), (os.path.join(data, _POLICY_FOLDER),)))
    if config:
        layers += _pack_layers(os.path.join(config, PACKS))
        local = os.path.join(config, "scenarios")
        policies = (os.path.join(config, _POLICY_FOLDER), os.path.join(local, _POLICY_FOLDER))
        layers.append(Layer(LOCAL, local, policies))
    from_environment = [p for p in environment.get("DESKGUIDE_SCENARIOS", "").split(os.pathsep) if p]
    for folder in named:
        require_folder(folder)
    for folder in (*from_environment, *named):
        root = os.path.abspath(folder)
        layers.append(Layer(root, root, (os.path.join(root, _POLICY_FOLDER),)))
    return Places(tuple(layers), config, cache, _profile_path(config, profile))


def is_pack_name(name: str) -> bool:
    """Tell whether a pack can have this name: kebab-case, none that a layer or a device of Windows has."""
    is_taken = name in (SHIPPED, LOCAL) or is_device(name)
    return len(name) <= MAX_PACK_NAME and _KEBAB.fullmatch(name) is not None and not is_taken


def is_device(name: str) -> bool:
    """Tell whether Windows keeps this name, in small letters and without a suffix, for a device."""
    return _DEVICE.fullmatch(name) is not None


def find_packs(config: str) -> dict[str, str]:
    """Return the folders of the packs below the configuration by their names, sorted.

    Folders whose name starts with a dot are none, except one that lies aside for another that never arrived.
    Raises OSError if the folder of packs is there and cannot be read.
    """
    try:
        with os.scandir(os.path.join(config, PACKS)) as listing:
            folders = {entry.name: entry.path for entry in listing if _is_folder(entry)}
    except FileNotFoundError:
        return {}
    there = {name: path for name, path in folders.items() if not name.startswith(".")}
    aside = {name.removeprefix(ASIDE): path for name, path in folders.items() if name.startswith(ASIDE)}
    aside = {name: path for name, path in aside.items() if is_pack_name(name)}
    return dict(sorted({**aside, **there}.items()))


def _pack_layers(folder: str) -> list[Layer]:
    try:
        packs = find_packs(os.path.dirname(folder))
    except OSError:
        # As a layer of its own it is told of with everything else that cannot be read.
        return [Layer(folder, folder, ())] if os.path.lexists(folder) else []
    return [
        # A folder that somebody laid there by hand may be called anything, "local" among it.
        Layer(
            name if is_pack_name(name) else path,
            os.path.join(path, "scenarios"),
            (os.path.join(path, _POLICY_FOLDER),),
        )
        for name, path in packs.items()
    ]


def _profile_path(config: str, name: str) -> str:
    if not name:
        return os.path.join(config, "profile.yaml") if config else ""
    folder = os.path.join(config, "profiles")
    path = os.path.join(folder, f"{name}.yaml")
    if os.path.basename(name) != name or not os.path.isfile(path):
        try:
            known = sorted(f.removesuffix(".yaml") for f in os.listdir(folder) if f.endswith(".yaml"))
        except OSError:
            known = []
        tip = f"the profiles there are {join_words(known, 'and')}" if known else "there are no profiles there yet"
        raise UnusablePath(path, f"no such profile; {tip}")
    return path


def _usual_folders() -> tuple[str, str]:
    """Return the system's configuration and cache folder for deskguide, or empty texts where there is no home."""
    try:
        import platformdirs

        return (
            platformdirs.user_config_dir("deskguide", appauthor=False, roaming=True),
            platformdirs.user_cache_dir("deskguide", appauthor=False),
        )
    except (OSError, RuntimeError, KeyError):
        return "", ""


def require_folder(folder: str) -> None:
    """Raise UnusablePath unless ``folder`` can be listed."""
    try:
        os.listdir(folder)
    except NotADirectoryError:
        raise UnusablePath(folder, "is not a folder; name the folder that holds the scenario files") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "cannot be used"
        raise UnusablePath(folder, f"{reason}; name a folder that holds scenario files") from None


def list_files(places: Places, *, has_shipped: bool = True) -> tuple[list[FoundFile], list[Fault]]:
    """List the YAML files of all layers in a fixed order, and the folders that could not be read.

    With ``has_shipped`` false the shipped layer is left out: its compiled form is used.
    """
    files: list[FoundFile] = []
    faults: list[Fault] = []
    for number, layer in enumerate(places.layers):
        if layer.name == SHIPPED and not has_shipped:
            continue
        is_named = layer.name == layer.scenarios
        if is_named and not os.path.isdir(layer.scenarios):
            faults.append(Fault(layer.scenarios, 0, 0, "is not a folder that can be read; it was left out"))
            continue
        skip = {os.path.normcase(p) for p in layer.policies}
        found = 0
        for folder in (layer.scenarios, *layer.policies):
            kind: Kind = "scenario" if folder == layer.scenarios else "policy"
            for entry in _walk(folder, skip if kind == "scenario" else set(), MAX_DEPTH, set(), faults):
                found += 1
                if found > MAX_FILES:
                    message = f"holds more than {MAX_FILES:,} scenario files; the rest was left out"
                    faults.append(Fault(layer.scenarios, 0, 0, message))
                    break
                stamp = _stamp(entry.path, faults)
                if stamp is not None:
                    files.append(FoundFile(entry.path, number, kind, stamp))
    if places.profile and os.path.lexists(places.profile):
        stamp = _stamp(places.profile, faults)
        if stamp is not None:
            files.append(FoundFile(places.profile, len(places.layers), "profile", stamp))
    return files, faults


def find_file(path: str, layer: int) -> FoundFile:
    """Return one file that was named by itself, as part of a layer. What it holds shows in where it lies.

    Raises UnusablePath if it cannot be read.
    """
    faults: list[Fault] = []
    stamp = _stamp(path, faults)
    if stamp is None:
        raise UnusablePath(path, faults[0].message)
    folder = os.path.basename(os.path.dirname(path))
    kind: Kind = "policy" if folder == _POLICY_FOLDER else "profile" if is_profile(path) else "scenario"
    return FoundFile(path, layer, kind, stamp)


def is_profile(path: str) -> bool:
    """Tell whether a path is where profiles lie."""
    folder, name = os.path.split(path)
    return name == "profile.yaml" or os.path.basename(folder) == "profiles"


def is_below(path: str, folder: str) -> bool:
    """Tell whether ``path`` is ``folder`` or lies in it, by their names."""
    whole, top = os.path.normcase(os.path.abspath(path)), os.path.normcase(os.path.abspath(folder))
    return whole == top or whole.startswith(top.rstrip(os.sep) + os.sep)


def _walk(
    folder: str, skip: set[str], depth: int, seen: set[tuple[int, int]], faults: list[Fault]
) -> Iterator[os.DirEntry[str]]:
    """Yield the YAML files below a folder in order of name. ``seen`` ends loops of links."""
    try:
        info = os.stat(folder)
        if (info.st_dev, info.st_ino) in seen:
            return
        seen.add((info.st_dev, info.st_ino))
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda e: e.name)
    except FileNotFoundError:
        return
    except OSError as error:
        faults.append(Fault(folder, 0, 0, f"this folder cannot be read: {error.strerror}"))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if _is_folder(entry):
            if depth > 1 and os.path.normcase(entry.path) not in skip:
                yield from _walk(entry.path, skip, depth - 1, seen, faults)
        elif entry.name.lower().endswith(_SUFFIXES):
            yield entry


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of links, which is told of if it has the name of a scenario file
        return False


def _stamp(path: str, faults: list[Fault]) -> tuple[int, int, int, int] | None:
    try:
        info = os.stat(path)
    except OSError as error:
        faults.append(Fault(path, 0, 0, f"cannot be read: {error.strerror}"))
        return None
    if not stat.S_ISREG(info.st_mode):
        faults.append(Fault(path, 0, 0, "is not an ordinary file; it was left out"))
        return None
    return info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino
