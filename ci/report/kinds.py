"""The kinds of report, each made of the JSON report's data; what a kind needs is loaded when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .reading import FAULTS, UPGRADE, Report

if TYPE_CHECKING:
    from ..history.past import History
    from .past import Since


def write_reports(kind: str, reports: Sequence[Report], *, title: str = "", past: History | None = None) -> str:
    """Return reports as one text of another kind.

    Args:
        kind: One of `files.KINDS`; `json` takes one report only.
        reports: At least one; all of one schema.
        title: Of a page; made from what it is about when empty.
        past: A history that ends with these reports, for the kinds that tell what is new.
    """
    match kind:
        case "json":
            (report,) = reports
            return json.dumps(report.data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        case "html":
            return _page(reports, title, past)
        case "junit":
            from .forms.junit import junit_report

            return junit_report(reports)
        case "sarif":
            from .forms.sarif import sarif_report

            return sarif_report(reports)
        case "markdown":
            from .forms.markdown import markdown_report

            return markdown_report(reports, _since(past, reports))
        case "jsonl":
            from .forms.json_lines import json_lines_report

            return json_lines_report(reports)
        case "annotations":
            from .forms.annotations import annotations_report

            return annotations_report(reports)
        case "badge":
            from .forms.badge import badge_report

            return badge_report(reports)
        case _:
            raise ValueError(f"no kind of report: {kind}")


def _page(reports: Sequence[Report], title: str, past: History | None) -> str:
    from .page.render import conformance_page, faults_page, upgrade_page

    if reports[0].schema == UPGRADE:
        from .page.upgrade import upgrade_of

        return upgrade_page(upgrade_of(reports, title=title))
    if reports[0].schema == FAULTS:
        from .page.faults import faults_of

        return faults_page(faults_of(reports, title=title))
    from .page.conformance import conformance_of

    return conformance_page(conformance_of(reports, title=title, past=_since(past, reports)))


def _since(past: History | None, reports: Sequence[Report]) -> Sequence[Since]:
    if past is None:
        return ()
    from .past import since

    return tuple(since(past, reports))
