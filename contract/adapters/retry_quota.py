"""The retry quota of a client, which would make what a fault does depend on the faults before it.

A client in mode ``standard`` has 500 tokens for retries, and wins few back: after 17 calls that met errors it retries
nothing (measured with botocore 1.44.5). There is no public way to the quota; it is found by the handler that spends it.
"""

from __future__ import annotations

from typing import Any

from botocore.retries.quota import RetryQuota


def fill_quota(events: Any, event: str) -> int:
    """Fill the retry quotas that the handlers of `event` spend, and return how many there are.

    Args:
        events: A client's or an endpoint's emitter.
        event: The full name of a ``needs-retry`` event.
    """
    emitter = getattr(events, "_emitter", events)
    handlers = emitter._handlers.prefix_search(event)  # noqa: SLF001 - no public way to a handler
    filled = 0
    for handler in handlers:
        checker = getattr(getattr(handler, "__self__", None), "_retry_quota", None)
        quota = getattr(checker, "_quota", None)
        if isinstance(quota, RetryQuota):
            quota.release(RetryQuota.INITIAL_CAPACITY)
            filled += 1
    return filled
