"""Values of calls and replies as JSON: what JSON has no word for is a mapping with one key that begins with ``$``."""

from __future__ import annotations

import base64
import datetime
from typing import Any


def to_json(value: Any) -> Any:
    """Return a value that an SDK takes or gives as JSON; what nobody can compare becomes the name of its type."""
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, (bytes, bytearray)):
        return {"$blob": base64.b64encode(value).decode("ascii")}
    if isinstance(value, datetime.datetime):
        return {"$time": value.isoformat()}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else {"$float": str(value)}  # infinity and NaN are not JSON
    if hasattr(value, "read"):
        return {"$stream": base64.b64encode(value.read()).decode("ascii")}
    return {"$type": type(value).__name__}


def from_json(value: Any) -> Any:
    """Return the value that `to_json` was given, of those that a call takes."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        if "$blob" in value:
            return base64.b64decode(value["$blob"])
        if "$time" in value:
            return datetime.datetime.fromisoformat(value["$time"])
        if "$float" in value:
            return float(value["$float"])
    return {key: from_json(item) for key, item in value.items()}
