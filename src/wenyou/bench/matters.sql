-- Matters of all kinds over two years in the order of their days, mostly closed; what hangs on
-- each comes from the kinds' own tables of moves and clocks (bench_way, bench_clock).
CREATE TEMP TABLE drawn AS
WITH at AS (
    SELECT k, outlet,
           2 + $branches + (((outlet - 1) * $subs / $outlets) * $cities / $subs) AS city,
           ($flows)[1 + floor(pg_temp.draw(k, 22) * cardinality($flows))::int] AS flow,
           least(timestamptz '$now' - interval '1 minute',
                 date_trunc('day', timestamptz '$now' - interval '730 days'
                                                       * (1 - (k - 0.5) / $matters::float))
                     + interval '9 hours' + interval '8 hours' * pg_temp.draw(k, 23)) AS opened_at
    FROM (SELECT k, 1 + floor($outlets * power(pg_temp.draw(k, 21), 1.4))::bigint AS outlet
          FROM generate_series(1::bigint, $matters) AS k) AS o
), aged AS (
    SELECT at.*, timestamptz '$now' - opened_at AS age,
           pg_temp.draw(k, 24) < CASE WHEN timestamptz '$now' - opened_at < interval '20 days'
                                      THEN 0.65 ELSE 0.003 END AS still
    FROM at
)
SELECT aged.*, state.code AS state, state.waiting, state.hands, state.turns,
       CASE WHEN still THEN NULL
            ELSE least(opened_at + interval '12 days' * pg_temp.draw(k, 26),
                       timestamptz '$now' - interval '30 seconds') END AS closed_at,
       CASE WHEN still AND pg_temp.draw(k, 27) < 0.92
            THEN opened_at + interval '2 days' + interval '16 days' * pg_temp.draw(k, 28)
            END AS due_at
FROM aged
JOIN bench_state AS state
  ON state.flow = aged.flow AND state.closed = NOT still
 AND state.place = floor(state.many * power(pg_temp.draw(k, 25), CASE WHEN still THEN 1 ELSE 4 END));

INSERT INTO wenyou_matter (id, flow, number, title, unit_id, about_id, with_unit_id, state, closed,
                           waiting, in_hands_of, holder_id, turn, happened_at, known_at, opened_at,
                           closed_at, moved_at, due_at, due_clock, source, ticket, article, data,
                           opened_by_id)
SELECT k, flow,
       prefix || extract(year FROM opened_at AT TIME ZONE 'Asia/Shanghai') || '-'
           || lpad(row_number() OVER (PARTITION BY flow, extract(year FROM opened_at AT TIME ZONE
                                                   'Asia/Shanghai') ORDER BY k)::text, 6, '0'),
       title, $above + outlet,
       CASE WHEN pg_temp.draw(k, 31) < 0.3 AND $first_staff + outlet - 1 + $outlets
                  * floor(pg_temp.draw(k, 32) * $each)::bigint <= $people
            THEN $first_staff + outlet - 1 + $outlets * floor(pg_temp.draw(k, 32) * $each)::bigint
            END,
       CASE WHEN pg_temp.draw(k, 33) < 0.02
            THEN $above + $outlets + 1 + floor(pg_temp.draw(k, 34) * $departments)::bigint END,
       state, NOT still, waiting, hands,
       CASE WHEN still AND pg_temp.draw(k, 35) < 0.15 THEN $above + outlet END,
       turns, opened_at - interval '1 day', opened_at, opened_at, closed_at,
       coalesce(closed_at, opened_at + least(age, interval '4 days') * pg_temp.draw(k, 36)),
       due_at, CASE WHEN due_at IS NULL THEN '' ELSE clock END,
       CASE WHEN flow IN ('complaint', 'complaint_ticket')
            THEN ($sources)[1 + floor(pg_temp.draw(k, 37) * cardinality($sources))::int]
            ELSE '' END,
       CASE flow WHEN 'complaint_ticket' THEN 'ZH' || to_char(opened_at, 'YYYYMMDD')
                                              || lpad((k % 10000000)::text, 7, '0')
                 WHEN 'duty' THEN 'fire:' || to_char(opened_at, 'YYYY-"W"IW') || ':' || k
                 ELSE '' END,
       CASE WHEN pg_temp.draw(k, 38) < 0.5 THEN '三.2(' || 1 + k % 9 || ')' ELSE '' END,
       jsonb_build_object('customer_request', title, 'handling', title, 'grounds', title),
       CASE flow WHEN 'complaint_ticket' THEN $units + (city - 1) * $desks + 1 ELSE $above + outlet
            END
