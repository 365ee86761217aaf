"""Programs: the same from the same seed, able to be carried out, and about all that a job can meet."""

from __future__ import annotations

from collections import Counter
from functools import cache

from botoproof.ci.campaign.drawing import draw, from_machine
from botoproof.contract.case import Call
from botoproof.contract.program import Program, Step
from botoproof.contract.services.importexport.manifests import base_import
from botoproof.contract.services.importexport.specification import default_world
from botoproof.strategies.importexport import STRATEGIES
from botoproof.strategies.importexport.lifecycle import MAX_JOBS
from hypothesis import Phase, find, settings

STATES = ("cancelled", "complete", "expired", "foreign", "in-progress", "pending", "spare")
STEPS = 12


@cache
def drawn(root: int = 1, count: int = 40, states: tuple[str, ...] = STATES) -> tuple[Program, ...]:
    """Return the programs of a seed."""
    found: list[Program] = []
    source = from_machine(STRATEGIES.programs(world=default_world(), states=states), steps=STEPS)
    draw(source, root=root, count=count, each=lambda _, program: found.append(program))
    return tuple(found)


def test_a_seed_gives_the_same_programs_and_another_seed_others() -> None:
    again = drawn.__wrapped__()

    assert again == drawn()
    assert len(again) == 40
    assert drawn(2) != drawn()


def test_what_a_step_refers_to_was_made_before_or_stands_in_a_provider_state() -> None:
    for program in drawn():
        known = set(STATES) - {"pending", "spare", "foreign"}
        for step in program.steps:
            known |= {step.makes} - {""}
            assert {name for case in step.cases for name in case.references()} <= known


def test_no_program_names_a_provider_state_that_the_target_does_not_have() -> None:
    assert {name for program in drawn(states=()) for name in program.references()} == set()
    assert {name for program in drawn(states=("expired",)) for name in program.references()} == {"expired"}


def test_a_program_makes_a_job_and_not_too_many() -> None:
    made = [len(program.makes) for program in drawn()]

    assert min(made) == 1
    assert 1 < max(made) <= MAX_JOBS
    assert all(program.steps[0].makes == "job-1" for program in drawn())


def test_a_program_ends_with_a_look_at_each_of_its_jobs_and_a_list_of_all() -> None:
    for program in drawn():
        *looks, listing = program.steps[-1].cases
        assert [case.references() for case in looks] == [{name} for name in program.makes]
        assert {case.operation for case in looks} == {"GetStatus"}
        assert (listing.operation, program.steps[-1].paged) == ("ListJobs", True)


def test_no_program_is_longer_than_was_asked_for() -> None:
    # Two updates at once are one step of the machine and, with the look after them, two of the program.
    own = [[step for step in program.steps[:-1] if not step.together] for program in drawn()]

    assert max(len(steps) for steps in own) <= STEPS
    assert max(len(steps) for steps in own) > STEPS // 2


def test_every_change_is_followed_by_a_look() -> None:
    for program in drawn():
        for number, step in enumerate(program.steps):
            changes = [case for case in step.cases if case.operation in ("UpdateJob", "CancelJob")]
            if not changes:
                continue
            look = program.steps[number + 1].cases[0] if step.together else step.cases[-1]
            assert look.operation == "GetStatus"
            assert look.references() == changes[-1].references()


def test_programs_are_about_all_six_operations_and_all_that_a_job_can_meet() -> None:
    cases = [case for program in drawn() for step in program.steps for case in step.cases]
    labels = Counter(case.label for case in cases)

    assert {case.operation for case in cases} == {
        "CreateJob", "UpdateJob", "GetStatus", "ListJobs", "CancelJob", "GetShippingLabel",
    }  # fmt: skip
    assert labels.keys() >= {
        "create", "rehearse a job", "update", "update that deserves a refusal", "rehearse an update", "update twice",
        "update at once", "update a cancelled job", "update: cancelled", "update: complete", "update: expired",
        "update: in-progress", "cancel", "cancel again", "look", "list", "label",
    }  # fmt: skip


def test_manifests_end_in_all_the_ways_in_which_texts_do() -> None:
    updates = [case.sent for program in drawn() for step in program.steps for case in step.cases]
    texts = [
        str(sent.parameters["Manifest"]) for sent in updates if isinstance(sent, Call) and "Manifest" in sent.parameters
    ]

    assert any(text.endswith("\n\n") for text in texts)
    assert any("\r\n" in text for text in texts)
    assert any(text.endswith("# the end") for text in texts)
    assert any(not text.endswith("\n") and not text.endswith("# the end") for text in texts)


def submitting(program: Program) -> list[dict[str, object]]:
    """Return the parameters of each case that submits a manifest."""
    sent = [case.sent for step in program.steps for case in step.cases if isinstance(case.sent, Call)]
    return [dict(call.parameters) for call in sent if "Manifest" in call.parameters]


def test_each_request_is_made_plain_in_turn_and_what_is_sent_twice_stays_the_same() -> None:
    twice = next(program for program in drawn() if sent_twice(program))
    found = [twice]

    found.extend(STRATEGIES.plainer(lambda: found[-1], world=default_world()))

    last = found[-1]
    assert {call["Manifest"] for call in submitting(last)} == {base_import(default_world())}  # the first that is tried
    assert {call["Manifest"] for call in submitting(twice)} != {base_import(default_world())}
    assert [len(step.cases) for step in last.steps] == [len(step.cases) for step in twice.steps]
    assert len(sent_twice(last)) == len(sent_twice(twice))


def sent_twice(program: Program) -> list[Step]:
    """Return the steps that send the same update again."""
    return [step for step in program.steps if step.cases[0].label == "update twice" and step.cases[0] == step.cases[2]]


def test_variants_have_the_same_steps_and_submit_something_else() -> None:
    program = drawn()[3]

    quickly = settings(phases=[Phase.generate])
    variant = find(
        STRATEGIES.variants(program, world=default_world()), lambda other: other != program, settings=quickly
    )

    assert [[case.operation for case in step.cases] for step in variant.steps] == [
        [case.operation for case in step.cases] for step in program.steps
    ]
    assert [(step.makes, step.paged, step.together) for step in variant.steps] == [
        (step.makes, step.paged, step.together) for step in program.steps
    ]
    assert submitting(variant) != submitting(program)
