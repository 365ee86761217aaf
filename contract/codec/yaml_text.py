"""YAML read as text, lists and maps of text, from the parser's events.

PyYAML's own loaders are recursive: with libyaml, a text of some ten thousand brackets ends the process. Here nothing
recurses, nesting is bounded, and an alias is the very object that it names, so that no text takes more memory than it
has. Tags and merge keys mean nothing, as with `yaml.BaseLoader`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

DEPTH = 32

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class NotYaml(ValueError):
    """A text cannot be read; the message says why and where."""


class TooDeep(NotYaml):
    """A text nests deeper than `DEPTH`; it may be YAML all the same."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a text holds.

    Attributes:
        value: Text, a list or a dict; None when there is nothing.
        repeated: Names that stand twice in one map; the last value counts.
    """

    value: Any
    repeated: tuple[str, ...]


@dataclass(slots=True)
class _Open:
    """A list or map whose end has not been met; `name` is the one that waits for its value."""

    value: Any
    anchor: str | None
    name: str | None = None


@dataclass(slots=True)
class _Builder:
    """Builds one document from events."""

    root: Any = None
    open: list[_Open] = field(default_factory=list[_Open])
    anchors: dict[str, Any] = field(default_factory=dict[str, Any])
    repeated: list[str] = field(default_factory=list[str])

    def begin(self, value: Any, anchor: str | None) -> None:
        """Take the start of a list or map."""
        if len(self.open) >= DEPTH:
            raise TooDeep(f"it nests deeper than {DEPTH} levels")
        self.open.append(_Open(value, anchor))

    def end(self) -> None:
        """Take the end of the innermost list or map."""
        done = self.open.pop()
        self.put(done.value, done.anchor)

    def alias(self, anchor: str | None) -> None:
        """Take a reference to what stood before."""
        if anchor is None or anchor not in self.anchors:
            raise NotYaml(f"the alias {(anchor or '')[:60]!r} refers to nothing that is complete")
        self.put(self.anchors[anchor], None)

    def put(self, value: Any, anchor: str | None) -> None:
        """Take a complete value."""
        if anchor is not None:
            self.anchors[anchor] = value
        if not self.open:
            self.root = value
            return
        parent = self.open[-1]
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.name is not None:
            parent.value[parent.name], parent.name = value, None
        elif isinstance(value, str):
            if value in parent.value:
                self.repeated.append(value)
            parent.name = value
        else:
            raise NotYaml("something other than text stands where a name should be")


def _value(event: yaml.ScalarEvent) -> Any:
    return event.value


def read_yaml(text: str, scalar: Callable[[yaml.ScalarEvent], Any] = _value) -> Document:
    """Return what `text` holds.

    Args:
        text: One YAML document.
        scalar: What to make of a scalar; its text unless told otherwise. It may raise `NotYaml`.

    Raises:
        NotYaml: It is not YAML, or holds several documents, or nests too deep.

    >>> read_yaml("a: 07030").value
    {'a': '07030'}
    """
    builder = _Builder()
    documents = 0
    try:
        loader = _Loader(text)
        while (event := loader.get_event()) is not None:
            match event:
                case yaml.ScalarEvent():
                    builder.put(scalar(event), event.anchor)
                case yaml.MappingStartEvent():
                    builder.begin({}, event.anchor)
                case yaml.SequenceStartEvent():
                    builder.begin([], event.anchor)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    builder.end()
                case yaml.AliasEvent():
                    builder.alias(event.anchor)
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        raise NotYaml("it holds several documents")
                case _:
                    pass
    except NotYaml:
        raise
    except yaml.MarkedYAMLError as wrong:
        where = f" (line {wrong.problem_mark.line + 1})" if wrong.problem_mark is not None else ""
        raise NotYaml(f"{wrong.problem or type(wrong).__name__}{where}") from None
    except yaml.YAMLError as wrong:
        raise NotYaml(str(getattr(wrong, "reason", "") or type(wrong).__name__)) from None
    except UnicodeError:
        raise NotYaml("it holds half of a surrogate pair") from None
    except ValueError:  # PyYAML without libyaml reads a version of thousands of digits by int()
        raise NotYaml("a number in it is out of range") from None
    return Document(builder.root, tuple(builder.repeated))
