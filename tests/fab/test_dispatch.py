import re

import pytest

from renkei.fab.dispatch import ALIASES, CRITERIA, parse_dispatch, terms


@pytest.mark.parametrize(
    ("rule", "criteria"),
    [
        ("priority, setup, fifo", ("priority", "setup", "fifo")),
        ("priority setup fifo", ("priority", "setup", "fifo")),
        ("rank_HP;rank_RSETUP;rank_CR", ("priority", "setup", "cr")),
        ("EDD", ("edd",)),
        ("rank_ODD, rank_SLACK rank_SRPT", ("odd", "slack", "srpt")),
        ("rule_HotLotFIRST; rule_LSSU; SPTF; MST", ("priority", "setup", "spt", "slack")),
        ("priority, 0.7*cr + 0.3*spt, fifo", ("priority", "0.7*cr + 0.3*spt", "fifo")),
        ("priority .70*rank_CR+3e-1 * SPTF fifo", ("priority", "0.7*cr + 0.3*spt", "fifo")),
        ("-fifo, 2*ls - cqt - 1.50*hp", ("-fifo", "2*slack - cqt - 1.5*priority")),
        (("priority", "0.7*cr + 0.3*spt"), ("priority", "0.7*cr + 0.3*spt")),
        (CRITERIA, CRITERIA),
        ("", ()),
    ],
)
def test_a_ranked_list_is_read_in_any_spelling(rule, criteria):
    assert parse_dispatch(rule) == criteria


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("priority, fito", 'no criterion "fito"; did you mean "fifo"?'),
        ("fifo, rank_FIFO", 'names "fifo" twice'),
        ("cr + spt, 1*rank_CR+SPTF", 'names "cr + spt" twice'),
        ("0.7*cr + 0.3*slak", 'no criterion "slak"; did you mean "slack"?'),
        ("rank_XYZ", 'no criterion "rank_XYZ"; known: priority, setup, fifo, lifo'),
        ("cr + rank_CR", 'names "cr" twice in the sum "cr+rank_CR"'),
        ("cr + 0*spt", 'a weight 0 in "cr+0*spt"; a weight must be a finite number other than 0'),
        ("1e999*cr", "a weight 1e999 in"),
        ("cr*0.7 + spt", 'a sum "cr*0.7+spt" that cannot be read; write sums like "0.7*cr + 0.3*spt"'),
        ("cr +", 'a sum "cr+" that cannot be read'),
    ],
)
def test_what_is_no_ranked_list_is_named(rule, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        parse_dispatch(rule)


def test_aliases_name_what_there_is():
    assert set(ALIASES.values()) <= set(CRITERIA)
    assert not set(ALIASES) & set(CRITERIA)


def test_a_sum_has_terms_and_reads_as_it_is_written():
    (criterion,) = parse_dispatch("2*ls - cqt + 1e-9*hp")
    assert terms(criterion) == ((2.0, "slack"), (-1.0, "cqt"), (1e-9, "priority"))
    assert parse_dispatch(criterion) == (criterion,)
    assert terms("fifo") == ((1.0, "fifo"),)
