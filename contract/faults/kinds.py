"""Every kind of fault, by name. What was observed is of botocore 1.44.5, by default settings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .kind import FaultKind
from .kinds_of_answers import ANSWERS
from .kinds_of_failures import FAILURES
from .kinds_of_spoiling import SPOILING

KINDS: Mapping[str, FaultKind] = MappingProxyType({kind.name: kind for kind in (*FAILURES, *ANSWERS, *SPOILING)})
