"""The depths at which two releases can be looked at, each in a module that is loaded when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping

from .answer import Gap, Look, Looked, Scope, Tell
from .rule import Depth
from .sdk import Sdk

LOOKS: Mapping[Depth, str] = {
    Depth.MODELS: ".models",
    Depth.EFFECTIVE: ".effective",
    Depth.WIRE: ".wire",
    Depth.REPLAY: ".replay",
    Depth.FAULTS: ".faults",
}
"""Modules with a function `look`."""

FOR_A_FLEET = (Depth.MODELS, Depth.EFFECTIVE, Depth.WIRE)
"""What is looked at when every service is asked for and nobody says how."""


def default_depths(scope: Scope) -> tuple[Depth, ...]:
    """Return the depths that are looked at when nobody says which: all for named services.

    >>> [depth.value for depth in default_depths(Scope(("sqs",)))][:2]
    ['models', 'effective']
    """
    wanted = FOR_A_FLEET if scope.services is None else tuple(Depth)
    return tuple(depth for depth in wanted if depth in LOOKS)


def look_at(depths: Iterable[Depth], old: Sdk, new: Sdk, scope: Scope, tell: Tell) -> tuple[Looked, ...]:
    """Look at two releases, one depth after the other.

    Args:
        depths: Which.
        old: The older release.
        new: The newer one.
        scope: What matters.
        tell: Is told how far it is.
    """
    return tuple(_look(depth)(old, new, scope, tell) for depth in depths)


def _look(depth: Depth) -> Look:
    if depth not in LOOKS:
        reason = f"this version of botoproof cannot look at {depth.value} yet"
        return lambda *_: Looked(depth, 0, gaps=(Gap("", "", reason),))
    look: Look = importlib.import_module(LOOKS[depth], __package__).look
    return look
