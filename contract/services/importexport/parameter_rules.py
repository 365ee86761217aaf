"""Rules about the parameters of a request, one by one."""

from __future__ import annotations

from collections.abc import Callable

from ...finding import Evidence
from ...rule import Rule
from . import sources
from .facts import Facts
from .operations import ALL, LIST, WRITES

D, I = Evidence.DOCUMENTED, Evidence.INFERRED  # noqa: E741 - the dossier's marks


def _absent(name: str) -> Callable[[Facts], str | None]:
    return lambda facts: f"{name} is absent" if facts.text(name) is None else None


def _empty(name: str) -> Callable[[Facts], str | None]:
    return lambda facts: f"{name} is empty" if facts.text(name) == "" else None


def _job_type(facts: Facts) -> str | None:
    text = facts.text("JobType")
    if text in (None, "", "Import", "Export") or text.casefold() in ("import", "export"):
        return None
    return f"JobType is {text[:60]!r}, not Import or Export"


def _job_type_case(facts: Facts) -> str | None:
    text = facts.text("JobType")
    if text in (None, "Import", "Export") or text.casefold() not in ("import", "export"):
        return None
    return f"JobType is {text!r}; whether the service minds the case is unknown"


def _validate_only(facts: Facts) -> str | None:
    text = facts.text("ValidateOnly")
    if text in (None, "") or text.strip().casefold() in ("true", "false", "1", "0"):
        return None
    return f"ValidateOnly is {text[:60]!r}, not true or false"


def _validate_only_spelling(facts: Facts) -> str | None:
    text = facts.text("ValidateOnly")
    if text is None or text in ("true", "false") or _validate_only(facts):
        return None
    return f"ValidateOnly is {text!r}; whether the service takes that spelling is unknown"


def _api_version(facts: Facts) -> str | None:
    text, known = facts.text("APIVersion"), facts.world.api_versions
    if text is None or known is None or text in known:
        return None
    return f"APIVersion is {text[:60]!r}; the endpoint takes {', '.join(sorted(known))}"


def _api_version_unknown(facts: Facts) -> str | None:
    text = facts.text("APIVersion")
    if text is None or facts.world.api_versions is not None:
        return None
    return f"APIVersion is {text[:60]!r}, and the values that the endpoint takes are unknown"


def _max_jobs(facts: Facts) -> str | None:
    text = facts.text("MaxJobs")
    if text is None:
        return None
    value = facts.reading.parameters.get("MaxJobs")
    return None if isinstance(value, int) and 0 <= value <= 1000 else f"MaxJobs is {text[:60]!r}, not 0 to 1000"


def _marker(facts: Facts) -> str | None:
    text = facts.text("Marker")
    return (
        None if text is None or facts.own_job(text) else f"Marker is {text[:60]!r}, not the id of a job of the account"
    )


PARAMETER_RULES: tuple[Rule[Facts], ...] = (
    Rule(
        "parameter.Manifest.missing",
        ("MissingParameterException",),
        WRITES,
        "Manifest is absent",
        D,
        sources.model("MissingParameterException"),
        _absent("Manifest"),
    ),
    Rule(
        "parameter.JobType.missing",
        ("MissingParameterException",),
        WRITES,
        "JobType is absent",
        D,
        sources.model("MissingParameterException"),
        _absent("JobType"),
    ),
    Rule(
        "parameter.JobType.empty",
        ("MissingParameterException", "InvalidParameterException"),
        WRITES,
        "JobType is empty",
        I,
        sources.model("MissingParameterException"),
        _empty("JobType"),
    ),
    Rule(
        "parameter.ValidateOnly.missing",
        ("MissingParameterException",),
        WRITES,
        "ValidateOnly is absent: required by the model, absent from UpdateJob's page, left out by live tests",
        D,
        sources.model("UpdateJobInput"),
        _absent("ValidateOnly"),
        certain=False,
    ),
    Rule(
        "parameter.JobType.invalid",
        ("InvalidParameterException",),
        WRITES,
        "JobType is neither Import nor Export",
        D,
        f"{sources.model('InvalidParameterException')}; {sources.LIVE_JAVA}",
        _job_type,
    ),
    Rule(
        "parameter.JobType.case",
        ("InvalidParameterException",),
        WRITES,
        "JobType is Import or Export in another case",
        I,
        sources.model("JobType"),
        _job_type_case,
        certain=False,
    ),
    Rule(
        "parameter.ValidateOnly.invalid",
        ("InvalidParameterException",),
        WRITES,
        "ValidateOnly is not a boolean",
        I,
        sources.model("InvalidParameterException"),
        _validate_only,
    ),
    Rule(
        "parameter.ValidateOnly.spelling",
        ("InvalidParameterException",),
        WRITES,
        "ValidateOnly is a boolean in another spelling than true or false",
        I,
        sources.model("InvalidParameterException"),
        _validate_only_spelling,
        certain=False,
    ),
    Rule(
        "parameter.APIVersion.invalid",
        ("InvalidVersionException",),
        ALL,
        "APIVersion is none that the endpoint takes",
        I,
        sources.model("InvalidVersionException"),
        _api_version,
        reads_world=True,
    ),
    Rule(
        "parameter.APIVersion.unknown",
        ("InvalidVersionException",),
        ALL,
        "APIVersion is given, and what the endpoint takes is unknown",
        I,
        sources.model("InvalidVersionException"),
        _api_version_unknown,
        certain=False,
        reads_world=True,
    ),
    Rule(
        "parameter.MaxJobs.invalid",
        ("InvalidParameterException",),
        LIST,
        "MaxJobs is not a number from 0 to 1000",
        D,
        sources.LIST_JOBS,
        _max_jobs,
    ),
    Rule(
        "parameter.Marker.invalid",
        ("InvalidParameterException",),
        LIST,
        "Marker is not a valid job id",
        D,
        sources.LIST_JOBS,
        _marker,
    ),
)
