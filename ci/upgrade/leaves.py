"""Values of JSON as leaves by their path, and the places in which two of them differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Leaves = Mapping[str, str]
"""What stands in a value, by its path."""

_MOST = 5
_EMPTY = ("{}", "[]")


def json_leaves(value: Any, path: str = "$") -> Iterator[tuple[str, str]]:
    """Yield each leaf with its path; an empty object or list is one.

    >>> dict(json_leaves({"a": [1, {}], "b": "c"}))
    {'$.a[0]': '1', '$.a[1]': '{}', '$.b': '"c"'}
    """
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from json_leaves(item, f"{path}.{name}")
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield from json_leaves(item, f"{path}[{number}]")
    else:
        yield path, json.dumps(value, ensure_ascii=False)


def differing(old: Leaves, new: Leaves) -> Iterator[tuple[str, str, str]]:
    """Yield path, old and new value where two values differ; nothing stands for what is not there.

    Where there are many places, some are told, and their number.

    >>> list(differing({"$": "{}"}, {"$.a": "1"}))
    [('$.a', '', '1')]
    """
    paths = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    # That something is empty no more, or has become so, shows in what it holds.
    holders = {path for path in paths if {old.get(path), new.get(path)} & {*_EMPTY}}
    paths = [path for path in paths if path not in holders or not _holds(path, paths)]
    for path in paths[:_MOST]:
        yield path, old.get(path, ""), new.get(path, "")
    if len(paths) > _MOST:
        yield "", f"{len(paths)} places", "otherwise"


def _holds(path: str, others: list[str]) -> bool:
    return any(other.startswith((f"{path}.", f"{path}[")) for other in others)
