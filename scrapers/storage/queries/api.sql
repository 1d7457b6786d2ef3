-- Tokens of programs.

-- name: insert_token
-- A new token; nothing where its name is taken.
INSERT INTO api_tokens (name, token_sha256, scope, created_by, expires_at)
VALUES (%(name)s, %(token_sha256)s, %(scope)s, %(created_by)s, %(expires_at)s)
ON CONFLICT (name) DO NOTHING
RETURNING name;

-- name: tokens
-- All tokens by name.
SELECT name, scope, created_by, created_at, expires_at FROM api_tokens ORDER BY name;

-- name: scope_of_token
-- What a token lets its bearer do, if it holds.
SELECT scope FROM api_tokens WHERE token_sha256 = %(token_sha256)s AND (expires_at IS NULL OR expires_at > now());

-- name: delete_token
-- End a token.
DELETE FROM api_tokens WHERE name = %(name)s;
