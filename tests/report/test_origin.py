"""What the page says about an agreed share of domestic makers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from renkei.alliance.supply import Domestic
from renkei.report.result import Result
from renkei.report.sections import headline, origin_sentences


def agreed(result: Result, minimum: float, share: float | None) -> Result:
    equipment = result.alliance.equipment.model_copy(update={"domestic": Domestic.model_validate({"minimum": minimum})})
    months = result.tables["months"].assign(domestic_share=share)
    alliance = result.alliance.model_copy(update={"equipment": equipment})
    return replace(result, alliance=alliance, tables={**result.tables, "months": months})


def test_nothing_is_said_where_nothing_is_agreed(tiny: Result) -> None:
    assert origin_sentences(tiny) == []


@pytest.mark.parametrize(
    ("share", "verdict"),
    [
        (0.42, "42% of the value of the tools ordered; 30% were agreed: kept."),
        (0.21, "30% were agreed: not kept."),
        (None, "30% were agreed."),
    ],
)
def test_the_agreed_share_is_compared_with_the_orders(tiny: Result, share: float | None, verdict: str) -> None:
    assert headline(agreed(tiny, 0.3, share)).sentences[-1].endswith(verdict)
