"""What the states of a pact mean here: their names are those of the specification, and its sentences."""

from __future__ import annotations

from ...contract.specification import Specification, StateRecipe
from .pact import GivenState, Interaction


def recipe_of(specification: Specification, state: str) -> StateRecipe | None:
    """Return how the state that a pact calls `state` is brought about, or None when it is unknown."""
    return next((recipe for recipe in specification.states if state in (recipe.name, recipe.sentence)), None)


def known_states(specification: Specification) -> tuple[str, ...]:
    """Return the names that a pact may use."""
    return tuple(recipe.sentence for recipe in specification.states)


def unknown_states(specification: Specification, interaction: Interaction) -> tuple[str, ...]:
    """Return the states of an interaction that the specification does not know."""
    return tuple(state.name for state in interaction.states if recipe_of(specification, state.name) is None)


def named_ids(state: GivenState) -> tuple[str, ...]:
    """Return how the interaction may call the resource that is in the state: every text among its parameters."""
    return tuple(value for value in state.parameters.values() if isinstance(value, str) and value)
