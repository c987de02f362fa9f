"""Which folders hold what, in which order. Reads nothing but the names of files.

A layer is a folder of scenario files, ``<category>/<id>.yaml``, with policy files in ``policies/``.
Later layers lie over earlier ones: shipped, then the packs that were added from other libraries, then local, then
those named by the person.
"""

import contextlib
import json
import os
import re
import stat
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from operator import itemgetter
from pathlib import Path
from sys import byteorder
from typing import Literal, NamedTuple
from zlib import crc32

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


_pick: Callable[[os.stat_result], "Stamp"] = itemgetter(
    stat.ST_MODE, stat.ST_SIZE, stat.ST_MTIME, stat.ST_CTIME, stat.ST_INO
)

Look = Callable[[str], os.stat_result]
"""Looks at a file of a folder, by its name."""

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


Stamp = tuple[int, int, int, int, int]
"""What tells whether a file has changed: mode, size in bytes, seconds of modification and of change, inode.

A rewrite with the same length and the modified time set back still differs in the time of change or the inode
wherever the system keeps them.
"""


class FoundFile(NamedTuple):
    """A file as the folder lists it."""

    path: str
    layer: int
    kind: Kind
    stamp: Stamp

    def changed_at(self) -> int:
        """Return when the file was last changed, in seconds since 1970."""
        return max(self.stamp[2:4])


class Folder(NamedTuple):
    """A folder of a layer as it is listed: the names of the YAML files in it, sorted, and their stamps."""

    path: str
    layer: int
    kind: Kind
    names: list[str]
    stamps: list[Stamp]
    faults: list[Fault]

    @property
    def key(self) -> str:
        """Return what tells it from other folders, and from itself in another layer, in ASCII."""
        return json.dumps([self.layer, self.kind, self.path])

    def files(self) -> list[FoundFile]:
        """Return the files in it, in order of name."""
        pairs = zip(self.names, self.stamps, strict=True)
        return [FoundFile(os.path.join(self.path, name), self.layer, self.kind, stamp) for name, stamp in pairs]

    def fingerprint(self) -> str:
        """Return a short text that changes when a file is added, renamed, taken away or changed, or cannot be read."""
        names = crc32("\0".join(self.names).encode("utf-8", "surrogatepass"))
        stamps = crc32(_as_bytes(self.stamps))
        return " ".join([f"{self.layer} {names:x} {stamps:x}", *(f.message for f in self.faults)])


def _as_bytes(stamps: Sequence[Stamp]) -> bytes:
    """Return stamps as bytes, the same in every Python: desks that share a store may run different ones."""
    try:
        numbers = array("q", chain.from_iterable(stamps))
    except OverflowError:  # some systems number files in more than 63 bits
        return repr([tuple(stamp) for stamp in stamps]).encode("ascii")
    if byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


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
            folders = {entry.name: entry.path for entry in listing if _is_folder(entry.stat)}
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
    for folder in list_folders(places, has_shipped=has_shipped):
        files += folder.files()
        faults += folder.faults
    return files, faults


