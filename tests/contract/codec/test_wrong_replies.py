"""Wrong forms: each spoils a right reply, and the strict reading tells one of its departures with a place."""

from __future__ import annotations

import pytest
from botoproof.contract.codec.query_reading import read_reply
from botoproof.contract.codec.query_reply import write_error, write_result
from botoproof.contract.codec.wrong_replies import WRONG_FORMS, WrongForm, with_body, with_header, wrong_form
from botoproof.contract.interaction import Reply
from botoproof.contract.model import Operation
from hypothesis import given
from hypothesis import strategies as st

FORMS = [pytest.param(form, id=form.name) for form in WRONG_FORMS]
OF_RESULTS = [pytest.param(form, id=form.name) for form in WRONG_FORMS if form.of != "error"]
OF_ERRORS = [pytest.param(form, id=form.name) for form in WRONG_FORMS if form.of != "result"]


@pytest.fixture(scope="module")
def result(update_job: Operation) -> Reply:
    """A right result with every member."""
    value = {"Success": True, "WarningMessage": "w", "ArtifactList": [{"Description": "d", "URL": "u"}]}
    return write_result(update_job, value, request_id="r1")


@pytest.fixture(scope="module")
def error(update_job: Operation) -> Reply:
    """A right error."""
    return write_error("InvalidJobIdException", "no such job", request_id="r1", namespace=update_job.namespace)


@pytest.mark.parametrize("form", OF_RESULTS)
def test_each_form_spoils_a_result_noticeably(update_job: Operation, result: Reply, form: WrongForm) -> None:
    notice(update_job, result, form)


@pytest.mark.parametrize("form", OF_ERRORS)
def test_each_form_spoils_an_error_noticeably(update_job: Operation, error: Reply, form: WrongForm) -> None:
    notice(update_job, error, form)


def notice(operation: Operation, right: Reply, form: WrongForm) -> None:
    """Assert that the right reply has no departure, and that the wrong one has one of those that the form names."""
    wrong = form.alter(right)

    assert read_reply(operation, right).departures == ()
    assert wrong != right
    told = {departure.code: departure.path for departure in read_reply(operation, wrong).departures}
    assert told.keys() & form.departures
    assert all(told.values())


@pytest.mark.parametrize("form", OF_RESULTS)
def test_each_form_of_the_bytes_spoils_a_result_without_members(delete_user: Operation, form: WrongForm) -> None:
    right = write_result(delete_user, {}, request_id="r1")

    wrong = form.alter(right)

    if wrong == right:
        assert form.of == "result"
    else:
        assert {departure.code for departure in read_reply(delete_user, wrong).departures} & form.departures


@pytest.mark.parametrize("form", FORMS)
def test_the_content_length_fits_the_wrong_body(result: Reply, error: Reply, form: WrongForm) -> None:
    for right in (result, error):
        wrong = form.alter(right)

        assert wrong.header("Content-Length") == str(len(wrong.body))


@pytest.mark.parametrize("form", FORMS)
@given(body=st.binary(max_size=50))
def test_no_body_makes_a_form_raise(form: WrongForm, body: bytes) -> None:
    """A wrong form may be laid upon another one."""
    assert isinstance(form.alter(Reply(200, (), body)).body, bytes)


def test_a_form_gives_the_same_bytes_every_time(result: Reply) -> None:
    assert [form.alter(result) for form in WRONG_FORMS] == [form.alter(result) for form in WRONG_FORMS]


def test_no_two_forms_make_the_same_reply(result: Reply, error: Reply) -> None:
    for right, of in ((result, "error"), (error, "result")):
        spoiled = [form.alter(right) for form in WRONG_FORMS if form.of != of]

        assert len(set(spoiled)) == len(spoiled)


def test_forms_are_found_by_their_name() -> None:
    assert [wrong_form(form.name) for form in WRONG_FORMS] == list(WRONG_FORMS)


def test_an_unknown_form_is_a_key_error_with_the_name() -> None:
    with pytest.raises(KeyError, match=r"^'result\.nothing'$"):
        wrong_form("result.nothing")


def test_a_name_says_what_the_form_is_made_from() -> None:
    assert {form.name.partition(".")[0]: form.of for form in WRONG_FORMS} == {
        "body": "any",
        "header": "any",
        "namespace": "any",
        "result": "result",
        "error": "error",
    }


def test_a_body_is_replaced_with_its_length() -> None:
    reply = Reply(200, (("content-length", "1"), ("X", "y")), b"a")

    assert with_body(reply, b"abc") == Reply(200, (("content-length", "3"), ("X", "y")), b"abc")


def test_a_header_is_replaced_or_taken_away_whatever_its_case() -> None:
    reply = Reply(200, (("content-type", "text/xml"), ("X", "y")), b"")

    assert with_header(reply, "Content-Type", "text/html").headers == (("X", "y"), ("Content-Type", "text/html"))
    assert with_header(reply, "Content-Type", None).headers == (("X", "y"),)
