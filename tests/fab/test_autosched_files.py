"""How the text of AutoSched tables is read: encoding, blanks, comments."""

from __future__ import annotations

from renkei.fab import import_smt2020
from tests.fab.autosched_model import model


def wide(files):
    """The same tables in UTF-16 with a byte order mark, Windows line ends, cells padded with blanks, comments."""
    padded = {
        name: text.replace("\t", "  \t ").replace("\n", ' \t ~ a comment, "quoted\r\n') for name, text in files.items()
    }
    return {name: ("~ head\r\n\r\n" + text).encode("utf-16") for name, text in padded.items()}


def test_encoding_blanks_and_comments_do_not_matter(asd):
    expected = import_smt2020(asd())
    assert import_smt2020(asd(wide(model()))) == expected
    assert import_smt2020(asd({"part.txt": b"\xef\xbb\xbf" + model()["part.txt"].encode()})) == expected


def test_a_comment_may_end_a_row(asd):
    text = model()["order_high.txt"].replace("Lot_1\tpart_1\t10", "Lot_1\tpart_1\t10 ~ was 20").splitlines()
    cut = text[2].index(" ~ was 20")
    text[2] = text[2][:cut] + text[2][cut + len(" ~ was 20") :] + "\t~\tcancelled\t?"
    assert import_smt2020(asd({"order_high.txt": "\n".join(text)})) == import_smt2020(asd())
    whole = model()["order_high.txt"].replace("Lot_3\t", "~Lot_3\t")
    assert len(import_smt2020(asd({"order_high.txt": whole})).lots) == 33


def test_a_tilde_inside_a_name_is_no_comment(asd):
    text = model()["order_high.txt"].replace("Lot_1\t", "Lot~1\t")
    assert import_smt2020(asd({"order_high.txt": text})).lots[21].lot == "Lot~1"
