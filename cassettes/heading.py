"""What stands in comments at the top of a recording: where it comes from, and what its keys are made by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast, get_args

from ..contract.errors import ToolkitError, close_names

Kind = Literal["aws", "emulator", "embedded"]

_COMMENT = re.compile(r"# ([a-z][a-z0-9-]*): (.*)")
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_REQUIRED = ("kind", "host", "service", "sdk", "recorded", "tool")
_OURS = frozenset({*_REQUIRED, "key-version", "scrubbed", "key"})
_FIRST_LINES = {
    "aws": "# A recording by botoproof, made from AWS.",
    "emulator": "# A recording by botoproof, made from an emulator: not AWS.",
    "embedded": "# A recording by botoproof, made from its embedded endpoint: an executable specification, not AWS.",
}


class BadCassette(ToolkitError):
    """A recording cannot be read; the text says where and what was expected.

    Attributes:
        path: The file, as it was named.
        line: The line, or None when the trouble has no place.
    """

    def __init__(self, path: str, line: int | None, what: str) -> None:
        super().__init__(f"{path}{'' if line is None else f':{line}'}: {what}")
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a recording comes from.

    Attributes:
        kind: ``aws``, ``emulator`` or ``embedded`` (our own endpoint: an executable specification, not AWS).
        host: The host that replied.
        service: botocore's name of the service.
        sdk: What made the requests, e.g. ``botocore 1.44.5``.
        recorded: The day.
        tool: What recorded them, e.g. ``botoproof 0.1.0``.
        more: Further names and values that stand in the file, e.g. what the endpoint held; names are lower-case words
            with hyphens.
    """

    kind: Kind
    host: str
    service: str
    sdk: str
    recorded: date
    tool: str
    more: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        made_by = {"aws": "AWS", "emulator": "an emulator, not AWS", "embedded": "the embedded endpoint, not AWS"}
        return f"{self.service} of {self.host} ({made_by[self.kind]}), recorded {self.recorded} with {self.sdk}"


@dataclass(frozen=True, slots=True)
class Heading:
    """All that the comments say.

    Attributes:
        provenance: None when the file does not say.
        key_version: None when the file has no keys.
        people: Whether names and addresses were taken out.
    """

    provenance: Provenance | None = None
    key_version: int | None = None
    people: bool = False


def write_heading(heading: Heading) -> str:
    """Return the comments, a line each.

    Raises:
        ValueError: A name or value is not one that a comment can hold.
    """
    lines = list[str]()
    if (source := heading.provenance) is not None:
        lines.append(_FIRST_LINES[source.kind])
        facts = [(name, str(getattr(source, name))) for name in _REQUIRED] + list(source.more)
        for name, value in facts:
            if not _NAME.fullmatch(name) or not value.isprintable() or value != value.strip() or not value:
                raise ValueError(f"{name}: {value!r} cannot stand in a comment (expected printable text in one line)")
        if clash := _OURS & {name for name, _ in source.more}:
            raise ValueError(f"more: {min(clash)!r} is taken")
        lines += [f"# {name}: {value}" for name, value in facts]
    if heading.people:
        lines.append("# scrubbed: people")
    lines.append(f"# key-version: {heading.key_version}")
    return "".join(f"{line}\n" for line in lines)


def read_heading(text: str, path: str) -> Heading:
    """Return what the comments at the top of `text` say; of other comments there, nothing.

    Raises:
        BadCassette: A value is not one that can stand there.
    """
    found: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(text.splitlines()[:60], start=1):
        if not line.startswith("#"):
            break
        if (match := _COMMENT.fullmatch(line.rstrip())) and match[1] != "key":
            found.setdefault(match[1], (number, match[2]))
    if "key-version" not in found:
        return Heading()
    number, version = found["key-version"]
    if not (version.isascii() and version.isdigit() and len(version) < 6):
        raise BadCassette(path, number, f"key-version is {version[:40]!r}; expected a number")
    people = found.get("scrubbed", (0, ""))[1] == "people"
    return Heading(_provenance(found, path), int(version), people)


def _provenance(found: dict[str, tuple[int, str]], path: str) -> Provenance | None:
    if "kind" not in found:
        return None
    number, kind = found["kind"]
    if kind not in get_args(Kind):
        raise BadCassette(path, number, f"kind is {kind[:40]!r}; {close_names(kind, get_args(Kind))}")
    if missing := [name for name in _REQUIRED if name not in found]:
        raise BadCassette(path, number, f"the comments at the top lack {', '.join(missing)}, beside kind")
    number, day = found["recorded"]
    try:
        recorded = date.fromisoformat(day)
    except ValueError:
        raise BadCassette(path, number, f"recorded is {day[:40]!r}; expected a day such as 2026-11-23") from None
    values = {name: found[name][1] for name in ("host", "service", "sdk", "tool")}
    more = tuple((name, value) for name, (_, value) in found.items() if name not in _OURS)
    return Provenance(kind=cast("Kind", kind), recorded=recorded, more=more, **values)
