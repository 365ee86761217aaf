"""How runs went night after night, as a page draws it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Night:
    """The runs of one night, taken together.

    Attributes:
        name: Of the night, e.g. its date; stands under its mark.
        verdict: ``clean``, ``known``, ``findings`` or ``unknown``.
        findings: How many counted.
        known: How many were known.
        flaky: How many were flaky.
        provoked: How many documented exceptions were provoked.
        documented: Of how many.
        cases: How many cases were judged.
    """

    name: str
    verdict: str
    findings: int = 0
    known: int = 0
    flaky: int = 0
    provoked: int = 0
    documented: int = 0
    cases: int = 0


@dataclass(frozen=True, slots=True)
class Trend:
    """Nights in their order, the last one being that of the page."""

    nights: tuple[Night, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a bar of a chart, in its units.

    Attributes:
        tone: How it is drawn.
        x: Its left edge.
        y: Its upper edge.
        height: Its height.
        title: What it stands for.
    """

    tone: str
    x: float
    y: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of 600 by 120 units.

    Attributes:
        top: What its upper edge stands for.
        width: Of a bar.
        bars: Its parts.
    """

    top: int
    width: float
    bars: tuple[Bar, ...]


WIDTH, HEIGHT = 600, 120
_PARTS = (("findings", "bad"), ("flaky", "flaky"), ("known", "known"))


def findings_chart(nights: Sequence[Night]) -> Chart:
    """Return a bar for each night: findings that counted below, flaky and known ones on top of them."""
    top = max((sum(getattr(night, name) for name, _ in _PARTS) for night in nights), default=0) or 1
    step = WIDTH / max(len(nights), 1)
    return Chart(top, round(step * 0.7, 2), tuple(_stacked(nights, step, top)))


def _stacked(nights: Sequence[Night], step: float, top: int) -> Iterator[Bar]:
    for number, night in enumerate(nights):
        x, base = round(number * step + step * 0.15, 2), float(HEIGHT)
        for name, tone in _PARTS:
            count = getattr(night, name)
            if count:
                height = HEIGHT * count / top
                base -= height
                yield Bar(tone, x, round(base, 2), round(height, 2), f"{night.name}: {count} {name}")


def coverage_chart(nights: Sequence[Night]) -> Chart:
    """Return a bar for each night: how many of the documented exceptions were provoked."""
    top = max((night.documented for night in nights), default=0) or 1
    step = WIDTH / max(len(nights), 1)
    bars = tuple(
        Bar(
            "good",
            round(number * step + step * 0.15, 2),
            round(HEIGHT - HEIGHT * night.provoked / top, 2),
            round(HEIGHT * night.provoked / top, 2),
            f"{night.name}: {night.provoked} of {night.documented} documented exceptions provoked",
        )
        for number, night in enumerate(nights)
        if night.provoked
    )
    return Chart(top, round(step * 0.7, 2), bars)
