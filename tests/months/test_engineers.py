"""Engineers of several roles: nobody is given out twice, nobody does what is not theirs, priority decides."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.alliance.workforce import ENGINEER_USES, EngineerUse
from renkei.months.engineers import Grants, Pool, share

amounts = st.floats(0.0, 50.0)
works = st.fixed_dictionaries(dict.fromkeys(ENGINEER_USES, amounts))
pools = st.lists(
    st.builds(Pool, amounts, st.frozensets(st.sampled_from(ENGINEER_USES), min_size=1)), min_size=1, max_size=4
)
orders = st.permutations(ENGINEER_USES)


@given(pools=pools, work=works, order=orders)
def test_grants_can_be_staffed(pools: list[Pool], work: dict[EngineerUse, float], order: list[EngineerUse]) -> None:
    """A transport problem from roles to uses has a solution that gives every grant."""
    grants = share(pools, work, order)
    assert all(0 <= grants.granted[use] <= work[use] + 1e-9 for use in ENGINEER_USES)
    assert staffed(pools, grants.granted)


@given(pools=pools, work=works, order=orders)
def test_who_comes_first_gets_the_most_that_is_possible(
    pools: list[Pool], work: dict[EngineerUse, float], order: list[EngineerUse]
) -> None:
    """Beside the grants of those before it, no use could get more: a hundredth more cannot be staffed."""
    grants, before = share(pools, work, order), dict.fromkeys(ENGINEER_USES, 0.0)
    for use in order:
        more = {**before, use: grants.granted[use] + 0.01}
        assert grants.granted[use] == pytest.approx(work[use]) or not staffed(pools, more)
        before[use] = grants.granted[use]


@given(pools=pools, work=works, order=orders, more=amounts, which=st.integers(0, 3))
def test_more_people_never_lower_the_first_use(
    pools: list[Pool], work: dict[EngineerUse, float], order: list[EngineerUse], more: float, which: int
) -> None:
    at = which % len(pools)
    larger = [Pool(p.months + more, p.does) if n == at else p for n, p in enumerate(pools)]
    less, lots = share(pools, work, order), share(larger, work, order)
    assert lots.granted[order[0]] >= less.granted[order[0]] - 1e-9
    assert sum(lots.granted.values()) >= sum(less.granted.values()) - 1e-9


def test_design_enablement_does_design_only() -> None:
    pools = [Pool(10, ("holds", "qualification", "analysis", "transfer")), Pool(3, ("pdk",))]
    grants = share(pools, {"pdk": 8, "analysis": 4}, ENGINEER_USES)
    assert (grants.granted["pdk"], grants.granted["analysis"]) == (3, 4)
    assert (grants.spare["analysis"], grants.spare["pdk"]) == (6, 0)
    assert grants.work("analysis") == 10


def test_specialists_leave_generalists_to_others() -> None:
    """Analysis comes first but leaves the generalist to the kits, for analysts can do it."""
    pools = [Pool(5), Pool(5, ("analysis",))]
    grants = share(pools, {"analysis": 5, "pdk": 5}, ("analysis", "pdk", "holds", "qualification", "transfer"))
    assert (grants.granted["analysis"], grants.granted["pdk"]) == (5, 5)


def test_the_untrained_need_longer() -> None:
    grants = share([Pool(10)], {"analysis": 4}, ENGINEER_USES, {"analysis": 0.5})
    assert grants.needed["analysis"] == 8
    assert grants.cover("analysis") == 1
    assert grants.work("analysis") == 5
    short = share([Pool(4)], {"analysis": 4}, ENGINEER_USES, {"analysis": 0.5})
    assert short.cover("analysis") == 0.5


def staffed(pools: list[Pool], granted: Any) -> bool:
    """Whether months can be given from roles to uses so that each use has its grant: the greatest flow reaches it."""
    room: dict[tuple[Any, Any], float] = {}
    for n, pool in enumerate(pools):
        room["source", n] = pool.months
        room |= {(n, use): 1e9 for use in pool.does}
    room |= {(use, "sink"): granted[use] for use in ENGINEER_USES}
    flow = 0.0
    while way := _way(room):
        least = min(room[edge] for edge in way)
        flow += least
        for one, other in way:
            room[one, other] -= least
            room[other, one] = room.get((other, one), 0.0) + least
    return flow >= sum(granted.values()) - 1e-6


def _way(room: dict[tuple[Any, Any], float]) -> list[tuple[Any, Any]]:
    """A shortest way from the source to the sink on which something is left."""
    came: dict[Any, Any] = {"source": None}
    queue = ["source"]
    for at in queue:
        for one, other in room:
            if one == at and other not in came and room[one, other] > 1e-9:
                came[other] = at
                queue.append(other)
    way, at = [], "sink"
    while at in came and came[at] is not None:
        way.append((came[at], at))
        at = came[at]
    return way


def test_every_set_of_uses_was_looked_at() -> None:
    """The example that pairs alone would miss: three uses, two roles, each pair fits, all three do not."""
    pools = [Pool(1, ("holds", "analysis", "pdk")), Pool(1, ("holds", "analysis", "pdk"))]
    grants: Grants = share(pools, {"holds": 1, "analysis": 1, "pdk": 1}, ENGINEER_USES)
    assert all(sum(grants.granted[use] for use in pair) <= 2 for pair in combinations(ENGINEER_USES, 2))
    assert sum(grants.granted.values()) == 2
