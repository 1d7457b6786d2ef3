UPDATE pages SET lease_expires_at = now() + %(lease)s WHERE run_id = %(run_id)s AND state = 'leased';
