"""The JSON Schema of the files that a library writes, made from what reads them, for editors and other tools.

The readers of :mod:`deskguide.knowledge.shape` say what a key holds, so a schema cannot tell otherwise than
``check``. A scalar that was typed without quotes is a text to the program, but a number or a truth value to others;
the schema allows for both. What a schema cannot see is left to ``check``: whether an id is the file's name, whether
another card or policy exists. Pure.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from deskguide.author.keys import LAW_HELP, POLICY_HELP, PROFILE_HELP, SCENARIO_HELP, SCENARIO_PART_HELP, Help
from deskguide.knowledge import shape
from deskguide.knowledge.shape import Choice, Reader, Records, References
from deskguide.model import CATEGORIES

Schema = dict[str, Any]
Kind = Literal["scenario", "policy", "profile"]
KINDS: tuple[Kind, ...] = get_args(Kind)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KEYS_OF_WHOLE_CARD = 8
"""From so many keys on, a file without ``based_on`` is taken for a whole card, and what it lacks is named.

A few keys laid over a card below are complete as they are, and so is any file with ``based_on``.
"""

TEXT: Schema = {
    "type": ["string", "number", "boolean"],
    "pattern": r"\S",
    "maxLength": shape.MAX_TEXT,
}
_NOTHING_OR_LIST = ["array", "null"]
_NOTHING_OR_MAPPING = ["object", "null"]


def build_schema(kind: Kind) -> Schema:
    """Return the schema of one kind of file, as the mapping that JSON holds."""
    build = {"scenario": _scenario, "policy": _policy, "profile": _profile}
    return build[kind]()


def render_schema(kind: Kind) -> str:
    """Return the schema of one kind of file as JSON, in ASCII, so that any encoding carries it."""
    return json.dumps(build_schema(kind), indent=2, ensure_ascii=True) + "\n"


def _scenario() -> Schema:
    schema = _file(
        "scenario",
        "A card for the library's desk. A new card needs all required keys. A file that changes a shipped card needs "
        "'id', 'based_on' and the keys that it changes.",
        {key: _describe(_value(key, read), SCENARIO_HELP[key]) for key, read in shape.SCENARIO_KEYS.items()},
        ["id"],
    )
    for key in shape.REQUIRED_KEYS:
        if key not in shape.MAY_BE_EMPTY and "type" in schema["properties"][key]:
            _require_content(schema["properties"][key])
    schema["if"] = {"not": {"required": ["based_on"]}, "minProperties": KEYS_OF_WHOLE_CARD}
    schema["then"] = {"required": list(shape.REQUIRED_KEYS)}
    return schema


def _policy() -> Schema:
    return _file(
        "policy",
        "A policy, standard or law that cards rest on.",
        {key: _describe(_value(key, read), POLICY_HELP[key]) for key, read in shape.POLICY_KEYS.items()},
        shape.REQUIRED_POLICY_KEYS,
    )


def _profile() -> Schema:
    states = [*shape.STATES, *(code.lower() for code in shape.STATES)]
    months: Schema = {
        "type": ["integer", "string"],
        "minimum": 1,
        "maximum": shape.MAX_REVIEW_MONTHS,
        "pattern": "^[0-9]{1,3}$",
    }
    address: Schema = {"type": "string", "pattern": f"^{shape.ADDRESS_START}", "maxLength": shape.MAX_TEXT}
    values: dict[str, Schema] = {
        **{key: dict(TEXT) for key in shape.PROFILE_TEXTS},
        "state": {"type": "string", "enum": states},
        "review_months": months,
        "names": _named(dict(TEXT), shape.NAME.pattern),
        "policies": _named(address, shape.LINKED.pattern),
    }
    properties = {key: _describe(values[key], PROFILE_HELP[key]) for key in shape.PROFILE_KEYS}
    return _file("profile", "What your library tells of itself: names, numbers, addresses of policies.", properties, ())


def _file(kind: Kind, description: str, properties: Mapping[str, Schema], required: Iterable[str]) -> Schema:
    return {
        "$schema": DIALECT,
        "$id": f"urn:deskguide:schema:{kind}",
        "title": f"deskguide {kind}",
        "description": description,
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _describe(schema: Schema, told: Help) -> Schema:
    return {"description": told.text, **schema, "examples": [told.example]}


def _require_content(schema: Schema) -> None:
    """Take from a list or mapping the leave to be empty."""
    if "array" in schema["type"]:
        schema.update(type="array", minItems=1)
    elif "object" in schema["type"]:
        schema.update(type="object", minProperties=1)


def _value(key: str, read: Reader) -> Schema:
    """Return what a key's reader takes."""
    if isinstance(read, Choice):
        return {"type": "string", "enum": list(read.allowed)}
    if isinstance(read, (Records, References)):
        return _list(_record(key, read), is_each_once=isinstance(read, References))
    if read is shape.read_say:
        return _list({"anyOf": [dict(TEXT), _record(key, shape.SAYING_KEYS)]})
    if read is shape.read_principles:
        return _mapping({name: _part(key, name) for name in shape.PRINCIPLES}, (), may_be_nothing=True)
    if read is shape.read_states:
        law = _mapping(
            {name: {"description": LAW_HELP[name], **TEXT} for name in _names(shape.LAW_KEYS)}, shape.LAW_KEYS.required
        )
        codes = "|".join(shape.STATES)
        return {
            "type": _NOTHING_OR_MAPPING,
            "patternProperties": {f"^(?:{codes})$": law},
            "additionalProperties": False,
        }
    if key == "category":  # any id will do, and an editor offers the shipped ones
        return {"anyOf": [{"enum": list(CATEGORIES)}, _id(shape.MAX_ID)]}
    simple: dict[Reader, Schema] = {
        shape.read_id: _id(shape.MAX_ID),
        shape.read_title: {**TEXT, "maxLength": shape.MAX_TITLE},
        shape.read_text: dict(TEXT),
        shape.read_texts: _list(dict(TEXT)),
        shape.read_date: {"type": "string", "format": "date", "pattern": f"^{shape.DATE.pattern}$"},
    }
    return simple[read]


def _id(most: int) -> Schema:
    return {"type": ["string", "integer"], "minimum": 0, "pattern": f"^{shape.ID.pattern}$", "maxLength": most}


def _list(items: Schema, *, is_each_once: bool = False) -> Schema:
    schema: Schema = {"type": _NOTHING_OR_LIST, "items": items, "maxItems": shape.MAX_ITEMS}
    return {**schema, "uniqueItems": True} if is_each_once else schema


def _names(read: Records | References) -> tuple[str, ...]:
    return (*read.required, *read.optional) if isinstance(read, Records) else read.required


def _record(key: str, read: Records | References) -> Schema:
    properties = {name: _part(key, name) for name in _names(read)}
    if isinstance(read, References):
        properties["id"].update(_id(shape.MAX_TEXT))
    return _mapping(properties, read.required)


def _part(key: str, name: str) -> Schema:
    return {"description": SCENARIO_PART_HELP[key, name], **TEXT}


def _mapping(properties: Mapping[str, Schema], required: tuple[str, ...], *, may_be_nothing: bool = False) -> Schema:
    return {
        "type": _NOTHING_OR_MAPPING if may_be_nothing else "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _named(value: Schema, pattern: str) -> Schema:
    return {
        "type": _NOTHING_OR_MAPPING,
        "patternProperties": {f"^{pattern}$": value},
        "additionalProperties": False,
    }
