SELECT body FROM snapshots WHERE sha256 = %(sha256)s;
