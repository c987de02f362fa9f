"""Pages as Markdown that can be pasted into an e-mail or a wiki."""

import re

from deskguide.show.page import Block, Item, Page

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")
_LINE_START = re.compile(r"^(\s*)([#+>-]|\d+(?=[.)]))")


def escape(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is; addresses stay as they are."""
    return " ".join(w if w.startswith("https://") else _SPECIAL.sub(r"\\\1", w) for w in text.split(" "))


def render_markdown(page: Page) -> str:
    """Return a whole page; nothing is cut, for there is no screen to fit."""
    lines: list[str] = []
    if page.title:
        lines += [f"# {_LINE_START.sub(_escape_start, escape(page.title))}", ""]
    about = " · ".join(escape(t) for t in (page.label, page.note) if t)
    if about:
        lines += [f"*{about}*" if page.label else about, ""]
    for block in (*page.guidance, *page.basis, *page.below):
        lines += [f"## {escape(block.heading)}", "", *_block(block), ""]
    if page.hint:
        lines += [escape(page.hint), ""]
    return "\n".join(lines).rstrip() + "\n"


def _block(block: Block) -> list[str]:
    if len(block.items) == 1 and block.kind == "names" and not block.items[0].lead:
        return [_LINE_START.sub(_escape_start, _item(block.items[0], block.kind))]
    marks = (f"{n}." if block.kind in ("steps", "choices") else "-" for n in range(1, len(block.items) + 1))
    return [f"{mark} {_item(item, block.kind)}" for mark, item in zip(marks, block.items, strict=True)]


def _item(item: Item, kind: str) -> str:
    text = f"“{escape(item.text)}”" if kind == "words" else escape(item.text)
    lead = f"**{escape(item.lead)}**" if item.lead else ""
    parts = [f"{lead}: {text}" if lead and text else lead or text]
    if item.after:
        parts.append(f"<{item.after}>" if re.fullmatch(r"https://\S+", item.after) else f"({escape(item.after)})")
    return " ".join(parts)


def _escape_start(match: re.Match[str]) -> str:
    return f"{match.group(1)}\\{match.group(2)}"
