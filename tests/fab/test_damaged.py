"""Damaged files of a fab, as chance makes them: read or refused, never with a traceback."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.errors import InputError
from renkei.fab import read_fab
from tests.fab.conftest import SMALL


def problems_of(home):
    """Return the problems of a folder, None if it is sound; any other error is a traceback and fails the test."""
    try:
        read_fab(home)
    except InputError as error:
        return list(error.problems)
    return None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_to_a_file_gives_a_traceback(folder, data):
    file = data.draw(st.sampled_from(sorted(SMALL)))
    raw = SMALL[file].encode()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 12)))
    odd = st.sampled_from([b",", b'"', b"\n", b"\r", b"-", b"1e400", b"inf", b"%", b"&a", b"!!", b": ", b"\xff", b"\0"])
    damage = data.draw(st.one_of(odd, st.binary(max_size=6)))
    home = folder({file: raw[:start] + damage + raw[end:]})
    assert problems_of(home) != []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), file=st.sampled_from(sorted(SMALL)))
def test_any_text_is_read_or_refused(folder, text, file):
    home = folder({file: text.encode("utf-8", "surrogatepass")})
    assert problems_of(home) != []
