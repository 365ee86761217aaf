"""The depths at which two releases can be looked at, each in a module that is loaded when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping

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

Confirm = Callable[[Looked, Sdk, Sdk, Scope, Tell], Looked]

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
    """Look at two releases, one depth after the other; errors of models are then tried, where SDKs are run at all.

    Args:
        depths: Which.
        old: The older release.
        new: The newer one.
        scope: What matters.
        tell: Is told how far it is.
    """
    looks = tuple(_look(depth)(old, new, scope, tell) for depth in depths)
    if all(look.depth is Depth.MODELS for look in looks):
        return looks  # neither SDK is to be run
    confirm: Confirm = importlib.import_module(".confirming", __package__).confirm
    return tuple(confirm(look, old, new, scope, tell) if look.depth is Depth.MODELS else look for look in looks)


def _look(depth: Depth) -> Look:
    if depth not in LOOKS:
        reason = f"this version of botoproof cannot look at {depth.value} yet"
        return lambda *_: Looked(depth, 0, gaps=(Gap("", "", reason),))
    look: Look = importlib.import_module(LOOKS[depth], __package__).look
    return look
