#!/bin/sh
# Stops with a clear message where the Python named by $1 cannot make the environment.
python=$1
if ! command -v "$python" >/dev/null 2>&1; then
    echo "Không tìm thấy Python ($python). Cài Python 3.11 trở lên, hoặc chỉ đường dẫn: make run PYTHON=/đường/dẫn/python3.11" >&2
    echo "No Python found ($python). Install Python 3.11 or later, or name one: make run PYTHON=/path/to/python3.11" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "Cần Python 3.11 trở lên; $python là bản $version. Chọn bản khác: make run PYTHON=python3.11" >&2
    echo "Python 3.11 or later is needed; $python is $version. Choose another: make run PYTHON=python3.11" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "Python này thiếu mô-đun venv. Trên Debian/Ubuntu: apt install python3-venv" >&2
    echo "This Python lacks the venv module. On Debian/Ubuntu: apt install python3-venv" >&2
    exit 1
fi
