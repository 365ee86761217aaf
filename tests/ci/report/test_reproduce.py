"""Reproducers: each is run as it stands, and shows what the case showed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botoproof.ci.embedded import open_embedded
from botoproof.ci.replay import open_replay
from botoproof.ci.report.reproduce import LONGEST, reproduce
from botoproof.ci.report.source import NotWritable, arguments, literal
from botoproof.contract import case as cases
from botoproof.contract.adapters.server import Server
from botoproof.contract.case import Call, Case, Form, Raw
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential
from botoproof.contract.errors import BadConfiguration, Conformance, TargetUnusable
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Reply, Request
from hypothesis import given
from hypothesis import strategies as st

from .conftest import Changed, judge_of, prepared_scene, renames_an_error, with_body, world_of
from .reproducing import CASES, FINDING, UNSTABLE, call, form, ran, reproduction

BY_URL = ("a call for a job of our own", "a call for a cancelled job", "a call for the keeper's job", "a form", "bytes")
# Runs files as `python FILE` would, in one process, since starting one takes a second.
RUNNER = """
import contextlib, io, json, runpy, sys
said = {}
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        runpy.run_path(path, run_name="__main__")
    said[path] = out.getvalue()
print(json.dumps(said))
"""


@pytest.mark.parametrize(("names", "by_url"), [(tuple(CASES), False), (BY_URL, True)], ids=["embedded", "url"])
def test_the_python_snippets_show_the_answers_again(names: tuple[str, ...], by_url: bool, tmp_path: Path) -> None:
    with judge_of(by_url=by_url) as judge:
        scene = prepared_scene(judge)
        for name in names:
            exchange = judge.exchange(at_keeper(CASES[name][0]) if by_url else CASES[name][0])
            tmp_path.joinpath(name).write_text(reproduce(FINDING, exchange, scene).boto3, encoding="utf-8")
        said = json.loads(ran(sys.executable, "-c", RUNNER, *(str(tmp_path / name) for name in names)))

    assert [name for name in names if CASES[name][1] not in said[str(tmp_path / name)]] == []


def at_keeper(case: Case) -> Case:
    """Return the case for an endpoint whose keeper named no expired job, but has one."""
    return eval(repr(case).replace("~expired~", "EXP1A"), vars(cases))  # type: ignore[no-any-return]  # noqa: S307 - ours


def test_a_snippet_runs_as_it_stands() -> None:
    with judge_of() as judge:
        snippet = reproduction(judge, call("~pending~")).boto3

    assert "'Success': True" in ran(sys.executable, "-c", snippet)


def pytest_run(folder: Path, **tests: str) -> tuple[int, str]:
    """Run tests in a project of their own; return pytest's status and words."""
    for name, test in tests.items():
        folder.joinpath(f"test_{name}.py").write_text(test, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "."],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.slow
def test_the_pytest_tests_pass_on_an_endpoint_that_is_right(tmp_path: Path) -> None:
    names = ("a call for a job of our own", "a form of nobody", "a megabyte")
    with judge_of() as judge:
        tests = {name.replace(" ", "_"): reproduction(judge, CASES[name][0]).pytest for name in names}

    assert pytest_run(tmp_path, **tests)[0] == 0


def test_the_pytest_tests_fail_for_as_long_as_the_departure_is_there(tmp_path: Path) -> None:
    with judge_of(change=renames_an_error, by_url=True) as judge:
        tests = {
            kind: reproduction(judge, case).pytest for kind, case in (("call", call("ZZZZZ")), ("form", form("ZZZZZ")))
        }

        status, said = pytest_run(tmp_path, **tests)

    failures = [line for line in said.splitlines() if line.startswith("E ") and "Conformance: " in line]
    assert (status, len(failures)) == (1, 2)
    assert said.count("the error is not documented for the operation [error-undocumented]") >= 2


def test_a_note_is_an_error_in_its_own_test() -> None:
    with judge_of() as judge:
        test = reproduction(judge, call("~pending~"), replace(FINDING, evidence=Evidence.INFERRED)).pytest

    assert 'open_replay("importexport", evidence="inferred")' in test


