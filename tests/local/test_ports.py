import socket

from scrapers.local.ports import free_port, is_free


def test_the_saved_port_is_taken_again_then_the_first_choice_then_any(tmp_path):
    saved = tmp_path / "port"
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        taken, also_taken = one.getsockname()[1], two.getsockname()[1]
        saved.write_text(str(taken))
        neither = free_port(saved, also_taken)
    first = free_port(tmp_path / "none", taken)
    saved.write_text(str(also_taken))

    assert neither not in (taken, also_taken)
    assert is_free(neither)
    assert first == taken
    assert free_port(saved, taken) == also_taken


def test_a_damaged_port_file_counts_as_none(tmp_path):
    saved = tmp_path / "port"
    saved.write_text("")
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]

    assert free_port(saved, free) == free


def test_a_port_that_a_server_has_is_not_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not is_free(server.getsockname()[1])
