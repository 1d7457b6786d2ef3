UPDATE runs SET discovered = discovered + %(pages)s WHERE run_id = %(run_id)s;
