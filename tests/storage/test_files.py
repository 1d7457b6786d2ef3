from scrapers.storage.files import write_private


def test_a_private_file_is_replaced_whole_and_for_its_owner_alone(tmp_path):
    file = tmp_path / "new" / "secret"

    write_private(file, "first")
    write_private(file, "second")

    assert file.read_text() == "second"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]
