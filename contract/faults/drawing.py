"""Latencies drawn from their distributions."""

from __future__ import annotations

import math
import random

from .fault import Fault

_Z99 = 2.3263478740408408  # the 99th percentile of the normal distribution


def drawn_latency(latency: Fault, draw: random.Random) -> float:
    """Return how many seconds a `latency` takes this time."""
    match latency.value("time"):
        case "uniform":
            return draw.uniform(latency.number("low"), latency.number("high"))
        case "lognormal":
            median, p99 = latency.number("median"), latency.number("p99")
            return math.exp(draw.gauss(math.log(median), math.log(p99 / median) / _Z99))
        case _:
            return latency.number("time")
