"""Rules of `botoproof upgrade` as pages."""

from __future__ import annotations

from collections.abc import Iterator

from ..upgrade.rule import SYMMETRIC, Rule
from ..upgrade.rules import RULES
from .page import Page, Section, page_markdown


def upgrade_rule_page(rule: Rule) -> Page:
    """Return what there is to say about a rule."""
    hurts = ", ".join(who.value for who in rule.hurts)
    weighs = (
        f"{rule.severity.value} for: {hurts}; for others a note" if hurts else f"{rule.severity.value} for everybody"
    )
    mirror = "the same change, whichever release is the older" if rule.mirror == SYMMETRIC else rule.mirror
    declared = (
        (f"What a model declares is no error by itself. It is one together with {', '.join(rule.confirmed_by)}.",)
        if rule.confirmed_by
        else ()
    )
    return Page(
        rule.id,
        rule.title,
        (
            Section("before", (rule.before,)),
            Section("after", (rule.after,)),
            Section("who breaks", (rule.breaks,)),
            Section("adapt", (rule.adapt,)),
            Section("severity", (weighs,)),
            Section("declared", declared),
            Section("seen by", (", ".join(f"--{depth.value}" for depth in rule.decided),)),
            Section("mirror", (mirror,)),
            Section("source", (rule.source,) if rule.source else ()),
        ),
    )


def upgrade_rules_page() -> Iterator[str]:
    """Yield the lines of the page of all rules in Markdown."""
    yield "# What can change between two releases of the SDK"
    yield ""
    yield "<!-- Generated: botoproof explain --upgrade-rules -->"
    yield ""
    yield "`botoproof upgrade A B` tells each difference by one of these rules; `botoproof explain RULE` tells of one."
    yield "Severities are for those whom the rule hurts; `--profile` says who asks."
    yield ""
    yield "| rule | what | hurts | severity |"
    yield "| --- | --- | --- | --- |"
    for rule in RULES.values():
        hurts = ", ".join(who.value for who in rule.hurts)
        yield f"| [`{rule.id}`](#{rule.id}) | {rule.title} | {hurts} | {rule.severity.value} |"
    yield ""
    for rule in RULES.values():
        yield from page_markdown(upgrade_rule_page(rule))
