UPDATE hosts SET tdm_asked_at = now(), tdm_rules = %(rules)s WHERE host = %(host)s;