@pytest.mark.slow
def test_two_unlike_outcomes_are_shown_by_two_requests() -> None:
    with judge_of() as judge:
        sdk = reproduction(judge, call("~pending~"), UNSTABLE).boto3
        wire = reproduction(judge, form("~pending~"), UNSTABLE).boto3

    assert ran(sys.executable, "-c", f"{sdk}\n{wire}").count("'Success': True") == 4


def test_a_configured_world_goes_with_every_reproducer() -> None:
    table = {"era": "2010-06-03", "buckets": {"mine": {"region": "us-east-1"}}, "jobs": {"expired": ["XPR1A"]}}
    credential = Credential("AKIDMINE", "a-secret-of-my-own")
    with judge_of(table=table, credential=credential) as judge:
        scene = prepared_scene(judge, table)
        case = Case(
            "UpdateJob", Call({"JobId": "XPR1A", "JobType": "Import", "Manifest": "a: b", "ValidateOnly": True})
        )
        snippet, wire = (
            reproduce(FINDING, judge.exchange(case), scene).boto3,
            reproduce(FINDING, judge.exchange(form("~expired~")), scene).boto3,
        )

    assert "a-secret-of-my-own" not in snippet + wire
    assert ran(sys.executable, "-c", f"{snippet}\n{wire}").count("code='ExpiredJobIdException'") == 1


def test_keys_that_are_nobodys_business_are_left_to_the_usual_chain() -> None:
    credential = Credential("AKIDMINE", "a-secret-of-my-own")
    with judge_of(by_url=True, credential=credential) as judge:
        found = reproduction(judge, call("~pending~"))
        keys = {"AWS_ACCESS_KEY_ID": "AKIDMINE", "AWS_SECRET_ACCESS_KEY": "a-secret-of-my-own"}

        said = ran(sys.executable, "-c", found.boto3, **keys)

    assert "Success" in said
    assert '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"' in found.curl
    assert not [source for source in (found.boto3, found.curl, found.pytest) if "AKIDMINE" in source]


def test_what_was_unusual_in_a_run_goes_with_its_test() -> None:
    case = Case("UpdateJob", Form((("Action", "X"),), query=(("b", "1"), ("a", "2"))))
    with judge_of(by_url=True) as judge:
        scene = prepared_scene(judge)
        scene = replace(
            scene,
            time_limit=2.5,
            allow_writes=True,
            scope=replace(scene.scope, region="eu-west-1"),
            evidence=Evidence.DOCUMENTED,
        )
        found = reproduce(FINDING, judge.exchange(case), scene)
        raw = reproduce(FINDING, judge.exchange(Case("UpdateJob", Raw(b"X", content_type=""))), scene)

    options = ('region="eu-west-1"', "time_limit=2.5", 'evidence="documented"', "allow_writes=True")
    assert [option for option in options if option not in found.pytest] == []
    assert 'query=(("b", "1"), ("a", "2"))' in found.pytest
    assert "--max-time 2.5" in found.curl
    assert "# The query is sorted, as curl before version 8 does not sort it for the signature.\n" in found.curl
    assert "\"$endpoint/\"'?a=2&b=1'" in found.curl
    assert 'Raw(b"X", content_type="")' in raw.pytest
    assert "--header Content-Type:" in raw.curl


def test_an_instant_is_written_with_its_import() -> None:
    with judge_of() as judge:
        found = reproduction(judge, call("A", Manifest=datetime(2020, 1, 1, tzinfo=UTC)))

    assert found.boto3.startswith("import datetime\n")
    assert "Invalid type for parameter Manifest" in ran(sys.executable, "-c", found.boto3)


def test_what_has_no_source_is_said() -> None:
    with judge_of() as judge:
        found = reproduction(judge, call("A", Manifest=object()))

    assert found.boto3 == found.pytest
    assert found.boto3 == (
        "# This case cannot be written down: a value of type object cannot be written as source. "
        "The run can be repeated with its seed.\n"
    )


def test_what_nobody_would_read_is_said() -> None:
    noise = bytes(range(256)) * 2 + os.urandom(LONGEST)
    with judge_of() as judge:
        found = reproduction(judge, Case("UpdateJob", Raw(b"Action=UpdateJob&X=" + noise)))

    for source in (found.boto3, found.curl, found.pytest):
        assert source.startswith("# This case cannot be written down: it would take ")


# The helper that reproducers use


