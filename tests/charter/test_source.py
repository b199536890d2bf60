"""Hostile and careless files: refused with a code, fast, in little memory, before anything is built."""

import time
import tracemalloc
from pathlib import Path

import pytest

from zhangfa.charter.load import load_charter, read_charter
from zhangfa.charter.problems import Problems
from zhangfa.charter.source import Scalar, parse_source, place_in_scalar

MERGE_BOMB = "a: &a {x: 1}\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [{', '.join(['*' + chr(97 + n)] * 9)}]}}\n" for n in range(8)
)
LAUGHS = "a: &a [lol]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
ATTACKS = {
    "merge bomb": (MERGE_BOMB, "C005"),
    "billion laughs": (LAUGHS, "C005"),
    "anchor": ("charter: &x a\n", "C005"),
    "alias": ("charter: *x\n", "C006"),
    "merge key": ("charter: {<<: {a: 1}}\n", "C007"),
    "tag": ("charter: !!python/object/apply:os.system [ls]\n", "C008"),
    "tag on a key": ("!!str charter: x\n", "C008"),
    "tag on a list": ("charter: !set [x]\n", "C008"),
    "tag directive": ("%TAG ! tag:example.com,2000:\n---\ncharter: x\n", "C008"),
    "duplicate key": ("charter: a\ncharter: b\n", "C009"),
    "two documents": ("charter: a\n---\ncharter: b\n", "C010"),
    "500 brackets": ("charter: " + "[" * 500, "C011"),
    "500 braces": ("charter: " + "{a: " * 500, "C011"),
    "a million brackets": ("[" * 999_990, "C011"),
    "500 dashes": ("- " * 500 + "a\n", "C011"),
    "deep blocks": ("".join("  " * n + "a:\n" for n in range(200)), "C011"),
    "500 question marks": ("? " * 500 + "a\n", "C014"),
    "a million entries": ("charter:\n" + "- a\n" * 240_000, "C012"),
    "a million keys": ("".join(f"k{n}: 1\n" for n in range(90_000)), "C012"),
    "over 1 MB": ("a: " + "x" * 1_000_000, "C002"),
    "over 1 MB of Chinese": ("a: " + "章" * 400_000, "C002"),
    "NUL": ("charter: a\0b\n", "C004"),
    "escape sign": ("charter: a\x1b[31m\n", "C004"),
    "turned reading order": ("charter: a\u202eb\n", "C004"),
    "lone surrogate": ("charter: a\ud800\n", "C004"),
    "list as key": ("? [a, b]\n: c\n", "C014"),
    "not YAML": ("charter: [a\n", "C001"),
    "tab indentation": ("charter:\n\ta: b\n", "C001"),
    "unclosed quote": ('charter: "' + "x" * 500_000, "C001"),
    "empty": ("", "C013"),
    "only a comment": ("# nothing\n", "C013"),
    "a list": ("- charter\n", "C013"),
    "a word": ("charter\n", "C013"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused_at_once_and_in_little_memory(name):
    text, code = ATTACKS[name]
    tracemalloc.start()
    started = time.perf_counter()
    cpu = time.process_time()
    loaded = load_charter(text, name="attack.yaml")
    took = min(time.perf_counter() - started, time.process_time() - cpu)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert loaded.charter is None
    assert loaded.problems[0].code == code
    assert took < 0.5
    assert peak < 24_000_000


GOOD = (Path(__file__).parent / "good" / "small.yaml").read_text()
FLOODS = {
    "unknown words": "charter: a\n" + "".join(f"word{n}: 1\n" for n in range(4_000)),
    "roles": GOOD.replace("roles:\n", "roles:\n" + "".join(f"  r{n}: {{title: x, at: town}}\n" for n in range(3_000))),
    "unknown parties": GOOD.replace("tell: keeper_person}", f"tell: [{', '.join(f'x{n}' for n in range(4_000))}]}}"),
    "computed fields in a chain": GOOD.replace(
        "    fields:\n      well:",
        "    fields:\n" + "".join(f"      c{n}: {{type: int, title: x, compute: c{n + 1}}}\n" for n in range(380))
        + "      c380: {type: int, title: x, compute: c0}\n      well:",
    ),
    "heavy expressions": GOOD.replace("when: ends > starts", "when: " + " or ".join(["ends > starts"] * 300)),
    "wrong kinds": GOOD.replace("at: county", "at: [" + ", ".join(["countty"] * 4_000) + "]"),
}  # fmt: skip


@pytest.mark.parametrize("name", FLOODS)
def test_flood_is_answered_in_time(name):
    started = time.process_time()
    load_charter(FLOODS[name], name="x.yaml")
    assert time.process_time() - started < 1


def test_many_problems_are_cut_off():
    assert len(load_charter(FLOODS["unknown words"], name="x.yaml").problems) == 200


@pytest.mark.parametrize("data", [b"charter: \xff\n", "charter: a\n".encode("utf-16"), b"charter: \xc0\xaf\n"])
def test_other_encodings_are_refused(tmp_path, data):
    path = tmp_path / "x.yaml"
    path.write_bytes(data)
    text, _, problems = read_charter(path)
    assert (text, [one.code for one in problems]) == (None, ["C003"])


def test_a_file_over_one_megabyte_is_refused_unread(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a" * 1_000_001)
    assert [one.code for one in read_charter(path)[2]] == ["C002"]


def test_byte_order_mark_is_dropped(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfcharter: a\n")
    assert read_charter(path)[0] == "charter: a\n"


def test_scalars_stay_texts_with_their_place():
    tree = parse_source("a: 010\nb: no\nc: [1.0, ~, 2026-01-01]\n", Problems("x"))
    values = [tree.entries[key][1] for key in "ab"]
    assert [(one.value, one.line, one.column) for one in values] == [("010", 1, 4), ("no", 2, 4)]
    assert [one.value for one in tree.entries["c"][1].items] == ["1.0", "~", "2026-01-01"]


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("when: mark > bad\n", "bad", (1, 14)),
        ("when: \"mark = 'x' and bad\"\n", "bad", (1, 23)),
        ("when: 'mark = ''x'' and bad'\n", "bad", (1, 25)),
        ('when: "a \\u0041 \\" bad"\n', "bad", (1, 20)),
        ("when: mark >\n      8 and\n      bad\n", "bad", (3, 7)),
        ("when: |\n  mark > 8\n  and bad\n", "bad", (3, 7)),
        ("when: >\n  mark > 8\n  and bad\n", "bad", (3, 7)),
        ("when: 分数 > bad\n", "bad", (1, 12)),
    ],
)
def test_place_in_scalar_is_exact(text, word, place):
    node = parse_source(text, Problems("x")).entries["when"][1]
    assert isinstance(node, Scalar)
    assert place_in_scalar(text, node, node.value.index(word)) == place
