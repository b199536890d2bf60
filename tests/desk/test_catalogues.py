import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
messages = importlib.util.module_from_spec(spec)
spec.loader.exec_module(messages)

ROOMS = messages.rooms()
PLACE = re.compile(r"%\((\w+)\)")


def test_every_room_with_pages_is_looked_at() -> None:
    assert {room.name for room in ROOMS} >= {"desk", "registers", "doors", "acts", "directory"}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_sentence_of_a_room_has_an_english_translation(room: Path) -> None:
    assert messages.untranslated(room) == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_translations_name_the_same_values_as_their_sources(room: Path) -> None:
    wrong = []
    for message in messages.read_catalogue(room):
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        translations = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        for translation in translations if message.id else ():
            if set(PLACE.findall(translation)) != set(PLACE.findall(sources[0])):
                wrong.append((sources[0], translation))
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_translation_is_english(room: Path) -> None:
    known = "国办发明电〔2025〕7号"
    left = [
        message.id
        for message in messages.read_catalogue(room)
        if message.id and re.search(r"[\u4e00-\u9fff]", str(message.string).replace(known, ""))
    ]
    assert left == []


def test_collecting_finds_sentences_of_python_and_of_templates() -> None:
    found = {message.id for message in messages.collect(messages.PACKAGE / "desk") if isinstance(message.id, str)}
    assert {"密码已修改。", "眼下没有要您办的事。"} <= found
