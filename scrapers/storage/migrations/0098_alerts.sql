-- What needs somebody is in table alarms alone.
DROP VIEW alerts;
