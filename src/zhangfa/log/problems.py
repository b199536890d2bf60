"""What can be wrong with a log, each as a value with its sentence in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from zhangfa.log.checkpoint import SignedCheckpoint
from zhangfa.log.rows import LoggedEvent


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. Codes V101 to V199 are the log's; other rooms bring their own."""

    code: str
    zh: str
    en: str
    position: int | None = None
    seq: int | None = None

    def to_json(self) -> dict[str, object]:
        """Return it for a machine."""
        return {"code": self.code, "zh": self.zh, "en": self.en, "position": self.position, "seq": self.seq}


def changed_event(event: LoggedEvent) -> Problem:
    """Say that an event's leaf does not recompute."""
    return Problem(
        "V101",
        f"事件 {event.seq}（{event.key}）的内容与其摘要不符：写入之后被改动。",
        f"Event {event.seq} ({event.key}) does not match its hash: it was changed after it was written.",
        event.position,
        event.seq,
    )


def uncanonical_payload(event: LoggedEvent) -> Problem:
    """Say that a payload was not written by us, though its hash fits."""
    return Problem(
        "V102",
        f"事件 {event.seq}（{event.key}）的内容不是规范的 JSON 对象。",
        f"The payload of event {event.seq} ({event.key}) is not a canonical JSON object.",
        event.position,
        event.seq,
    )


def missing_event(position: int, following: int | None) -> Problem:
    """Say that a position is empty."""
    return Problem(
        "V103",
        f"位置 {position} 上没有事件（下一条在 {following}）：有事件被删除。",
        f"No event stands at position {position} (the next is at {following}): one was deleted.",
        position,
    )


def cut_short(checkpoint: SignedCheckpoint, size: int) -> Problem:
    """Say that the log does not reach a checkpoint."""
    return Problem(
        "V104",
        f"检查点（{checkpoint.size} 条，{checkpoint.ts}）没有到达，连续的事件只有 {size} 条：日志被截短或缺号。",
        f"The checkpoint of {checkpoint.size} events ({checkpoint.ts}) is not reached, only {size} events follow on "
        "one another: the log was cut short or has a gap.",
        size,
    )


def other_root(checkpoint: SignedCheckpoint) -> Problem:
    """Say that the events before a checkpoint are not those it was made over."""
    return Problem(
        "V105",
        f"前 {checkpoint.size} 条事件的根与检查点（{checkpoint.ts}）不符：此前有事件连同摘要被改写、调换或插入。",
        f"The root of the first {checkpoint.size} events is not the one of the checkpoint ({checkpoint.ts}): an event "
        "before it was rewritten with its hash, moved or inserted.",
        checkpoint.size,
    )


def unsigned(checkpoint: SignedCheckpoint) -> Problem:
    """Say that a checkpoint's signature does not hold."""
    return Problem(
        "V106",
        f"检查点（{checkpoint.size} 条）的签名不成立。",
        f"The signature of the checkpoint of {checkpoint.size} events does not hold.",
        checkpoint.size,
    )


def unknown_key(checkpoint: SignedCheckpoint) -> Problem:
    """Say that a checkpoint was signed by a key nobody vouched for."""
    name = checkpoint.public_key.hex()[:16]
    return Problem(
        "V107",
        f"检查点（{checkpoint.size} 条）由本机不认识的钥匙 {name}… 签名。若确系旧机，"
        "请把其公钥写入 keys/trusted-log-keys.txt。",
        f"The checkpoint of {checkpoint.size} events is signed by the key {name}…, which this installation does not "
        "know. If it is that of an earlier installation, write its public key into keys/trusted-log-keys.txt.",
        checkpoint.size,
    )


def wrong_node(level: int, index: int) -> Problem:
    """Say that a stored tree node is missing or wrong."""
    return Problem(
        "V108",
        f"哈希树第 {level} 层第 {index} 个节点与事件不符。",
        f"Node {index} of level {level} of the hash tree does not match its events.",
        index << level,
    )


def extra_nodes(count: int) -> Problem:
    """Say that the tree has nodes no event accounts for."""
    return Problem("V109", f"哈希树多出 {count} 个节点。", f"The hash tree has {count} nodes too many.")


def no_checkpoint(last: int, sealed: int) -> Problem:
    """Say that events have places beyond the last checkpoint."""
    return Problem(
        "V110",
        f"有 {sealed - last} 条事件已编号而无检查点：检查点被删除。",
        f"{sealed - last} events have a place but no checkpoint: a checkpoint was deleted.",
        last,
    )
