"""Running a command line: every fault that a user can cause ends in a message and an exit code, never a traceback."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import typer

from language import _

WRONG_CALL, STOPPED = 2, 130


def run_app(app: typer.Typer, faults: Mapping[type[Exception], int]) -> NoReturn:
    """Run a command line and exit: 0 done, the code of a known fault, 2 where the call itself is wrong."""
    # A console that is not UTF-8 (an old Windows one) must not turn a message into a traceback.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        code = app(standalone_mode=False)
    except tuple(faults) as fault:
        _fail(str(fault), next(code for kind, code in faults.items() if isinstance(fault, kind)))
    except (KeyboardInterrupt, typer.Abort):
        code = STOPPED
    except typer.Exit as exit_:
        code = exit_.exit_code
    except BrokenPipeError:
        code = 0  # the reader of a pipe has seen enough
    except typer.TyperException as wrong:
        _fail(_explain(wrong), WRONG_CALL)
    if code == STOPPED:
        _fail(_("Đã dừng theo yêu cầu. Bản dữ liệu đang dùng vẫn giữ nguyên."), STOPPED)
    sys.exit(code if isinstance(code, int) else 0)


def _explain(wrong: Any) -> str:
    """The parser's own complaint in the user's language; its text stays where nothing better is known."""
    kind = type(wrong).__name__
    context = getattr(wrong, "ctx", None)
    hint = _(" Xem --help.") if context is None else _(" Xem: {command} --help.").format(command=context.command_path)
    if kind == "NoSuchOption":
        return _("Không có tùy chọn {name}.").format(name=wrong.option_name) + hint
    if kind == "MissingParameter":
        return _("Thiếu {name}.").format(name=_parameter(wrong)) + hint
    if kind == "BadParameter":
        # The parser quotes what was given and, for a closed list, what it takes.
        given, *allowed = re.findall(r"'([^']*)'", wrong.message) or [""]
        if allowed:
            return (
                _("Giá trị «{given}» của {name} không dùng được. Chỉ nhận: {allowed}.").format(
                    given=given, name=_parameter(wrong), allowed=", ".join(allowed)
                )
                + hint
            )
        return _("Giá trị của {name} không dùng được.").format(name=_parameter(wrong)) + hint
    if kind == "BadOptionUsage":
        return _("Tùy chọn {name} thiếu giá trị hoặc dùng sai.").format(name=wrong.option_name) + hint
    if kind == "NoArgsIsHelpError":
        return str(wrong)
    commands = ", ".join(getattr(getattr(context, "command", None), "commands", {}))
    if commands:
        return _("Không có lệnh này. Các lệnh: {commands}.").format(commands=commands) + hint
    return _("Câu lệnh không đúng: thừa hoặc thiếu đối số.") + hint


def _parameter(wrong: Any) -> str:
    """An option by its name, an argument by what the help calls it."""
    parameter = getattr(wrong, "param", None)
    if parameter is None:
        return str(getattr(wrong, "param_hint", None) or "?")
    return str(parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar or parameter.name)


def _fail(message: str, code: int) -> NoReturn:
    print(message, file=sys.stderr)  # noqa: T201 - the command line speaks here
    sys.exit(code)
