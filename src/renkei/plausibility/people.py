"""Are there people enough, can they be hired, are they trained for long enough?"""

from __future__ import annotations

from collections.abc import Iterator

from renkei.alliance.workforce import Role
from renkei.plausibility.judgement import Case, Judgement

POSTS = 4.4
"""People for one post round the clock where no crew says otherwise."""
TOLERANCE = 2.0
STAFF = (25.0, 200.0)
LEAST_STAY = 3.0


def technicians_keep_the_tools(case: Case) -> Iterator[Judgement]:
    """Tools for each technician on duty, at the last target and with all tools; makers' engineers do their share."""
    terms = case.alliance.workforce
    people = sum(_last(role) for role in terms.roles.values() if role.kind == "technician")
    tools = sum(case.tools.values())
    if not people or not tools:
        return
    technicians = [c for c in terms.crews.values() if terms.roles[c.role].kind == "technician"]
    posts = people / (float(technicians[0].people_per_post) if technicians else POSTS)
    usual = float(terms.tools_per_technician) / float(terms.automation)
    each = tools / posts
    if each > TOLERANCE * usual or each < usual / TOLERANCE / 2:
        yield Judgement(
            ("workforce", "roles"),
            f"{people:,.0f} technicians, {posts:,.0f} on duty, for {tools:,} tools: one for {each:.1f} tools",
            f"one on duty for about {usual:.1f} tools, of which makers' engineers may do half",
            terms.tools_per_technician.source or "expert estimate",
        )


def staff_fits_the_capacity(case: Case) -> Iterator[Judgement]:
    """All staff at the last targets for each 1,000 wafers a month."""
    people = sum(_last(role) for role in case.alliance.workforce.roles.values())
    if not case.real or not people:
        return
    each = people / case.wafers * 1000
    if not STAFF[0] <= each <= STAFF[1]:
        yield Judgement(
            ("workforce", "roles"),
            f"{people:,.0f} people for {case.wafers:,.0f} wafers a month: {each:,.0f} for each 1,000",
            f"{STAFF[0]:.0f} to {STAFF[1]:.0f} for each 1,000 wafers a month: JASM 31, TSMC Fab 18 48, Arizona 80",
            "jobs and capacity announced: Taiwan News 2022-04-20 (JASM), Digitimes 2018-01-26 (Fab 18)",
        )


def hiring_reaches_its_targets(case: Case) -> Iterator[Judgement]:
    """Hires a month that the targets ask for, leavers included, against what the market yields."""
    start = case.alliance.first_day
    for role in case.alliance.workforce.roles.values():
        since, before = start, float(role.headcount)
        for number, goal in enumerate(role.targets):
            months = max((goal.by - since).days / (365.25 / 12), 1.0)
            people = float(goal.people)
            leavers = (before + people) / 2 * float(role.attrition_new) / 12
            needed = (people - before) / months + leavers
            if people > before and needed > 1.2 * float(role.max_hires):
                yield Judgement(
                    ("workforce", "roles", role.id, "targets", number),
                    f"{needed:.1f} hires a month are needed for {people:,.0f} people by {goal.by:%Y-%m}, with leavers",
                    f"at most {float(role.max_hires):g} hires a month",
                    f"the role's own max_hires{': ' + role.max_hires.source if role.max_hires.source else ''}",
                )
                break
            since, before = goal.by, people


def training_is_long_enough(case: Case) -> Iterator[Judgement]:
    """Stays with partners whose process is to be transferred."""
    for cohort in case.alliance.workforce.cohorts.values():
        if cohort.transfers and float(cohort.stay) < LEAST_STAY:
            yield Judgement(
                ("workforce", "cohorts", cohort.id, "stay"),
                f"= {float(cohort.stay):g} months to learn a process",
                "12 to 18 months abroad",
                "training of TSMC Arizona's engineers in Taiwan, announced 2021",
            )


def _last(role: Role) -> float:
    """Return the headcount that a role is to have in the end."""
    return float(role.targets[-1].people) if role.targets else float(role.headcount)
