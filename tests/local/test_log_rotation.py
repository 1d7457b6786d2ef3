import subprocess
import sys
import time

from scrapers.local.log_rotation import rotate

WRITES = "import sys, time\nfor number in range(4000):\n    print(number, flush=True); time.sleep(0.0005)"


def test_a_log_that_has_grown_long_is_cut_under_the_process_that_writes_it(tmp_path):
    log = tmp_path / "service.log"
    with log.open("ab") as output:
        service = subprocess.Popen([sys.executable, "-c", WRITES], stdout=output)
    rotated = 0
    while service.poll() is None:
        rotated += len(rotate(tmp_path.glob("*.log"), most=2000))
        time.sleep(0.02)

    assert service.returncode == 0
    assert rotated > 1
    assert log.read_bytes()[:1] != b"\0"  # it goes on at the new end, and leaves no hole
    lines = [*log.with_suffix(".old.log").read_text().split(), *log.read_text().split()]  # it may just have been cut
    assert lines[-1] == "3999"
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 15_000
    assert {file.name for file in tmp_path.iterdir()} == {"service.log", "service.old.log"}


def test_a_short_log_and_one_that_is_gone_are_left_alone(tmp_path):
    log = tmp_path / "service.log"
    log.write_text("short")

    assert rotate([log, tmp_path / "gone.log"]) == []
    assert log.read_text() == "short"


def test_a_log_whose_copy_fails_is_cut_all_the_same(tmp_path):
    log = tmp_path / "service.log"
    log.write_text("x" * 100)
    (tmp_path / "service.old.log").mkdir()

    assert rotate([log], most=10) == [log]
    assert log.read_text() == ""