def test_a_replay_tells_all_that_is_wrong() -> None:
    def changes(request: Request, reply: Reply) -> Reply:
        return with_body(renames_an_error(request, reply), b"http://importexport.amazonaws.com/", b"urn:x")

    served = Changed(world_of({}, EXAMPLE_KEY), changes)
    with (
        Server(served.answer) as server,
        open_replay("importexport", endpoint=server.url, credential=EXAMPLE_KEY) as replay,
        pytest.raises(Conformance) as caught,
    ):
        replay.require_conformance(call("ZZZZZ"))

    assert "[error-undocumented]" in str(caught.value)
    assert "[reply-namespace]" in str(caught.value)


def test_a_replay_tells_a_state_that_cannot_be_had() -> None:
    with (
        open_embedded("importexport") as endpoint,
        open_replay("importexport", endpoint=endpoint.url, credential=EXAMPLE_KEY) as replay,
        pytest.raises(TargetUnusable, match="state expired: no public operation"),
    ):
        replay.exchange(call("~expired~"))


def test_a_replay_leaves_nothing_behind() -> None:
    with open_embedded("importexport") as endpoint:
        with open_replay("importexport", endpoint=endpoint.url, credential=EXAMPLE_KEY) as replay:
            replay.require_conformance(call("~pending~"))
            replay.require_conformance(call("~pending~"))
        jobs = endpoint.client().list_jobs()["Jobs"]

    assert [job["IsCanceled"] for job in jobs] == [True]


def test_a_replay_warns_of_what_it_could_not_dispose_of() -> None:
    def keeps(request: Request, reply: Reply) -> Reply:
        return Reply(503, (), b"") if b"Action=CancelJob" in request.body else reply

    served = Changed(world_of({}, EXAMPLE_KEY), keeps)
    with (
        Server(served.answer) as server,
        pytest.warns(UserWarning, match="could not dispose of [A-Z0-9]+: CancelJob"),
        open_replay("importexport", endpoint=server.url, credential=EXAMPLE_KEY) as replay,
    ):
        replay.require_conformance(call("~pending~"))


def test_a_replay_knows_three_kinds_of_evidence() -> None:
    with pytest.raises(BadConfiguration, match="got 'guessed'"), open_replay("importexport", evidence="guessed"):
        pytest.fail("it was opened")


# Source


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(), max_size=300)
    | st.binary(max_size=300)
    | st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=20), st.integers(1, 100))
    | st.datetimes(timezones=st.none() | st.just(UTC)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(values)
def test_source_evaluates_to_the_value(value: object) -> None:
    import datetime as module

    assert eval(literal(value), {"datetime": module}) == value  # noqa: S307 - ours


@given(values, st.sampled_from(["", "    ", " " * 8]))
def test_indented_source_evaluates_too(value: object, indent: str) -> None:
    import datetime as module

    source = f"{indent}found = {literal(value, indent=indent)}"
    names = {"datetime": module}
    exec(f"if True:\n{source}" if indent else source, names)  # noqa: S102 - ours

    assert names["found"] == value


@given(st.text(st.sampled_from("AB\n "), max_size=300), st.booleans())
def test_a_name_stands_for_a_text_wherever_it_occurs(text: str, as_bytes: bool) -> None:
    value = text.encode() if as_bytes else text

    found = eval(literal(value, names={"AB": "other"}), {"other": "xyz"})  # noqa: S307 - ours

    assert found == (text.replace("AB", "xyz").encode() if as_bytes else text.replace("AB", "xyz"))


@given(st.dictionaries(st.sampled_from(["a", "class", "a b", "self_", ""]), st.integers()))
def test_arguments_reach_the_call(parameters: dict[str, int]) -> None:
    assert eval(f"dict{arguments(parameters)}") == parameters  # noqa: S307 - ours


@pytest.mark.parametrize("value", [object(), {1, 2}, datetime.now])
def test_what_cannot_be_written_is_refused(value: object) -> None:
    with pytest.raises(NotWritable, match="cannot be written as source"):
        literal([value])


def test_a_run_is_written_as_a_product_and_quickly() -> None:
    assert literal(b"Action=X&" + b"a" * 5_000_000) == '(b"Action=X&" + b"a" * 5000000)'
