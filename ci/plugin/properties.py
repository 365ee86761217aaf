"""What a test under ``@given`` needs: a seed, and an endpoint that each example finds as the fixtures left it."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ..conformance import Endpoint
from .embedded import Embedded

# Where Hypothesis keeps what `@settings` and `@seed` say; its own pytest plugin writes the first in the same way.
_SETTINGS = "_hypothesis_internal_use_settings"
_SEED = "_hypothesis_internal_use_seed"
_OURS = frozenset({"botoproof_endpoint", "botoproof_url", "botoproof_client"})


@contextmanager
def prepared(request: pytest.FixtureRequest, endpoint: Endpoint, *, seed: int | None) -> Iterator[None]:
    """Prepare the test that asked for `endpoint`, if it is one under ``@given``; undo it afterwards."""
    test: Any = getattr(request.node, "obj", None)
    if "hypothesis" not in sys.modules or not _is_under_given(test):
        yield
        return
    function: Any = getattr(test, "__func__", test)
    kept = {name: getattr(function, name) for name in (_SETTINGS, _SEED) if hasattr(function, name)}
    inner = function.hypothesis.inner_test
    try:
        if seed is not None:
            _sow(function, seed)
        if isinstance(endpoint, Embedded):
            function.hypothesis.inner_test = _each_from_the_start(inner, endpoint)
        if _only_ours(request):
            _bear_our_fixtures(function)
        yield
    finally:
        function.hypothesis.inner_test = inner
        for name in (_SETTINGS, _SEED):
            if name in kept:
                setattr(function, name, kept[name])
            elif hasattr(function, name):
                delattr(function, name)


def _is_under_given(test: Any) -> bool:
    from hypothesis import is_hypothesis_test

    return is_hypothesis_test(test)


def _sow(function: Any, seed: int) -> None:
    import hypothesis

    hypothesis.seed(seed)(function)


def _each_from_the_start(inner: Callable[..., Any], endpoint: Embedded) -> Callable[..., Any]:
    """Return `inner`, which Hypothesis calls for each example, with the endpoint put back before each call."""
    put_back: Callable[[], None] | None = None

    def begin() -> None:
        nonlocal put_back
        if put_back is None:
            put_back = endpoint.keep()  # by now all fixtures are there
        else:
            put_back()

    if inspect.iscoroutinefunction(inner):

        @functools.wraps(inner)
        async def wait(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            begin()
            return await inner(*args, **kwargs)

        return wait

    @functools.wraps(inner)
    def run(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        begin()
        return inner(*args, **kwargs)

    return run


def _only_ours(request: pytest.FixtureRequest) -> bool:
    """Whether no fixture in the test's signature but ours lives for the whole test only."""
    info: Any = getattr(request.node, "_fixtureinfo", None)
    named: dict[str, Any] = getattr(info, "name2fixturedefs", {})
    parametrized: Any = getattr(getattr(request.node, "callspec", None), "params", {})
    wanted = inspect.signature(request.node.obj).parameters.keys() - _OURS - parametrized.keys()
    return all(named[name][-1].scope != "function" for name in wanted & named.keys() if named[name])


def _bear_our_fixtures(function: Any) -> None:
    """Silence Hypothesis' complaint of fixtures that are not reset between examples.

    The embedded endpoint is; one at a URL cannot be, and what examples did there is known when the next one is judged.
    """
    from hypothesis import HealthCheck, settings

    parent: Any = getattr(function, _SETTINGS, settings.default)
    borne = {*parent.suppress_health_check, HealthCheck.function_scoped_fixture}
    setattr(function, _SETTINGS, settings(parent=parent, suppress_health_check=borne))
