#!/usr/bin/env python3
"""Check an exported log, or the proof of one event, with nothing but Python's standard library.

    python3 verify_log.py LOG.jsonl                            # is the file sound in itself?
    python3 verify_log.py LOG.jsonl --checkpoint KEPT.json     # ... and does it extend a checkpoint kept elsewhere?
    python3 verify_log.py PROOF.json --public-key HEX          # ... and is it signed by the key I was told?

Exit code 0: sound; 1: problems, one sentence a line; 2: not such a file. Written to be read: the hashes are those of
RFC 9162 section 2.1 over SHA-256, the signatures Ed25519 of RFC 8032 section 5.1.7. It shares no code with Zhangfa.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

FIELDS = {"charter", "key", "kind", "payload", "person", "record", "register", "step", "suite", "ts", "unit", "version"}


def canonical(value: object) -> bytes:
    """Return the bytes that are hashed: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


# --- hashes: RFC 9162 section 2.1 -------------------------------------------------------------------------------------


def leaf_of(entry: object) -> bytes:
    """Hash one event."""
    return hashlib.sha256(b"\x00" + canonical(entry)).digest()


def parent_of(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees together."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing Merkle tree that remembers only its right edge."""

    def __init__(self) -> None:
        """Start empty."""
        self.size = 0
        self.peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add a leaf: as many peaks melt together as the size has trailing ones."""
        index = self.size
        while index & 1:
            leaf = parent_of(self.peaks.pop(), leaf)
            index >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over all leaves."""
        root = b""
        for peak in reversed(self.peaks):
            root = parent_of(peak, root) if root else peak
        return root or hashlib.sha256(b"").digest()


def is_included(leaf: bytes, position: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Verify an inclusion proof (section 2.1.3.2)."""
    place, last, node = position, size - 1, leaf
    if not 0 <= position < size:
        return False
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = parent_of(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = parent_of(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """Verify a consistency proof (section 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new or not proof:
        return False
    path = proof if old & (old - 1) else [old_root, *proof]
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = parent_of(node, first), parent_of(node, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = parent_of(second, node)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


# --- signatures: RFC 8032 section 5.1 ---------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]


def add(a: Point, b: Point) -> Point:
    """Add two points in extended coordinates (section 5.1.4)."""
    k, m = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    n, o = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = m - k, o - n, o + n, m + k
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar: int, point: Point) -> Point:
    """Add a point to itself `scalar` times."""
    result: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def decode_point(data: bytes) -> Point | None:
    """Read a point (section 5.1.3), or None when it is none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P or len(data) != 32:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Verify an Ed25519 signature (section 5.1.7)."""
    public, start = decode_point(key), decode_point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or start is None or BASE is None or scalar >= ORDER or len(signature) != 64:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    a, b = multiply(scalar, BASE), add(start, multiply(challenge, public))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


# --- the checks -------------------------------------------------------------------------------------------------------


def check_signature(checkpoint: dict[str, Any], key: str) -> Iterator[str]:
    """Tell whether a checkpoint is signed, and by the key expected."""
    claims = {name: value for name, value in checkpoint.items() if name != "signature"}
    parts = bytes.fromhex(checkpoint["public_key"]), canonical(claims), bytes.fromhex(checkpoint["signature"])
    size = checkpoint["size"]
    if not is_signed(*parts):
        yield f"检查点（{size}）签名不成立。 The signature of checkpoint {size} does not hold."
    elif checkpoint["public_key"] != key:
        yield f"检查点（{size}）由另一把钥匙签名。 Checkpoint {size} is signed by another key."


def check_event(line: dict[str, Any], tree: Tree) -> Iterator[str]:
    """Recompute one event's hash and grow the tree by it."""
    position, entry = line["position"], line["entry"]
    if position != tree.size:
        yield f"位置 {tree.size} 缺失，其处是 {position}。 Position {tree.size} is missing, {position} stands there."
    if set(entry) != FIELDS:
        yield f"位置 {position} 的字段不对。 The event at position {position} has not the fields of an event."
    leaf = leaf_of(entry)
    if leaf.hex() != line["leaf"]:
        yield f"位置 {position} 的内容与摘要不符。 The event at position {position} does not match its hash."
    tree.add(leaf)


def check_root(checkpoint: dict[str, Any], tree: Tree) -> Iterator[str]:
    """Hold the tree against a checkpoint of its size."""
    size = checkpoint["size"]
    if size != tree.size:
        yield f"检查点（{size}）不在其位。 Checkpoint {size} does not stand where it belongs."
    elif checkpoint["root"] != tree.root().hex():
        yield f"前 {tree.size} 条的根与检查点不符。 The root of the first {tree.size} events is not the checkpoint's."


def check_log(lines: Iterator[str], kept: list[dict[str, Any]], key: str | None) -> Iterator[str]:
    """Check a whole log file, line by line."""
    header, tree, last = json.loads(next(lines)), Tree(), 0
    key, waiting = key or header["public_key"], sorted(kept, key=lambda checkpoint: checkpoint["size"])
    for text in lines:
        line = json.loads(text)
        if "checkpoint" in line:
            last = line["checkpoint"]["size"]
            yield from check_signature(line["checkpoint"], key)
            yield from check_root(line["checkpoint"], tree)
            continue
        yield from check_event(line, tree)
        while waiting and waiting[0]["size"] == tree.size:
            yield from check_kept(waiting.pop(0), tree, key)
    for checkpoint in waiting:
        size = checkpoint["size"]
        yield f"日志短于所留检查点（{size}）。 The log is shorter than the checkpoint {size} kept."
    if not tree.size == last == header["events"]:
        yield f"事件 {tree.size} 条，应为 {header['events']} 条。 {tree.size} events, should be {header['events']}."
    print(f"{tree.size} 条事件 events; root {tree.root().hex()}; key {key}")


def check_kept(checkpoint: dict[str, Any], tree: Tree, key: str) -> Iterator[str]:
    """Hold the tree against a checkpoint kept elsewhere."""
    yield from check_signature(checkpoint, key)
    yield from check_root(checkpoint, tree)


def check_proof(proof: dict[str, Any], kept: list[dict[str, Any]], key: str | None) -> Iterator[str]:
    """Check that one event is under a checkpoint, and that this one extends an older one."""
    new, position = proof["checkpoint"], proof["position"]
    key, root = key or new["public_key"], bytes.fromhex(new["root"])
    yield from check_signature(new, key)
    path = [bytes.fromhex(node) for node in proof["inclusion"]]
    if not is_included(leaf_of(proof["entry"]), position, new["size"], path, root):
        yield f"位置 {position} 的事件不在检查点之下。 The event at position {position} is not under the checkpoint."
    if "old" in proof:
        old, steps = proof["old"], [bytes.fromhex(node) for node in proof["consistency"]]
        yield from check_signature(old, key)
        if not is_consistent(old["size"], new["size"], bytes.fromhex(old["root"]), root, steps):
            yield "新检查点不是旧检查点的延续。 The new checkpoint does not extend the old one."
    for checkpoint in kept:
        if checkpoint not in (new, proof.get("old")):
            yield "证明与所留检查点无关。 The proof says nothing of the checkpoint you kept."
    print(f"位置 position {position} / {new['size']}; root {new['root']}; key {key}")


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--checkpoint", action="append", default=[], help="a checkpoint file kept elsewhere")
    parser.add_argument("--public-key", help="the signer's key in hex, as you were told it; else the file's own word")
    options = parser.parse_args(arguments)
    problems = 0
    try:
        kept = []
        for name in options.checkpoint:
            with open(name, encoding="utf-8") as file:
                kept.append(json.load(file))
        with open(options.file, encoding="utf-8") as file:
            first = json.loads(file.readline())
            file.seek(0)
            is_proof = first["log"] == "zhangfa-proof-1"
            found = (
                check_proof(first, kept, options.public_key) if is_proof else check_log(file, kept, options.public_key)
            )
            for problem in found:
                problems += 1
                print(problem)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"读不懂这个文件。 This file cannot be read: {error!r}", file=sys.stderr)
        return 2
    print("完好 sound" if not problems else f"发现 {problems} 处问题 problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
