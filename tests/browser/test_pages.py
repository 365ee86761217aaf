"""The pages in a real browser, from disk: they show, open, filter and print, nothing hostile runs, axe is content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.report.kinds import write_reports
from botoproof.ci.report.past import of_reports

from ..ci.report.made import UPDATE, body, error, faulted, finding, operation, run, struck
from .driver import Browser

pytestmark = [pytest.mark.slow, pytest.mark.browser]

BORROWED = Path(__file__).parents[2] / "build" / "borrowed"
STATUS = "importexport.GetStatus"
HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
FOLDED = {"UpdateJob#0:connect.refused:once": "UpdateJob#0:dns:once"}
CELL = 'td a[href="#c0-0"]'


def conformance() -> str:
    """Return a page with every state, a trend, and hostile words wherever an endpoint has some."""
    reply = {"status": 200, "headers": [["X", HOSTILE]], "body": body(f"<Reply>{HOSTILE}</Reply>")}
    told = {
        **operation(4, InvalidJobIdException=error(2), Unmet=error(0, why=HOSTILE), Never=error(0)),
        "outcomes": {HOSTILE: 4},
        "probes": {f"job.{number}.{HOSTILE}": HOSTILE for number in range(4)},
    }
    found = [
        finding(1, observed=HOSTILE, path=HOSTILE, case={"reply": reply, "probe": "p"}),
        finding(2, status="known", reason="bug 7", operation=STATUS),
        finding(3, status="flaky", reason="1 of 3", operation=STATUS, severity="warning"),
        finding(4, severity="note", code="reply-header-extra", operation="importexport.ListJobs"),
    ]
    operations = {UPDATE: told, STATUS: operation(), "importexport.ListJobs": operation(0)}
    one = run(*found, operations=operations, endpoint="http://endpoint.example:8000")
    other = run(operations={UPDATE: operation(A=error(0, why="no job"))}, stopped="interrupted", verdict="unknown")
    earlier = run(finding(9), operations=operations, endpoint="http://endpoint.example:8000")
    return write_reports("html", [one, other, run(name="third.json")], past=of_reports([earlier], [one, other]))


def faults() -> str:
    """Return a page of a test with two calls, and every verdict."""
    other = {"call": "ListJobs#0", "operation": "importexport.ListJobs", "site": None}
    runs = [
        struck("error(InvalidJobIdException):always"),
        struck("dns:once", "not survived", "fault-escaped", "fault-swallowed", line=f"it.py:4 in f: {HOSTILE}"),
        struck("status(500):once", "nothing changed"),
        struck("status(500):always", "undecided", **other),
        struck("dns:once", "not struck", **other, effects=None),
    ]
    return write_reports(
        "html", [faulted(*runs, folded={"alike": 3}, folded_into=FOLDED, inapplicable={"x": "no body"})]
    )


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser, in which only the first test pays for the start."""
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both kinds of page, on disk."""
    folder = tmp_path_factory.mktemp("pages")
    made = {"conformance": conformance(), "faults": faults()}
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture
def page(browser: Browser, pages: dict[str, Path]) -> Browser:
    """The page of runs, just opened."""
    browser.show()
    browser.log()
    browser.open(pages["conformance"])
    return browser


def open_everything(browser: Browser) -> None:
    browser.run("""
        location.hash = document.querySelector('td a').hash;
        for (const one of document.querySelectorAll('details')) one.open = true;
    """)
    browser.wait_for("return !document.getElementById('cell').hidden")


def texts(browser: Browser, selector: str) -> list[str]:
    """Return the texts of the elements that are seen."""
    seen = "[...document.querySelectorAll(arguments[0])].filter(one => one.checkVisibility())"
    found: list[str] = browser.run(f"return {seen}.map(one => one.innerText)", selector)
    return found


def axe_on(browser: Browser) -> Any:
    """Return what axe-core makes of the page."""
    axe = BORROWED / "axe.min.js"
    if not axe.is_file():
        pytest.fail(f"there is no {axe.name} for this test; ci/borrowed fetches it", pytrace=False)
    browser.run(axe.read_text(encoding="utf-8"))
    browser.run("window.found = null; axe.run().then(found => { window.found = found; })")
    return browser.wait_for("return window.found")


@pytest.mark.parametrize("name", ["conformance", "faults"])
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)], ids=["desk", "dark phone"])
def test_a_page_shows_without_complaints_and_nothing_hostile_runs(
    browser: Browser, pages: dict[str, Path], name: str, width: int, dark: bool
) -> None:
    browser.show(width=width, dark=dark)
    browser.log()

    browser.open(pages[name])
    open_everything(browser)

    assert browser.log() == []
    assert browser.run("return window.hacked ?? document.images.length") == 0
    assert browser.run("return performance.getEntriesByType('resource').length") == 0
    assert browser.run("const all = document.documentElement; return all.scrollWidth - all.clientWidth") == 0


@pytest.mark.parametrize("name", ["conformance", "faults"])
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False)], ids=["light", "dark", "phone"])
def test_axe_finds_nothing_on_a_page_with_everything_open(
    browser: Browser, pages: dict[str, Path], name: str, width: int, dark: bool
) -> None:
    browser.show(width=width, dark=dark)
    browser.open(pages[name])
    open_everything(browser)

    found = axe_on(browser)

    told = [(one["id"], node["html"], node["failureSummary"]) for one in found["violations"] for node in one["nodes"]]
    assert told == []
    assert len(found["passes"]) > 20, "axe looked at something"


def test_axe_would_have_found_something(page: Browser) -> None:
    page.run("document.querySelector('h1').style.color = '#ddd'; document.documentElement.removeAttribute('lang')")

    found = axe_on(page)

    assert {one["id"] for one in found["violations"]} >= {"html-has-lang", "color-contrast"}


def test_the_policy_keeps_a_planted_script_and_a_planted_picture_from_working(page: Browser) -> None:
    page.run("""
        const script = document.createElement('script');
        script.textContent = 'window.planted = 1';
        const picture = document.createElement('img');
        picture.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
        document.body.append(script, picture);
    """)

    complaints = " ".join(page.log())
    assert page.run("return window.planted ?? null") is None
    assert "script-src" in complaints
    assert "img-src" in complaints or "default-src" in complaints


def test_a_cell_opens_what_came_and_leads_to_request_reply_and_reproducer(page: Browser) -> None:
    page.click(CELL)

    (title,) = texts(page, "#cell-title")
    assert title == f"{UPDATE} · http://endpoint.example:8000 · botocore 1.44.5: fail 1"
    assert texts(page, "#cell-facts dt")[:2] == ["cases", "exceptions"]
    assert f"4 times {HOSTILE}" in texts(page, "#cell-facts dd")
    page.click("#cell-tried summary")
    assert len(texts(page, "#cell-tried tbody tr")) == 4

    page.click("#cell-links a")

    assert page.wait_for("return document.activeElement.parentElement.id") == "f-000000000001"
    request, reply, *reproducers = texts(page, "#f-000000000001 pre")
    assert request.startswith("POST http://e/")
    assert f"<Reply>{HOSTILE}</Reply>" in reply
    assert [one.strip() for one in reproducers] == ["print(1)", "curl e", "def test(): ..."]


def test_a_keyboard_opens_and_closes_a_cell_and_is_led_back(page: Browser) -> None:
    page.run("document.querySelector(arguments[0]).focus()", CELL)

    page.press("Enter")
    assert page.wait_for("return document.activeElement.id") == "cell"
    page.press("Escape")

    assert page.run("return document.activeElement.hash") == "#c0-0"
    assert texts(page, "#cell") == []
    assert page.run("return location.hash") == ""


def test_the_first_key_leads_past_the_head(page: Browser) -> None:
    page.press("Tab")
    assert page.run("return document.activeElement.className") == "skip"
    page.press("Enter")

    assert page.wait_for("return document.activeElement.id") == "main"


def test_an_address_with_a_finding_or_a_cell_opens_it(browser: Browser, pages: dict[str, Path]) -> None:
    browser.show()

    browser.open(pages["conformance"], "#f-000000000003")
    assert browser.run("return document.getElementById('f-000000000003').open")
    browser.open(pages["conformance"], "#c1-0")
    assert texts(browser, "#cell-title")[0].startswith(STATUS)
    browser.open(pages["conformance"], "#%E0%A4%A")

    assert texts(browser, "#cell") == [], "and an address that is none opens nothing"
    assert browser.log() == []


def test_words_and_states_filter_rows_and_findings(page: Browser) -> None:
    def seen() -> tuple[int, int, str]:
        rows, findings = texts(page, ".matrix tbody tr"), texts(page, "details.finding")
        return len(rows), len(findings), texts(page, "#count")[0]

    assert seen() == (3, 4, "3 of 3 rows, 4 of 4 findings")

    page.type("#search", "getstatus UNDOCUMENTED")
    assert seen() == (1, 2, "1 of 3 rows, 2 of 4 findings")

    page.click('input[value="known"]')
    page.click('input[value="none"]')
    page.click('input[value="good"]')
    assert seen() == (1, 1, "1 of 3 rows, 1 of 4 findings"), "the row has a flaky cell still"

    page.click('#filters button[type="reset"]')
    page.wait_for("return document.getElementById('search').value === ''")
    assert page.wait_for("return document.getElementById('count').textContent.startsWith('3 of 3')")
    assert seen() == (3, 4, "3 of 3 rows, 4 of 4 findings")


def test_a_test_of_which_no_row_is_left_is_hidden_with_its_name(browser: Browser, pages: dict[str, Path]) -> None:
    browser.show()
    browser.open(pages["faults"])
    assert texts(browser, "[data-part] h3") == ["test_it.py::test"]

    browser.type("#search", "no such fault")

    assert texts(browser, "[data-part] h3") == []


def test_folded_faults_show_when_they_are_asked_for(browser: Browser, pages: dict[str, Path]) -> None:
    browser.show()
    browser.open(pages["faults"])
    assert [row for row in texts(browser, ".matrix tbody tr") if "connect.refused" in row] == []

    browser.click('input[value="known"]')
    browser.click("td.t-known a")

    assert texts(browser, "#cell-facts dd") == ["dns:once, which was not survived"]


def test_a_cell_of_a_fault_tells_the_line_and_how_to_run_it_again(browser: Browser, pages: dict[str, Path]) -> None:
    browser.show()
    browser.open(pages["faults"])

    browser.click("td.t-bad a")

    facts = dict(zip(texts(browser, "#cell-facts dt"), texts(browser, "#cell-facts dd"), strict=True))
    assert facts["line"] == f"it.py:4 in f: {HOSTILE}"
    assert facts["again"] == 'pytest "test_it.py::test[UpdateJob#0:dns:once]" --fault "UpdateJob#0:dns:once"'
    assert facts["attempts"] == "1, and the service did it once"
    assert texts(browser, "#cell-links a") != []


def test_a_reproducer_is_copied_as_it_stands(page: Browser) -> None:
    page.tool("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    page.click('details.finding[id="f-000000000001"] summary')

    button = '[data-copy="f-000000000001-boto3-text"]'
    page.click(button)

    page.wait_for("return document.querySelector(arguments[0]).innerText === 'Copied'", button)
    page.run("window.read = null; navigator.clipboard.readText().then(text => { window.read = text; })")
    assert page.wait_for("return window.read") == "print(1)\n"


def test_what_is_printed_has_all_that_counts_open_and_no_controls(page: Browser) -> None:
    page.run("""
        window.opened = null;
        addEventListener('beforeprint', () => {
            window.opened = [...document.querySelectorAll('details.finding')].map(one => [one.dataset.tone, one.open]);
        });
    """)

    printed = page.printed()
    page.show(media="print")

    assert printed.startswith(b"%PDF-")
    assert page.run("return window.opened") == [["bad", True], ["flaky", True], ["known", False], ["lenient", False]]
    assert page.run("return document.querySelectorAll('details.finding[open]').length") == 0, "and closed again"
    assert texts(page, "nav, #filters, button") == []


def test_without_scripts_all_findings_are_there_and_it_is_said_what_is_not(
    browser: Browser, pages: dict[str, Path]
) -> None:
    browser.show()
    browser.tool("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(pages["conformance"])
        assert texts(browser, "noscript p") == [
            "Without JavaScript, cells do not open and nothing can be filtered; all findings stand below."
        ]
        assert texts(browser, "#filters, button") == []
        assert len(texts(browser, "details.finding")) == 4
    finally:
        browser.tool("Emulation.setScriptExecutionDisabled", value=False)


def test_the_trend_is_drawn_and_the_regression_stands_on_the_first_page(page: Browser) -> None:
    assert any("new" in line and "error-undocumented" in line for line in texts(page, "#new li"))

    bars: list[Any] = page.run("return [...document.querySelectorAll('#trend rect')].map(one => one.getBBox().height)")
    assert len(bars) >= 2
    assert min(bars) > 0
