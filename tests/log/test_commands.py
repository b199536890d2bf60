import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from tests.log.events import add_events

from zhangfa.cli.command import main
from zhangfa.log.checkpoint import SignedCheckpoint, last_checkpoint

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_seal_prints_a_checkpoint_to_keep() -> None:
    assert json.loads(run("seal", "--json").output) is None
    add_events(3)
    assert "Sealed 3 new events, 3 in all" in run("seal").output
    assert SignedCheckpoint.from_json(json.loads(run("seal", "--json").output)) == last_checkpoint()


def test_verify_tells_by_its_exit_code(tmp_path: Path) -> None:
    add_events(3)
    kept = tmp_path / "kept.json"
    kept.write_text(run("seal", "--json").output)
    sound = run("verify", "--checkpoint", kept)
    assert (sound.exit_code, "完好" in sound.output) == (0, True)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM log_event WHERE position = 1")
    broken = run("verify", "--json")
    assert (broken.exit_code, [p["code"] for p in json.loads(broken.output)["problems"]]) == (1, ["V103"])
    kept.write_text("{}")
    assert run("verify", "--checkpoint", kept).exit_code == 2


def test_export_log_writes_the_log_or_one_proof(tmp_path: Path) -> None:
    add_events(3)
    run("seal")
    assert run("export-log", tmp_path / "log.jsonl").exit_code == 0
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 5
    assert run("export-log", tmp_path / "proof.json", "--position", 2).exit_code == 0
    assert json.loads((tmp_path / "proof.json").read_text())["position"] == 2
    assert run("export-log", tmp_path / "none.json", "--position", 3).exit_code == 2
    assert not (tmp_path / "none.json").exists()
    assert run("export-log", tmp_path / "log.jsonl", "--since", tmp_path / "proof.json").exit_code == 2


def test_backup_and_restore_are_one_command_each(settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    add_events(3)
    made = run("backup", tmp_path / "b.tar")
    assert (made.exit_code, "3 events, checkpoint 3" in made.output) == (0, True)
    assert "keep them safe elsewhere" in made.output
    refused = run("restore", tmp_path / "b.tar")
    assert (refused.exit_code, "--force" in refused.output) == (1, True)
    restored = run("restore", tmp_path / "b.tar", "--force")
    assert (restored.exit_code, "It is not behind" in restored.output) == (0, True)
    for aside in Path(str(connection.settings_dict["NAME"])).parent.glob("*.before-restore-*"):
        aside.unlink()
