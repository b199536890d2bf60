from zhangfa.registers.grams import Word, initials_of, query_words, text_words, typed_initials, words_of


def test_words_of_chinese_are_bigrams_and_the_last_sign():
    assert list(words_of("井盖丢失")) == ["井盖", "盖丢", "丢失", "失"]


def test_words_of_punctuation_parts_runs():
    assert list(words_of("东门，井盖")) == ["东门", "门", "井盖", "盖"]


def test_words_of_a_number_are_its_parts():
    assert list(words_of("RR-261122-7K3F")) == ["rr", "261122", "7k3f"]


def test_initials_pair_signs_with_every_reading():
    assert {"~dx", "~sx", "~cx"} >= set(initials_of("单县"))
    assert "~sx" in set(initials_of("单县"))


def test_typed_initials_are_pairs():
    assert list(typed_initials("YSJD")) == ["~ys", "~sj", "~jd"]


def test_text_words_are_distinct():
    assert text_words(["井盖", "井盖"], initials=["井盖"]) == ["井盖", "盖", "~jg"]


def test_query_of_two_signs_asks_for_the_bigram():
    assert query_words("井盖") == ((Word(exact=("井盖",)),),)


def test_query_of_one_sign_asks_for_a_beginning():
    assert query_words("井") == ((Word(prefix="井"),),)


def test_query_of_letters_asks_for_a_word_or_initials():
    assert query_words("jgd") == ((Word(prefix="jgd"), Word(exact=("~jg", "~gd"))),)


def test_query_of_signs_nobody_can_search_is_empty():
    assert query_words("，。!?=~") == ()


def test_query_of_mixed_words_asks_for_all():
    assert len(query_words("井盖 7k3f 羊山镇")) == 3
