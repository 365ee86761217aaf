"""How runs on a target went night after night, as a page draws it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...history.questions import TrendPoint
from ..messages import visible
from ..news import Told, told_since
from ..past import Since


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
    """A chart of bars, one for each night.

    Attributes:
        title: What it shows.
        top: What its upper edge stands for.
        width: Of a bar.
        bars: Their parts.
        names: Of the first and the last night.
    """

    title: str
    top: int
    width: float
    bars: tuple[Bar, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """What has become of a target: in words, night by night, and drawn when there were several."""

    told: Told
    points: tuple[TrendPoint, ...]
    charts: tuple[Chart, ...]


# A bar is to be seen, and its night to be told apart.
NIGHTS = 60
WIDTH, HEIGHT = 600, 120
_PARTS = (("bad", ("new", "expired")), ("flaky", ("flaky",)), ("known", ("known",)))


def past_of(one: Since) -> Past:
    """Return what has become of a target; nothing is drawn of one night."""
    return Past(told_since(one), one.points, charts_of(one.points))


def charts_of(points: Sequence[TrendPoint]) -> tuple[Chart, ...]:
    """Return the charts of the last nights; none where there was only one."""
    shown = points[-NIGHTS:]
    return (_findings(shown), _coverage(shown)) if len(shown) > 1 else ()


def _findings(points: Sequence[TrendPoint]) -> Chart:
    """Return findings that counted, with flaky and known ones on top of them."""
    top = max((point.statuses.get(name, 0) for point in points for _, names in _PARTS for name in names), default=0)
    top = max(top, *(sum(_counts(point).values()) for point in points)) or 1
    bars = [bar for number, point in enumerate(points) for bar in _stacked(number, point, len(points), top)]
    return Chart("Findings: those that count, flaky and known ones", top, _width(points), tuple(bars), _names(points))


def _counts(point: TrendPoint) -> dict[str, int]:
    return {tone: sum(point.statuses.get(name, 0) for name in names) for tone, names in _PARTS}


def _stacked(number: int, point: TrendPoint, of: int, top: int) -> Iterator[Bar]:
    base = float(HEIGHT)
    for tone, count in _counts(point).items():
        if count:
            height = HEIGHT * count / top
            base -= height
            word = "that count" if tone == "bad" else tone
            yield Bar(tone, _x(number, of), round(base, 2), round(height, 2), f"{visible(point.night)}: {count} {word}")


def _coverage(points: Sequence[TrendPoint]) -> Chart:
    """Return how many documented exceptions were provoked."""
    top = max(point.documented for point in points) or 1
    bars = tuple(
        Bar(
            "good",
            _x(number, len(points)),
            round(HEIGHT - HEIGHT * point.provoked / top, 2),
            round(HEIGHT * point.provoked / top, 2),
            f"{visible(point.night)}: {point.provoked} of {point.documented} documented exceptions provoked",
        )
        for number, point in enumerate(points)
        if point.provoked
    )
    return Chart("Documented exceptions that were provoked", top, _width(points), bars, _names(points))


def _x(number: int, of: int) -> float:
    return round(WIDTH / of * (number + 0.15), 2)


def _width(points: Sequence[TrendPoint]) -> float:
    return round(WIDTH / len(points) * 0.7, 2)


def _names(points: Sequence[TrendPoint]) -> tuple[str, ...]:
    return visible(points[0].night), visible(points[-1].night)
