from deskguide.match.table import WordTable
from deskguide.match.vectors import Vectors


def test_a_sentence_is_the_direction_of_the_sum_of_its_known_words(table: WordTable) -> None:
    vectors = Vectors(table)
    assert vectors.sentence(["seeds", "zebra"]) == [127, 0, 0, 0]
    assert vectors.sentence(["seeds", "smoke"]) == [90, 0, 0, 90]


def test_a_sentence_of_unknown_words_has_no_vector(table: WordTable) -> None:
    assert Vectors(table).sentence(["zebra"]) is None
    assert Vectors(table).sentence([]) is None


def test_what_stands_before_an_apostrophe_will_do(table: WordTable) -> None:
    vectors = Vectors(table)
    assert vectors.sentence(["smoke's"]) == vectors.sentence(["smoke"])
    assert not vectors.knows("zebra's")


def test_the_weight_of_a_word_is_the_length_of_its_vector(table: WordTable) -> None:
    vectors = Vectors(table)
    assert vectors.weight("zebra") is None
    assert round(vectors.weight("seeds") or 0, 6) == 1.0
