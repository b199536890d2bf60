"""The exported log is checked by the stand-alone script, which shares no code with us."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.log.events import AT, add_events

from zhangfa.log.checkpoint import last_checkpoint, public_key
from zhangfa.log.export import export_log, export_proof
from zhangfa.log.seal import seal

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).parents[2] / "tools" / "verify_log.py"


def check(path: Path, *options: object) -> tuple[int, list[str]]:
    """Run the script with an interpreter that sees no installed package; give exit code and lines."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", SCRIPT, path, *map(str, options)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.splitlines()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """30 events under checkpoints of 11, 22 and 30."""
    add_events(30)
    seal(at=AT, batch=11)
    path = tmp_path / "log.jsonl"
    with path.open("wb") as file:
        assert export_log(file) == 30
    return path


def write_kept(path: Path) -> Path:
    checkpoint = last_checkpoint()
    assert checkpoint is not None
    path.write_text(json.dumps(checkpoint.to_json()))
    return path


def test_an_exported_log_is_sound(log: Path) -> None:
    code, lines = check(log, "--checkpoint", write_kept(log.with_name("kept.json")), "--public-key", public_key().hex())
    last = last_checkpoint()
    assert last is not None
    assert (code, lines) == (0, [f"30 条事件 events; root {last.root.hex()}; key {public_key().hex()}", "完好 sound"])


def test_an_empty_log_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with path.open("wb") as file:
        assert export_log(file) == 0
    assert check(path)[0] == 0


def lines_of(log: Path) -> list[dict]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def rewrite(log: Path, lines: list[dict]) -> Path:
    log.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    return log


def test_every_single_change_is_found(log: Path) -> None:
    lines = lines_of(log)
    header, events = lines[0], [line for line in lines if "entry" in line]
    event, checkpoint = events[5], lines[12]
    assert "checkpoint" in checkpoint
    changed = [
        *[(event["entry"], name, "x" if isinstance(old, str) else 99) for name, old in event["entry"].items()],
        (event["entry"]["payload"], "content", "好"),
        (event, "leaf", "00" * 32),
        (event, "position", 6),
        *[(checkpoint["checkpoint"], name, value) for name, value in [
            ("size", 12), ("root", "00" * 32), ("ts", "x"), ("suite", "x"), ("log", "x"),
            ("public_key", "11" * 32), ("signature", "22" * 64)]],
        (header, "events", 29), (header, "public_key", "33" * 32),
    ]  # fmt: skip
    script = _load_script()
    for holder, name, value in changed:
        kept, holder[name] = holder[name], value
        assert list(script.check_log(iter(map(json.dumps, lines)), [], None)), (name, value)
        holder[name] = kept
    assert list(script.check_log(iter(map(json.dumps, lines)), [], None)) == []


def _load_script():
    import importlib.util

    spec = importlib.util.spec_from_file_location("verify_log_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("event", [0, 7, 29])
def test_a_dropped_event_is_found(log: Path, event: int) -> None:
    lines = [line for line in lines_of(log) if line.get("position") != event]
    assert check(rewrite(log, lines))[0] == 1


def test_two_events_changing_places_is_found(log: Path) -> None:
    lines = lines_of(log)
    lines[3]["entry"], lines[4]["entry"] = lines[4]["entry"], lines[3]["entry"]
    lines[3]["leaf"], lines[4]["leaf"] = lines[4]["leaf"], lines[3]["leaf"]
    code, said = check(rewrite(log, lines))
    assert (code, ["根" in line for line in said]) == (1, [True, True, True, False, False])


def test_a_log_cut_short_is_found_by_a_checkpoint_kept_elsewhere(log: Path) -> None:
    kept = write_kept(log.with_name("kept.json"))
    lines = lines_of(log)[:25]
    lines[0]["events"] = 22
    assert check(rewrite(log, lines))[0] == 0
    assert check(log, "--checkpoint", kept)[0] == 1


def test_a_log_signed_by_another_key_is_found(log: Path) -> None:
    assert check(log, "--public-key", "44" * 32)[0] == 1


def test_a_proof_holds_and_breaks_with_any_change(log: Path) -> None:
    add_events(300, start=100)
    old = last_checkpoint()
    seal(at=AT)
    path = log.with_name("proof.json")
    with path.open("wb") as file:
        export_proof(file, position=17, old=old)
    assert check(path)[0] == 0
    proof = json.loads(path.read_text())
    script = _load_script()
    for name, value in [("position", 18), ("entry", {}), ("inclusion", proof["inclusion"][1:]),
                        ("consistency", proof["consistency"][1:]), ("old", proof["checkpoint"])]:  # fmt: skip
        assert list(script.check_proof({**proof, name: value}, [], None)), name
    with pytest.raises(LookupError, match="position 330"), path.open("wb") as file:
        export_proof(file, position=330)


@pytest.mark.parametrize("text", ["", "[]", "{}", "nonsense", '{"log":"zhangfa-log-1"}'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other"
    path.write_text(text)
    assert check(path)[0] == 2


def test_the_scripts_signatures_are_those_of_rfc_8032() -> None:
    """Test vectors 1 to 3 of RFC 8032 §7.1."""
    script = _load_script()
    vectors = [
        ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
         "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
         "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ]  # fmt: skip
    for key, message, signature in vectors:
        parts = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
        assert script.is_signed(*parts)
        assert not script.is_signed(parts[0], parts[1] + b"x", parts[2])
        assert not script.is_signed(parts[0], parts[1], parts[2][:-1])
