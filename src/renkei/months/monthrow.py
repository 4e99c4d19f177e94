"""One row of the table of months: what a future looks like at a month's end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from renkei.alliance.funding import Cost
from renkei.alliance.workforce import EngineerUse


@dataclass
class MonthRow:
    """Numbers of a month; money in yen, stocks at the month's end, flows over the month. None: nothing to measure."""

    month: dt.date
    """Its first day."""
    phase: str = ""
    risks: str = ""
    """Risks that occurred or last, with commas."""
    cash_jpy: int = 0
    received_jpy: int = 0
    """From partners and customers."""
    received_by_kind: Mapping[str, int] = field(default_factory=dict)
    spent_jpy: int = 0
    spent_by_cost: Mapping[Cost, int] = field(default_factory=dict)
    unpaid_jpy: int = 0
    debt_jpy: int = 0
    revenue_jpy: int = 0
    """Invoiced."""
    operating_cash_flow_jpy: int = 0
    """Received from customers less everything paid but tools, building, debt service, claw-backs and tax."""
    operating_cost_jpy: int = 0
    """Fell due in the month, paid or not."""
    depreciation_jpy: int = 0
    operating_result_jpy: int = 0
    """Revenue less operating cost and depreciation."""
    result_jpy: int = 0
    """Operating result with grants received, less interest, claw-backs and tax."""
    receivables_jpy: int = 0
    fixed_assets_jpy: int = 0
    """Tools and buildings at cost less wear."""
    assets_jpy: int = 0
    """Cash, receivables and fixed assets; equal to liabilities plus equity."""
    liabilities_jpy: int = 0
    """Unpaid bills, loans, prepayments not yet set off."""
    prepayments_jpy: int = 0
    working_capital_jpy: int = 0
    """Receivables less unpaid bills and prepayments; wafers in stock are not valued."""
    paid_in_jpy: int = 0
    """By owners, cumulative."""
    result_cumulative_jpy: int = 0
    equity_jpy: int = 0
    """Paid in, and the cumulative result."""
    runway_cash_months: int | None = None
    """Months that cash alone lasts at the burn of the last three months and with commitments; None: over 60."""
    runway_months: int | None = None
    """The same with agreed money that waits for no milestone."""
    headcount: int = 0
    headcount_by_role: Mapping[str, int] = field(default_factory=dict)
    hires_by_role: Mapping[str, int] = field(default_factory=dict)
    cohorts_waiting: int = 0
    """Cohorts that found no place at their host."""
    abroad: int = 0
    """People at hosts in other countries."""
    trained_abroad: int = 0
    """Back from there, cumulative."""
    engineer_months: float = 0.0
    engineers_needed: Mapping[EngineerUse, float] = field(default_factory=dict)
    engineers_granted: Mapping[EngineerUse, float] = field(default_factory=dict)
    tools_ordered: int = 0
    tools_delivered: int = 0
    tools_installed: int = 0
    tools: int = 0
    """Qualified, on the floor, not out of use."""
    tool_orders_by_country: Mapping[str, int] = field(default_factory=dict)
    """Yen of the tools ordered so far by the makers' country."""
    domestic_share: float | None = None
    """Of them, what went to the country that counts as domestic."""
    places_ready: int = 0
    project_tools: int = 0
    """Installed in projects beside the fab."""
    wafer_starts: int = 0
    """Product wafers, customers' lots included."""
    development_wafer_starts: int = 0
    monitor_wafer_starts: int = 0
    lots_started: int = 0
    lots_finished: int = 0
    wafers_out: int = 0
    """Sellable product wafers."""
    wafers_out_by_product: Mapping[str, int] = field(default_factory=dict)
    development_lots_out: int = 0
    lots_analysed: int = 0
    analysis_queue: int = 0
    wip_lots: float = 0.0
    """Mean over the month, monitors included."""
    wip_wafers: int = 0
    lot_steps: int = 0
    cycle_time_days: float | None = None
    """Of product lots finished, else of full loops, else of pilot lots."""
    cycle_time_of: str = ""
    cycle_time_by_product: Mapping[str, float] = field(default_factory=dict)
    x_factor: float | None = None
    """Cycle time over the static raw process time."""
    d0_per_cm2: float | None = None
    """Of the latest wafers out of a full route."""
    d0_process_per_cm2: float = 0.0
    """What the experience of the day stands for."""
    systematic_yield: float | None = None
    line_yield: float | None = None
    die_yield: float | None = None
    """Good dies over gross dies of the month's product wafers, else of its test chips."""
    die_yield_by_product: Mapping[str, float] = field(default_factory=dict)
    experience: float = 0.0
    experience_modules: float = 0.0
    experience_integration: float = 0.0
    generations: int = 0
    generations_modules: int = 0
    process_frozen: bool = False
    excursions: int = 0
    """Begun in the month."""
    good_test_chips: int = 0
    good_dies: int = 0
    good_dies_cumulative: int = 0
    good_dies_by_product: Mapping[str, int] = field(default_factory=dict)
    buyers_talking: int = 0
    buyers_in_volume: int = 0
    buyers_lost: int = 0
    demand_wspm: float = 0.0
    """What customers in volume want, wafers a month of the reference yield."""
    backlog_wafers: float = 0.0
    delivered_wafers: int = 0
    binding: str = ""
    binding_limit: str = ""
    binding_unit: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)
    development_wanted: float = 0.0
    development_planned: float = 0.0
    product_wanted: float = 0.0
    product_planned: float = 0.0
