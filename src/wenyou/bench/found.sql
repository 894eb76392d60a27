-- What search reads, as search.services writes it: pairs of characters, single Chinese ones, four
-- in a row of numbers. Those of the words of complaints come with the words (bench_words).
CREATE FUNCTION pg_temp.pieces(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT string_agg(DISTINCT substr(run, at, size), ' ')
            FROM regexp_split_to_table(words, '[ :-]') AS run,
                 unnest(CASE WHEN run ~ '^[0-9a-z]+' THEN ARRAY[2, 4] ELSE ARRAY[2, 1] END) AS size,
                 generate_series(1, length(run) - size + 1) AS at);

INSERT INTO wenyou_searchdoc (object_kind, object_id, unit_id, flow, text, grams)
SELECT 'matter', matter.id, unit_id, flow, lower(number) || ' ' || title
                            || CASE ticket WHEN '' THEN '' ELSE ' ' || lower(ticket) END,
       pg_temp.pieces(lower(number || ' ' || ticket))
           || ' ' || a.grams || ' ' || b.grams || ' ' || c.grams
FROM wenyou_matter AS matter
JOIN bench_words AS a ON a.part = 0
 AND a.place = floor(a.many * power(pg_temp.draw(matter.id, 41), 3))
JOIN bench_words AS b ON b.part = 1
 AND b.place = floor(b.many * power(pg_temp.draw(matter.id, 42), 3))
JOIN bench_words AS c ON c.part = 2
 AND c.place = floor(c.many * power(pg_temp.draw(matter.id, 43), 3))
ORDER BY matter.id;

INSERT INTO wenyou_searchdoc (object_kind, object_id, flow, text, grams)
SELECT kind, id, '', lower(words), pg_temp.pieces(lower(words))
FROM (
    SELECT 'unit' AS kind, id, concat_ws(' ', code, name, nullif(short_name, '')) AS words
    FROM wenyou_unit
    UNION ALL
    SELECT 'person', id, number || ' ' || name FROM wenyou_employee
) AS told
ORDER BY kind, id;

INSERT INTO wenyou_searchmark (object_kind, through)
SELECT object_kind, max(object_id) FROM wenyou_searchdoc GROUP BY object_kind;

-- Rows that are added later go on after the last.
SELECT setval(pg_get_serial_sequence('wenyou_unit', 'id'), max(id)) FROM wenyou_unit;
SELECT setval(pg_get_serial_sequence('wenyou_employee', 'id'), max(id)) FROM wenyou_employee;
SELECT setval(pg_get_serial_sequence('wenyou_user', 'id'), max(id)) FROM wenyou_user;
SELECT setval(pg_get_serial_sequence('wenyou_matter', 'id'), max(id)) FROM wenyou_matter;
