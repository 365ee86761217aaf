"""Hypothesis strategies for shapes, requests and wire bytes."""

from .near_misses import NearMiss, near_misses
from .requests import every_malformed_form, malformed_forms
from .service import cases
from .shapes import from_shape
from .wire import every_malformed_body, malformed_bytes, oversized_bodies

__all__ = [
    "NearMiss",
    "cases",
    "every_malformed_body",
    "every_malformed_form",
    "from_shape",
    "malformed_bytes",
    "malformed_forms",
    "near_misses",
    "oversized_bodies",
]
