"""What is known about services beyond their models; one folder per service, found by entry point."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import cast

from ..errors import NoSpecification, close_names
from ..specification import Specification

GROUP = "botoproof.specifications"


def specified_services() -> tuple[str, ...]:
    """Return the names of the services for which an installed distribution offers a specification."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


@cache
def find_specification(service: str) -> Specification:
    """Return the specification of `service`.

    Raises:
        NoSpecification: No installed distribution offers one; the text names those that there are.
    """
    for point in entry_points(group=GROUP):
        if point.name == service:
            return cast("Specification", point.load())
    raise NoSpecification(
        f"botoproof has no specification for the service {service!r}, so it cannot say which error a request deserves; "
        f"{close_names(service, specified_services())}"
    )
