import re
from pathlib import Path

from scrapers import dedup

# From the lowest: each imports only from those before it, or from its own.
ROOMS = ["jit", "arrays", "text", "addresses", "articles", "key_index", "judge", "clusters", "batch"]
ENTRIES = {"incremental", "offline", "manual_decisions"}
HERE = Path(dedup.__file__).parent
FILES = [file for file in HERE.rglob("*.py") if file.name != "__init__.py"]


def room_of(file):
    return file.relative_to(HERE).with_suffix("").parts[0]


def imported_rooms(file):
    return set(re.findall(r"from scrapers\.dedup\.(\w+)", file.read_text()))


def test_rooms_import_in_one_direction():
    against = {
        (room_of(file), room)
        for file in FILES
        for room in imported_rooms(file) - {room_of(file)}
        if room in ENTRIES or (room_of(file) in ROOMS and ROOMS.index(room) > ROOMS.index(room_of(file)))
    }

    assert against == set()
    assert {room_of(file) for file in FILES} == {*ROOMS, *ENTRIES}
