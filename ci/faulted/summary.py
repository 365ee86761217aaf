"""What came of all faults of a session: for the terminal, as JSON, and for the next session."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...contract.adapters.models import read_operation
from .calls import NO_FAULT
from .levels import Level, select
from .planning import SAME_SIGHT
from .stored import read_known, read_pairs, with_fallbacks
from .telling import replay_line

SCHEMA = "botoproof/faults/1"
Result = Mapping[str, Any]

_SURVIVED, _NOT = "survived", "not survived"


def _by_test(results: Iterable[Result]) -> dict[str, list[Result]]:
    tests: defaultdict[str, list[Result]] = defaultdict(list)
    for one in results:
        tests[one["test"]].append(one)
    return dict(sorted(tests.items()))


def summary(results: Iterable[Result], *, remembers: bool) -> Iterator[str]:
    """Yield the lines that tell of faults.

    Args:
        results: Of every run.
        remembers: Whether calls that were found are kept for the next session.
    """
    for test, ones in _by_test(results).items():
        faults = [one for one in ones if one["kind"] == "fault"]
        yield _heading(test, ones, faults)
        for (operation, call, site), group in _by_call(faults).items():
            yield f"  {operation}{call.removeprefix(operation.rpartition('.')[2])}{f' at {site}' if site else ''}"
            yield from _told(group)
        for base in ones:
            if base["kind"] == "baseline":
                yield from _found(base, remembers=remembers)
        yield from _left_out(ones[0]["programme"])


def _heading(test: str, ones: list[Result], faults: list[Result]) -> str:
    words = Counter(one["verdict"] for one in faults)
    folded = sum(ones[0]["programme"]["folded"].values())
    figures = [f"{words.pop(_SURVIVED, 0)} survived", f"{words.pop(_NOT, 0)} NOT"]
    figures += [f"{count} {word}" for word, count in sorted(words.items())]
    figures += [f"{folded} folded"] if folded else []
    called = {(one["operation"], one["call"]) for one in faults}
    return f"{test}: {_counted(len(called), 'call')}, {_counted(len(faults), 'fault')}: {', '.join(figures)}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _by_call(faults: Iterable[Result]) -> dict[tuple[str, str, str | None], list[Result]]:
    calls: defaultdict[tuple[str, str, str | None], list[Result]] = defaultdict(list)
    for one in faults:
        calls[one["operation"], one["call"], one["site"]].append(one)
    return dict(sorted(calls.items(), key=lambda pair: tuple(map(str, pair[0]))))


def _told(group: list[Result]) -> Iterator[str]:
    group = sorted(group, key=lambda one: str(one["name"]))
    for one in group:
        if one["verdict"] != _NOT:
            continue
        for finding in one["findings"]:
            yield f"    NOT  {one['fault']}: {finding['title']} [{finding['code']}]"
            yield f"         {finding['observed']}"
        yield f"         again: {replay_line(one['nodeid'], one['name'])}"
    told: list[str] = []
    for documented, what in ((True, "documented errors"), (False, "other faults")):
        some = [one for one in group if one["documented"] is documented]
        if some:
            good = sum(one["verdict"] == _SURVIVED for one in some)
            told.append(f"{good} of {len(some)} {what}")
    yield f"    ok   {', '.join(told)}"
    for word in ("not struck", "nothing changed", "undecided"):
        names = [str(one["name"]) for one in group if one["verdict"] == word]
        if names:
            yield f"    {word}: {', '.join(names)}"


def _found(base: Result, *, remembers: bool) -> Iterator[str]:
    new = base["new"]
    if new:
        then = (
            "run again for their faults"
            if remembers
            else "pytest's cache is off (-p no:cacheprovider), so name the operations in the mark for their faults"
        )
        yield f"  discovered {_counted(len(new), 'call')} ({', '.join(new)}); {then}"
    if base["threads"]:
        yield (
            "  calls came from several threads: those of other threads than the test's are told apart by the function "
            "that makes them, and their numbers may differ from run to run"
        )


def _left_out(programme: Mapping[str, Any]) -> Iterator[str]:
    for why, count in programme["folded"].items():
        yield f"  folded {count}: {why}"
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for name, why in programme["inapplicable"].items():
        reasons[why].append(name)
    for why, names in reasons.items():
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        yield f"  cannot strike: {shown}: {why}"


def kept(stored: Mapping[str, Any], results: Iterable[Result]) -> dict[str, Any]:
    """Return what the next session should know: what was known, with what this one has seen.

    Args:
        stored: What was known before, by test.
        results: Of every run of this session.
    """
    after = dict(stored)
    for test, ones in _by_test(results).items():
        base = next((one["known"] for one in ones if one["kind"] == "baseline"), after.get(test))
        known = read_known(base, base["code"]) if base else None
        if known is None:
            continue
        found = [pair for one in ones if one["kind"] == "fault" for pair in read_pairs(one["under"], one["seen"])]
        after[test] = with_fallbacks(known, found).data()
    return after


def _folded_into(programme: Mapping[str, Any], runs: Iterable[Result], level: Level) -> Iterator[tuple[str, str]]:
    """Yield the faults that are left out since the caller sees the same of another, each with that one."""
    if not programme["folded"].get(SAME_SIGHT):
        return
    struck = {str(one["name"]).removesuffix(str(one["fault"])): str(one["operation"]) for one in runs}
    for before, operation in struck.items():
        service, _, name = operation.partition(".")
        for one, chosen in select(read_operation(service, name), level).folded:
            yield f"{before}{one}", f"{before}{chosen}"


def report_data(results: Iterable[Result], *, level: Level) -> dict[str, Any]:
    """Return the report as data for JSON."""
    results = list(results)
    hidden = {"kind", "test", "under", "seen", "programme"}
    tests: list[dict[str, Any]] = []
    for test, ones in _by_test(results).items():
        base = next((one for one in ones if one["kind"] == "baseline"), None)
        runs = [one for one in ones if one["kind"] == "fault"]
        tests.append(
            {
                "test": test,
                NO_FAULT.name: "not run" if base is None else "passed",
                "calls": base["calls"] if base else None,
                "discovered": base["new"] if base else None,
                "threads": base["threads"] if base else None,
                "folded": ones[0]["programme"]["folded"],
                "folded_into": dict(_folded_into(ones[0]["programme"], runs, level)),
                "inapplicable": ones[0]["programme"]["inapplicable"],
                "faults": [
                    {
                        **{key: value for key, value in one.items() if key not in hidden},
                        "replay": replay_line(one["nodeid"], one["name"]),
                    }
                    for one in sorted(runs, key=lambda one: str(one["nodeid"]))
                ],
            }
        )
    words = Counter(one["verdict"] for one in results if one["kind"] == "fault")
    return {"schema": SCHEMA, "level": level, "verdicts": dict(sorted(words.items())), "tests": tests}
