"""The rules a fab must keep: one small function a rule, each naming the row, the value and the cure."""

from __future__ import annotations

from collections.abc import Iterable, Set

from renkei.errors import Problem
from renkei.fab.fab import Fab
from renkei.fab.rules import batches, bounds, content, loads, names, outages, steps
from renkei.fab.rules.doubtful import Place, without
from renkei.fab.rules.saying import Rule

FIRST_RULES: tuple[Rule, ...] = (
    content.something_to_do,
    names.tool_groups_of_steps,
    names.tool_groups_of_other_tables,
    names.areas_of_outages,
    names.routes_of_products,
    names.products_of_orders,
    names.products_of_lots,
    names.recipes_of_qualifications,
    names.crews_of_tool_groups,
    names.setups_of_changes,
    names.locations_of_transports,
)
"""There is something, and every name is declared; the other rules rely on it."""

RULES: tuple[Rule, ...] = (
    content.dispatch_is_ranked,
    content.crews_work_in_shifts_or_always,
    content.tools_for_the_steps,
    content.delays_are_only_waiting,
    content.qualified_tools_exist,
    content.releases_take_time,
    content.planned_lots_are_due_after_their_start,
    content.initial_lots_have_a_step,
    content.spreads_fit,
    content.setup_laws_have_a_time,
    steps.numbers_without_gaps,
    steps.references_point_the_right_way,
    steps.rework_is_complete_and_ends,
    steps.limits_are_complete,
    steps.dedication_stays_in_the_group,
    steps.steps_are_reached,
    batches.families_are_told_apart,
    batches.batches_of_a_family_are_alike,
    batches.batches_can_form,
    steps.cascades_overlap,
    steps.holds_settle,
    outages.outages_concern_one_thing,
    outages.outages_leave_time_to_work,
    bounds.tools_are_countable,
    bounds.batches_are_countable,
    bounds.releases_are_countable,
    bounds.closed_lines_take_time,
    bounds.rework_comes_to_an_end,
    bounds.outages_are_countable,
    bounds.shifts_last,
)
"""What must hold besides names."""

WARNINGS: tuple[Rule, ...] = (
    loads.nothing_is_overloaded,
    loads.setups_have_times,
    loads.minimum_runs_have_setups,
    loads.cascades_have_intervals,
    loads.routes_are_followed,
)
"""What an engineer should know, though it can be run."""


def check(fab: Fab, strict: bool = False) -> list[Problem]:
    """Return what makes a fab inconsistent, in the order of the rules; with `strict` also what it warns of."""
    problems = check_read(fab, frozenset())
    return problems + (warnings(fab) if strict and not problems else [])


def check_read(fab: Fab, doubtful: Set[Place]) -> list[Problem]:
    """Return what makes a fab inconsistent, beside and not because of rows that were `doubtful` when read."""
    first = _broken(FIRST_RULES, fab)
    places = doubtful | {(problem.file, problem.line) for problem in first if problem.line}
    rest = _broken(RULES, without(places, fab) if places or first else fab)
    return [problem for problem in first if (problem.file, problem.line) not in doubtful] + [
        problem for problem in rest if (problem.file, problem.line) not in places
    ]


def warnings(fab: Fab) -> list[Problem]:
    """Return what is doubtful in a consistent fab, overloaded tool groups first."""
    return _broken(WARNINGS, fab)


def _broken(rules: Iterable[Rule], fab: Fab) -> list[Problem]:
    return [problem for rule in rules for problem in rule(fab)]
