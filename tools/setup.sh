#!/bin/sh
# Makes .venv with the versions of constraints.txt and Renkei itself, editable; called by the Makefile.
# The one argument is the extras to install, `dev` without it.
# $PYTHON names the interpreter; without it the first of the usual names that is new enough is taken.
set -eu

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    echo "Renkei needs Python 3.11 or newer, and none of these is: ${PYTHON:-python3 python3.13 python3.12 python3.11 python}" >&2
    echo "Name one with: make PYTHON=/path/to/python3.11 ..." >&2
    exit 1
}

# Debian's Python may come without ensurepip; then the pip outside works on the environment inside.
make_environment() {
    if "$1" -m venv --clear .venv >/dev/null 2>&1; then
        return
    fi
    if ! "$1" -m venv --clear --without-pip .venv; then
        echo "$1 cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
}

pip_inside() {
    if .venv/bin/python -m pip --version >/dev/null 2>&1; then
        .venv/bin/python -m pip "$@"
    else
        "$python" -m pip --python .venv/bin/python "$@"
    fi
}

python=$(find_python)
if ! new_enough .venv/bin/python; then
    echo "setting up .venv with $("$python" --version), once: two or three minutes"
    make_environment "$python"
fi
pip_inside install --quiet --constraint constraints.txt hatchling editables
pip_inside install --quiet --constraint constraints.txt --no-build-isolation --editable ".[${1:-dev}]"
touch .venv/ready