FROM (SELECT drawn.*,
             a.text || '，' || b.text || '，' || c.text AS title
      FROM drawn
      JOIN bench_words AS a ON a.part = 0
       AND a.place = floor(a.many * power(pg_temp.draw(k, 41), 3))
      JOIN bench_words AS b ON b.part = 1
       AND b.place = floor(b.many * power(pg_temp.draw(k, 42), 3))
      JOIN bench_words AS c ON c.part = 2
       AND c.place = floor(c.many * power(pg_temp.draw(k, 43), 3))) AS told
JOIN bench_kind AS kind USING (flow)
ORDER BY k;
ANALYZE wenyou_matter;

INSERT INTO wenyou_numberseries (name, last)
SELECT split_part(number, '-', 1), count(*) FROM wenyou_matter GROUP BY 1;

INSERT INTO wenyou_transition (matter_id, turn, action, source, target, by_id, by_name, for_role,
                               at, note, filled, article, request_id)
SELECT id, way.turn, way.action, way.source, way.target, opened_by_id,
       $opener, way.role,
       opened_at + (coalesce(closed_at, moved_at) - opened_at)
                   * ((way.turn - 1)::float / greatest(matter.turn - 1, 1)),
       '', jsonb_build_object('handling', title), article, ''
FROM wenyou_matter AS matter
JOIN bench_way AS way ON way.flow = matter.flow AND way.state = matter.state
ORDER BY id, way.turn;

INSERT INTO wenyou_clockrun (matter_id, name, title, side, state, started_at, due_at, met_at, steps,
                             "limit", calendar_version, needs_year, decided, computed_at)
SELECT id, clock.name, clock.title, clock.side,
       CASE WHEN NOT closed THEN 'running'
            WHEN pg_temp.draw(id, 51) < 0.93 THEN 'met' ELSE 'late' END,
       opened_at,
       CASE WHEN clock.name = due_clock THEN due_at ELSE opened_at + interval '18 days' END,
       CASE WHEN closed THEN closed_at END, '$steps'::jsonb, '5个工作日', '$calendar', NULL, closed,
       moved_at
FROM wenyou_matter AS matter
JOIN bench_clock AS clock ON clock.flow = matter.flow AND clock.state = matter.state
 AND (due_at IS NOT NULL OR closed)
ORDER BY id;

INSERT INTO wenyou_matterlink (source_id, target_id, kind)
SELECT id, id + 1, 'open_rectification' FROM wenyou_matter
WHERE id < $matters AND pg_temp.draw(id, 52) < 0.03;

-- The ladder has been climbed for nearly all that is overdue, as in a house that has lived.
INSERT INTO wenyou_urge (matter_id, rung, by_id, to_id, at, text)
SELECT id, 10 * turn + step, NULL, CASE step WHEN 9 THEN NULL ELSE unit_id END, due_at, '逾期提醒'
FROM wenyou_matter, unnest(ARRAY[1, 2, 9]) AS step
WHERE NOT closed AND due_at < timestamptz '$now' - interval '2 days' AND flow <> 'duty'
  AND pg_temp.draw(id, 53) < 0.98
ORDER BY id;

INSERT INTO wenyou_notice (to_id, kind, text, link, about, at, read_at)
SELECT CASE WHEN pg_temp.draw(id, 61) < 0.8 THEN unit_id ELSE opened_by_id END, 'matter',
       number || '：' || title, '/matters/' || id || '/', '', opened_at,
       CASE WHEN pg_temp.draw(id, 62) < 0.97 THEN opened_at + interval '2 hours' END
FROM wenyou_matter AS matter ORDER BY matter.id;

INSERT INTO wenyou_auditrow (at, actor_id, actor_name, via, address, request_id, action,
                             object_kind, object_id, object_title, unit_id, article, old, new, note,
                             digest, place, chain)
SELECT opened_at, opened_by_id, $opener, 'page', '10.1.1.1', '', 'matter.registered', 'matter',
       id::text, left(number || ' ' || title, 160), unit_id, article, '{}', '{"turn": 1}', '',
       md5(id::text) || md5(id::text), id, md5(id::text) || md5(id::text)
FROM wenyou_matter AS matter ORDER BY matter.id;
