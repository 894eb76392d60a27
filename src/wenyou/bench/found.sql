-- What search reads of units and people, as search.services writes it.
INSERT INTO wenyou_searchdoc (object_kind, object_id, text, grams)
SELECT kind, id, lower(words),
       (SELECT string_agg(DISTINCT substr(run, at, 2), ' ')
        FROM regexp_split_to_table(lower(words), ' ') AS run,
             generate_series(1, greatest(length(run) - 1, 1)) AS at)
FROM (
    SELECT 'unit' AS kind, id, concat_ws(' ', code, name, nullif(short_name, '')) AS words
    FROM wenyou_unit
    UNION ALL
    SELECT 'person', id, number || ' ' || name FROM wenyou_employee
) AS told
ORDER BY kind, id;

-- Rows that are added later go on after the last.
SELECT setval(pg_get_serial_sequence('wenyou_unit', 'id'), max(id)) FROM wenyou_unit;
SELECT setval(pg_get_serial_sequence('wenyou_employee', 'id'), max(id)) FROM wenyou_employee;
SELECT setval(pg_get_serial_sequence('wenyou_user', 'id'), max(id)) FROM wenyou_user;
SELECT setval(pg_get_serial_sequence('wenyou_matter', 'id'), max(id)) FROM wenyou_matter;
