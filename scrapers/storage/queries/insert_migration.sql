INSERT INTO migrations (name, sha256) VALUES (%(name)s, %(sha256)s);
