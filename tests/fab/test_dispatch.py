import pytest

from renkei.fab.dispatch import CRITERIA, parse_dispatch


@pytest.mark.parametrize(
    ("rule", "criteria"),
    [
        ("priority, setup, fifo", ("priority", "setup", "fifo")),
        ("priority setup fifo", ("priority", "setup", "fifo")),
        ("rank_HP;rank_RSETUP;rank_CR", ("priority", "setup", "cr")),
        ("EDD", ("edd",)),
        (CRITERIA, CRITERIA),
        ("", ()),
    ],
)
def test_a_ranked_list_is_read_in_any_spelling(rule, criteria):
    assert parse_dispatch(rule) == criteria


@pytest.mark.parametrize(
    ("rule", "said"),
    [("priority, fito", 'no criterion "fito"; did you mean "fifo"?'), ("fifo, rank_FIFO", 'names "fifo" twice')],
)
def test_what_is_no_ranked_list_is_named(rule, said):
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        parse_dispatch(rule)
