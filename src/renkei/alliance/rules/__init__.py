"""The rules an alliance must keep: one small function a rule, each naming the field, the value and the cure."""

from __future__ import annotations

from renkei.alliance.rules import assistance, correlations, fabric, gates, names, people, risks, sense
from renkei.alliance.rules.scene import Fault, Rule, Scene

RULES: tuple[Rule, ...] = (
    names.partners_are_declared,
    names.milestones_are_declared,
    names.tranches_are_declared,
    names.phases_are_declared,
    names.roles_are_declared,
    names.places_are_declared,
    names.demonstrations_are_declared,
    names.suppliers_are_declared,
    names.pdks_are_declared,
    names.segments_are_declared,
    names.channels_are_declared,
    names.stages_are_declared,
    names.facts_are_about_what_is_declared,
    names.nodes_are_declared,
    names.proofs_are_declared,
    names.customers_are_declared,
    names.prepayments_are_declared,
    names.conditions_name_what_exists,
    names.clauses_lead_somewhere,
    fabric.tool_groups_exist,
    fabric.tool_groups_or_areas_exist,
    fabric.areas_exist,
    fabric.sizes_exist,
    fabric.spellings_of_makers_exist,
    fabric.products_exist,
    fabric.crews_exist,
    fabric.conditions_name_what_the_fab_has,
    fabric.tools_have_prices,
    gates.gates_can_open,
    gates.phases_of_planning_follow,
    sense.partners_play_their_part,
    people.are_trained_elsewhere,
    people.learn_at_their_host,
    people.learn_what_they_carry,
    people.are_sought_in_one_market,
    people.share_their_crews,
    sense.costs_are_shared_at_most_once,
    sense.currencies_have_rates,
    sense.prices_have_an_index,
    sense.money_fits_the_ledger,
    sense.tranches_come_after_the_start,
    assistance.money_is_matched_once,
    assistance.money_is_reviewed_once,
    assistance.days_of_judgement_come_after_the_start,
    sense.makers_are_told_apart,
    sense.the_fab_keeps_a_phase,
    risks.factors_reach_quantities,
    risks.struck_clauses_exist,
    risks.the_manufacturer_stays,
    sense.countries_have_makers,
    sense.second_sources_are_others,
    sense.what_happened_is_told_once,
    correlations.correlated_values_are_uncertain,
    correlations.nothing_moves_more_than_wholly,
    correlations.common_factors_move_something_else,
)


def broken(scene: Scene) -> list[Fault]:
    """Return what makes an alliance inconsistent, in the order of the rules."""
    return [fault for rule in RULES for fault in rule(scene) if not scene.suspects(fault.path)]


__all__ = ["RULES", "Fault", "Rule", "Scene", "broken"]
