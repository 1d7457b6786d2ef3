SELECT count(*) FROM pg_tables WHERE tablename = 'migrations' AND schemaname = ANY (current_schemas(false));