def list_folders(places: Places, *, has_shipped: bool = True) -> Iterator[Folder]:
    """List the folders of all layers in a fixed order, each with the YAML files that lie in it.

    A profile is listed as if it were alone in its folder.
    """
    for number, layer in enumerate(places.layers):
        if layer.name == SHIPPED and not has_shipped:
            continue
        is_named = layer.name == layer.scenarios
        if is_named and not os.path.isdir(layer.scenarios):
            fault = Fault(layer.scenarios, 0, 0, "is not a folder that can be read; it was left out")
            yield Folder(layer.scenarios, number, "scenario", [], [], [fault])
            continue
        skip = {os.path.normcase(p) for p in layer.policies}
        left = MAX_FILES
        for path in (layer.scenarios, *layer.policies):
            kind: Kind = "scenario" if path == layer.scenarios else "policy"
            for folder in _walk(path, number, kind, skip if kind == "scenario" else set(), MAX_DEPTH, set()):
                is_over = len(folder.names) > left
                if is_over:
                    message = f"holds more than {MAX_FILES:,} scenario files; the rest was left out"
                    folder.faults.append(Fault(layer.scenarios, 0, 0, message))
                    del folder.names[left:], folder.stamps[left:]
                left -= len(folder.names)
                yield folder
                if is_over:
                    break
    if places.profile and os.path.lexists(places.profile):
        faults: list[Fault] = []
        stamp = _stamp(places.profile, faults)
        path, name = os.path.split(places.profile)
        number = len(places.layers)
        yield Folder(path, number, "profile", [name] if stamp else [], [stamp] if stamp else [], faults)


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
    path: str, layer: int, kind: Kind, skip: set[str], depth: int, seen: set[tuple[int, int]]
) -> Iterator[Folder]:
    """Yield a folder and then those below it, in order of name. ``seen`` ends loops of links."""
    faults: list[Fault] = []
    try:
        info = os.stat(path)
        if (info.st_dev, info.st_ino) in seen:
            return
        seen.add((info.st_dev, info.st_ino))
        with _open_folder(path) as (listed, look):
            files = [name for name in listed if name.endswith(_SUFFIXES) and name[0] != "."]
            folders = []
            if len(files) < len(listed):
                others = [name for name in set(listed).difference(files) if name[0] != "."]
                folders = [name for name in others if _is_folder(partial(look, name))]
                # Names in capital letters are rare, and so looked for only here.
                files = sorted([*files, *(n for n in others if n.lower().endswith(_SUFFIXES) and n not in folders)])
            names, stamps = _stamps(path, files, look, folders, faults)
    except FileNotFoundError:
        return
    except OSError as error:
        fault = Fault(path, 0, 0, f"this folder cannot be read: {error.strerror}")
        yield Folder(path, layer, kind, [], [], [fault])
        return
    yield Folder(path, layer, kind, names, stamps, faults)
    for name in sorted(folders):
        below = os.path.join(path, name)
        if depth > 1 and os.path.normcase(below) not in skip:
            yield from _walk(below, layer, kind, skip, depth - 1, seen)


@contextlib.contextmanager
def _open_folder(path: str) -> Iterator[tuple[list[str], Look]]:
    """Yield the names in a folder, sorted, and what looks at one of them: the quickest way that the system has."""
    if os.stat in os.supports_dir_fd and os.listdir in os.supports_fd:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            yield sorted(os.listdir(descriptor)), partial(os.stat, dir_fd=descriptor)
        finally:
            os.close(descriptor)
    else:  # Windows tells of files while it lists them
        with os.scandir(path) as listing:
            entries = {entry.name: entry for entry in listing}
        yield sorted(entries), lambda name: entries[name].stat()


def _stamps(
    path: str, files: Sequence[str], look: Look, folders: list[str], faults: list[Fault]
) -> tuple[list[str], list[Stamp]]:
    """Return the names and stamps of files. Folders among them are added to ``folders``, what is neither to ``faults``.

    The system's own loops take the usual case, in which all of them are files: there may be ten thousand.
    """
    with contextlib.suppress(OSError):
        stamps = list(map(_pick, map(look, files)))
        if all(map(stat.S_ISREG, set(map(itemgetter(0), stamps)))):
            return list(files), stamps
    names, stamps = [], []
    for name in files:
        try:
            stamp = _pick(look(name))
        except OSError as error:
            faults.append(_unreadable(os.path.join(path, name), error))
            continue
        if stat.S_ISDIR(stamp[0]):
            folders.append(name)
        elif _is_ordinary(os.path.join(path, name), stamp, faults):
            names.append(name)
            stamps.append(stamp)
    return names, stamps


def _is_folder(look: Callable[[], os.stat_result]) -> bool:
    try:
        return stat.S_ISDIR(look().st_mode)
    except OSError:  # such as a loop of links
        return False


def _stamp(path: str, faults: list[Fault]) -> Stamp | None:
    try:
        stamp = _pick(os.stat(path))
    except OSError as error:
        faults.append(_unreadable(path, error))
        return None
    return stamp if _is_ordinary(path, stamp, faults) else None


def _unreadable(path: str, error: OSError) -> Fault:
    return Fault(path, 0, 0, f"cannot be read: {error.strerror}")


def _is_ordinary(path: str, stamp: Stamp, faults: list[Fault]) -> bool:
    if not stat.S_ISREG(stamp[0]):
        faults.append(Fault(path, 0, 0, "is not an ordinary file; it was left out"))
        return False
    return True
