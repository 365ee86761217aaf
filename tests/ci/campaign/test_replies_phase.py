"""The phase of replies: clean with the installed botocore, and red with each defect planted in its parser."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import pytest
from botocore.parsers import BaseXMLResponseParser, QueryParser, ResponseParserError
from botoproof.ci.campaign.events import CaseJudged, Minimised, PhaseFinished, RepliesCompared
from botoproof.ci.campaign.shard import Shard
from botoproof.ci.configuration import Configuration
from botoproof.ci.report.reproduce import reproduce
from botoproof.ci.report.scene import scene_of
from botoproof.contract.case import Parse
from botoproof.contract.checks import find

from .runs import Failing, Run, judge_of, run, through

Method = Callable[..., Any]


def replies(**plan: object) -> Run:
    wanted: dict[str, Any] = {"phases": ("replies",), "max_replies": 1024, "minimise_calls": 15, **plan}
    return run(judge_of(), **wanted)


def test_the_installed_botocore_is_clean_and_meets_listed_leniencies() -> None:
    made = replies(max_replies=2000)

    assert made.raised is None
    assert (made.result.verdict, made.result.findings) == ("clean", ())
    assert 1900 < made.result.replies < 2100
    assert {"lenient-boolean-not-exact", "raised-key-error", "lenient-no-code"} <= made.result.leniencies.keys()
    assert sum(event.replies for event in made.events if isinstance(event, RepliesCompared)) == made.result.replies


def test_the_same_seed_meets_the_same_and_another_seed_something_else() -> None:
    first, again, other = (replies(seed=seed, max_replies=1200).result.leniencies for seed in (1, 1, 2))

    assert first == again != other


def test_no_endpoint_takes_part() -> None:
    made = run(through(Failing("timeout", after=10**6)), phases=("replies",), max_replies=200)

    assert made.result.verdict == "clean"


def test_replies_say_nothing_of_an_endpoint_that_does_not_answer_cases() -> None:
    made = run(judge_of(), phases=("random", "replies"), max_examples=0, max_replies=200)
    assert made.result.verdict == "clean"

    nothing = run(judge_of(), phases=("table",), max_replies=0).result
    assert nothing.replies == 0


def test_the_phase_ends_when_the_time_is_used_up() -> None:
    ticks = iter(range(10**6))
    made = run(judge_of(), phases=("replies",), max_replies=10**6, max_time=20, clock=lambda: float(next(ticks)))

    assert made.result.verdict == "unknown"
    assert any(isinstance(event, PhaseFinished) for event in made.events)


def boolean_of_any_case(parser: Any, shape: Any, node: Any) -> bool:
    return str(getattr(node, "text", node)).strip().lower() == "true"


def yes_is_true(parser: Any, shape: Any, node: Any) -> bool:
    return getattr(node, "text", node) in ("true", "yes")


def boolean_as_text(parser: Any, shape: Any, node: Any) -> str:
    return str(getattr(node, "text", ""))


def text_stripped(parser: Any, shape: Any, node: Any) -> str:
    return str(getattr(node, "text", node) or "").strip()


def empty_text_is_none(parser: Any, shape: Any, node: Any) -> str | None:
    return getattr(node, "text", node) or None


def whole_text_of_an_element(parser: Any, shape: Any, node: Any) -> str:
    return "".join(node.itertext()) if hasattr(node, "itertext") else str(node)


def beyond_ascii_is_lost(parser: Any, shape: Any, node: Any) -> str:
    return str(getattr(node, "text", None) or "").encode("ascii", "replace").decode()


def around(name: str, change: Callable[[Any], Any]) -> Method:
    usual = getattr(QueryParser, name)

    def changed(parser: Any, *args: Any, **options: Any) -> Any:
        return change(usual(parser, *args, **options))

    return changed


def first_of_many(items: list[Any]) -> list[Any]:
    return items[:1]


def without_empty(items: list[Any]) -> list[Any]:
    return [item for item in items if item]


def without_message(parsed: dict[str, Any]) -> dict[str, Any]:
    if isinstance(parsed.get("Error"), dict):
        parsed["Error"].pop("Message", None)
    return parsed


def code_stripped(parsed: dict[str, Any]) -> dict[str, Any]:
    error = parsed.get("Error")
    if isinstance(error, dict) and isinstance(error.get("Code"), str):
        error["Code"] = error["Code"].strip()
    return parsed


def without_request_id(parsed: dict[str, Any]) -> dict[str, Any]:
    parsed.pop("ResponseMetadata", None)
    return parsed


def wrapper_by_ending(parser: Any, element_name: str, xml_root_node: Any) -> Any:
    return next(child for child in xml_root_node if parser._node_tag(child).endswith("Result"))


def last_of_repeated(parser: Any, parent_node: Any) -> Any:
    return {parser._node_tag(child): child for child in parent_node}


def namespace_kept(parser: Any, node: Any) -> str:
    return str(node.tag if "other" in node.tag else parser._namespace_re.sub("", node.tag))


def unknown_refused(parser: Any, shape: Any, node: Any) -> Any:
    parsed = USUAL_STRUCTURE(parser, shape, node)
    found = {parser._node_tag(child) for child in (node[0] if isinstance(node, list) else node)}
    if found - {member.serialization.get("name", name) for name, member in shape.members.items()}:
        raise ResponseParserError("unknown member")
    return parsed


USUAL_STRUCTURE: Method = vars(BaseXMLResponseParser)["_handle_structure"]

DEFECTS: dict[str, tuple[str, Method]] = {
    "a boolean of any case": ("_handle_boolean", boolean_of_any_case),
    "yes is true": ("_handle_boolean", yes_is_true),
    "a boolean as its text": ("_handle_boolean", boolean_as_text),
    "texts are stripped": ("_handle_string", text_stripped),
    "an empty text is None": ("_handle_string", empty_text_is_none),
    "the text of inner elements is read": ("_handle_string", whole_text_of_an_element),
    "a list loses all but its first item": ("_handle_list", around("_handle_list", first_of_many)),
    "a list loses its empty items": ("_handle_list", around("_handle_list", without_empty)),
    "an error loses its message": ("_do_error_parse", around("_do_error_parse", without_message)),
    "a code is stripped": ("_do_error_parse", around("_do_error_parse", code_stripped)),
    "a result loses its request id": ("_do_parse", around("_do_parse", without_request_id)),
    "any wrapper will do": ("_find_result_wrapped_shape", wrapper_by_ending),
    "the last of repeated elements counts": ("_build_name_to_xml_node", last_of_repeated),
    "another namespace is another name": ("_node_tag", namespace_kept),
    "unknown members are refused": ("_handle_structure", unknown_refused),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_planted_in_the_parser_turns_the_phase_red(defect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QueryParser, *DEFECTS[defect])

    made = replies(minimise_calls=0)

    assert made.raised is None
    assert made.result.verdict == "findings"
    assert "sdk-parser-disagrees" in made.codes


def test_a_parser_that_refuses_what_it_used_to_forgive_is_news_and_not_red(monkeypatch: pytest.MonkeyPatch) -> None:
    def strict(parser: Any, shape: Any, node: Any) -> bool:
        text = getattr(node, "text", None)
        if text not in ("true", "false"):
            raise ResponseParserError("no boolean")
        return bool(text == "true")

    monkeypatch.setattr(QueryParser, "_handle_boolean", strict)
    made = replies()

    assert made.result.verdict == "clean"
    assert made.codes.keys() == {"sdk-parser-stricter"}
    assert any("lenient-boolean-not-exact" in group.finding.key for group in made.result.findings)


def test_what_only_a_drawn_reply_shows_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QueryParser, "_handle_string", beyond_ascii_is_lost)

    made = replies(max_replies=4096, minimise_calls=400)

    drawn = [event for event in made.judged if event.number >= 0 and event.exchange.case.label == "a right reply"]
    fingerprints = {finding.fingerprint for event in drawn for finding in event.findings}
    smaller = [event for event in made.minimised if event.finding.fingerprint in fingerprints]
    assert smaller
    assert all(size(event) <= min(map(size, drawn)) for event in smaller if event.finding.key[0] == "right-reply")


def size(event: CaseJudged | Minimised) -> int:
    sent = event.exchange.case.sent
    assert isinstance(sent, Parse)
    return len(sent.reply.body)


def test_a_finding_is_minimised_found_again_and_shown_with_botocore_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QueryParser, "_handle_boolean", yes_is_true)
    judge = judge_of()
    made = run(judge, phases=("replies",), max_replies=512, minimise_calls=30)

    group = made.result.findings[0]
    sent = group.exchange.case.sent
    assert isinstance(sent, Parse)
    first = next(event.exchange.case.sent for event in made.events if isinstance(event, CaseJudged))
    assert isinstance(first, Parse)
    assert len(sent.reply.body) <= len(first.reply.body)
    assert [found.fingerprint for found in find(judge.exchange(group.exchange.case))] == [group.finding.fingerprint]

    shown = reproduce(group.finding, group.exchange, scene_of(judge, Configuration(), states={}))
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(shown.boto3, {})  # noqa: S102 - that it runs is what is tested
    assert "'Success': True" in printed.getvalue()
    assert shown.curl.startswith("# ")
    assert shown.pytest.startswith("# ")


def test_shards_parse_together_what_the_whole_phase_parses() -> None:
    whole = replies(max_replies=1500).result
    parts = [replies(max_replies=1500, shard=Shard(number, 3)).result for number in (1, 2, 3)]

    assert sum(part.replies for part in parts) == whole.replies == 1500
    together = sum((Counter(part.leniencies) for part in parts), Counter[str]())
    assert together == Counter(whole.leniencies)
