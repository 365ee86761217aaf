"""Faults that spoil what the service itself answered."""

from __future__ import annotations

from .kind import FaultKind

SPOILING: tuple[FaultKind, ...] = ()
