"""Wrong calls end in Vietnamese and in exit code 2, known faults in their own code."""

from __future__ import annotations

import pytest
import typer

from language.command_line import run_app


class Fault(Exception):
    pass


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer(add_completion=False)

    @app.command("count")
    def count(file: str = typer.Argument(metavar="TEP"), top: int = typer.Option(3, "--top")) -> None:
        if file == "fault":
            raise Fault("tệp hỏng")
        if file == "stop":
            raise KeyboardInterrupt

    @app.command("other")
    def other() -> None:
        pass

    return app


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["count", "a"], 0, ""),
        (["count", "fault"], 7, "tệp hỏng"),
        (["count", "stop"], 130, "Đã dừng"),
        (["count"], 2, "Thiếu TEP"),
        (["count", "a", "--top", "x"], 2, "Giá trị của --top"),
        (["count", "a", "--tup", "1"], 2, "Không có tùy chọn --tup"),
        (["count", "a", "b"], 2, "đối số"),
        (["khong-co"], 2, "count, other"),
    ],
)
def test_every_call_ends_with_its_code_and_a_message(
    app: typer.Typer,
    arguments: list[str],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["chuong-trinh", *arguments])
    with pytest.raises(SystemExit) as ended:
        run_app(app, {Fault: 7})
    printed = capsys.readouterr().err
    assert (ended.value.code, said in printed) == (code, True), printed
