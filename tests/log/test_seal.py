import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.log.events import AT, add_event, add_events

from zhangfa.log.checkpoint import SignedCheckpoint, last_checkpoint, published_path, read_checkpoint
from zhangfa.log.merkle import is_consistent, is_included, root_of
from zhangfa.log.models import Checkpoint, Event, Node
from zhangfa.log.seal import read_sealed, seal
from zhangfa.log.tree import StoredTree, prove_consistency, prove_inclusion

pytestmark = pytest.mark.django_db


def leaves() -> list[bytes]:
    return [bytes(leaf) for leaf in Event.objects.order_by("position").values_list("leaf", flat=True)]


def test_seal_gives_gapless_positions_and_a_signed_root() -> None:
    add_events(10)
    assert seal(at=AT, batch=4) == 10
    assert list(Event.objects.order_by("seq").values_list("position", flat=True)) == list(range(10))
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [4, 8, 10]
    last = last_checkpoint()
    assert last is not None
    assert (last.root, last.is_signed()) == (root_of(leaves()), True)


def test_seal_with_nothing_new_leaves_no_checkpoint() -> None:
    assert seal(at=AT) == 0
    add_events(3)
    assert (seal(at=AT), seal(at=AT)) == (3, 0)
    assert Checkpoint.objects.count() == 1


def test_a_checkpoint_changed_in_any_field_is_not_signed() -> None:
    add_events(3)
    seal(at=AT)
    good = last_checkpoint()
    assert good is not None
    data = good.to_json()
    assert SignedCheckpoint.from_json(json.loads(json.dumps(data))) == good
    for name, value in [("size", 4), ("root", "00" * 32), ("ts", "2026-01-01T00:00:00.000000Z"), ("suite", "sm3"),
                        ("public_key", "11" * 32), ("signature", "00" * 64)]:  # fmt: skip
        assert not SignedCheckpoint.from_json({**data, name: value}).is_signed()


def test_nodes_and_proofs_hold_over_blocks_and_batches() -> None:
    for start in range(0, 1_300, 130):
        add_events(130, start=start)
        seal(at=AT, batch=77)
    every = leaves()
    assert sorted(Node.objects.values_list("level", "index")) == [
        (8, 0),
        (8, 1),
        (8, 2),
        (8, 3),
        (8, 4),
        (9, 0),
        (9, 1),
        (10, 0),
    ]
    tree = StoredTree()
    assert [tree(level, index) for level, index in [(0, 1_299), (3, 100), (8, 4), (10, 0)]] == [
        every[1_299], root_of(every[800:808]), root_of(every[1_024:1_280]), root_of(every[:1_024])
    ]  # fmt: skip
    root = root_of(every)
    for position in (0, 255, 256, 700, 1_023, 1_024, 1_279, 1_280, 1_299):
        assert is_included(every[position], position, 1_300, prove_inclusion(position, 1_300), root)
    for old in (1, 77, 256, 1_024, 1_111, 1_300):
        assert is_consistent(old, 1_300, root_of(every[:old]), root, prove_consistency(old, 1_300))
    with pytest.raises(LookupError):
        prove_inclusion(5, 1_301)


def test_sealing_reads_no_more_than_one_block_of_what_was_sealed() -> None:
    add_events(1_000)
    seal(at=AT)
    add_events(100, start=1_000)
    with CaptureQueriesContext(
        connection,
    ) as first:
        seal(at=AT)
    add_events(100, start=2_000)
    seal(at=AT)
    reads = [query["sql"] for query in first if '"leaf"' in query["sql"]]
    assert len(reads) == 1
    assert '"position" >= 768' in reads[0]


def test_read_sealed_follows_the_positions_and_not_the_unsealed() -> None:
    add_events(5)
    seal(at=AT)
    add_event("unsealed")
    assert [event.position for event in read_sealed(-1, 3)] == [0, 1, 2]
    assert [event.position for event in read_sealed(2, 3)] == [3, 4]
    assert read_sealed(4, 3) == []
    event = read_sealed(-1, 1)[0]
    assert (event.key, event.at, event.ts) == ("e0", AT, "2026-11-22T06:42:00.000000Z")
    assert event.is_intact()
    assert not event._replace(payload='{"content":"别的","n":3,"photos":[]}').is_intact()


@pytest.mark.django_db(transaction=True)
def test_seal_publishes_the_checkpoint_beside_the_database() -> None:
    add_events(3)
    seal(at=AT)
    assert read_checkpoint(published_path()) == last_checkpoint()
    assert read_checkpoint(Path("/nowhere/at/all")) is None
