-- Units, people, accounts and roles. Ids are arithmetic, so that later tables need no joins:
-- the root is 1, then branches, city branches, sub-branches, outlets, departments; the head of a
-- unit is the employee (and the account) with its id; then come the desks of the root, branches
-- and cities, $desks people each, then the staff, employee by employee over the outlets.
CREATE FUNCTION pg_temp.draw(i bigint, salt int) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (hashint8extended(i, salt + $seed) & 4503599627370495)::double precision
           / 4503599627370496;

CREATE FUNCTION pg_temp.pick(words text[], i bigint, salt int) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN words[1 + floor(pg_temp.draw(i, salt) * cardinality(words))::int];

CREATE TEMP TABLE tree AS
SELECT 1::bigint AS id, NULL::bigint AS parent, 0 AS depth, 'head_office' AS level, 1::bigint AS k
UNION ALL
SELECT 1 + k, 1, 1, 'branch', k FROM generate_series(1, $branches) AS k
UNION ALL
SELECT 1 + $branches + k, 2 + (k - 1) * $branches / $cities, 2, 'city_branch', k
FROM generate_series(1, $cities) AS k
UNION ALL
SELECT 1 + $branches + $cities + k, 2 + $branches + (k - 1) * $cities / $subs, 3, 'sub_branch', k
FROM generate_series(1, $subs) AS k
UNION ALL
SELECT $above + k, 2 + $branches + $cities + (k - 1) * $subs / $outlets, 4, 'outlet', k
FROM generate_series(1, $outlets) AS k
UNION ALL
SELECT $above + $outlets + k, 1 + (k - 1) % (1 + $branches), CASE (k - 1) % (1 + $branches)
       WHEN 0 THEN 1 ELSE 2 END, 'department', k
FROM generate_series(1, $departments) AS k;

INSERT INTO wenyou_unit (id, code, name, short_name, kind, level, area, parent_id, path, depth,
                         opened_on, closed_on, phone, address)
WITH RECURSIVE down AS (
    SELECT tree.*, '/1/' AS path FROM tree WHERE id = 1
    UNION ALL
    SELECT tree.*, down.path || tree.id || '/' FROM tree JOIN down ON tree.parent = down.id
), named AS (
    SELECT down.*,
           CASE level
               WHEN 'head_office' THEN '压测银行总行'
               WHEN 'department' THEN pg_temp.pick($departments_named, id, 3)
               ELSE pg_temp.pick($places, CASE level WHEN 'outlet' THEN parent ELSE id END, 1)
           END AS place
    FROM down
)
SELECT id, 'J' || lpad(id::text, 6, '0'),
       CASE level
           WHEN 'branch' THEN place || '省分行'
           WHEN 'city_branch' THEN place || '市分行'
           WHEN 'sub_branch' THEN place || '支行'
           WHEN 'outlet' THEN place || pg_temp.pick($roads, id, 2) || '支行'
           ELSE place
       END,
       CASE level WHEN 'outlet' THEN pg_temp.pick($roads, id, 2) || '支行' ELSE '' END,
       CASE level WHEN 'department' THEN 'department' ELSE 'bank' END, level,
       CASE level WHEN 'outlet' THEN pg_temp.pick(ARRAY['city','city','county','rural'], id, 4)
                  ELSE '' END,
       parent, path, depth, date '$today' - 4000 + (pg_temp.draw(id, 5) * 3000)::int,
       CASE WHEN level = 'outlet' AND pg_temp.draw(id, 6) < 0.02 THEN date '$today' - 60 END,
       '0571-8' || lpad((id % 1000000)::text, 6, '0'), ''
FROM named ORDER BY id;

INSERT INTO wenyou_unitspell (unit_id, from_on, until_on, name, short_name, kind, level, area,
                              parent_id, cause, note)
SELECT id, opened_on, NULL, name, short_name, kind, level, area, parent_id, 'opened', ''
FROM wenyou_unit ORDER BY id;

CREATE TEMP TABLE staff AS
SELECT k AS id, k AS unit, 'head' AS part FROM generate_series(1::bigint, $units) AS k
UNION ALL
SELECT $units + k, 1 + (k - 1) / $desks, 'desk' FROM generate_series(1::bigint, $at_desks) AS k
UNION ALL
SELECT $first_staff + k, $above + 1 + k % $outlets, 'staff'
FROM generate_series(0::bigint, $people - $first_staff) AS k;

INSERT INTO wenyou_employee (id, number, name, joined_on, left_on, phone_sealed, phone_index,
                             identity_sealed, identity_index, unit_id, post)
SELECT id, 'P' || lpad(id::text, 7, '0'),
       pg_temp.pick($surnames, id, 11) || pg_temp.pick($given, id, 12)
           || CASE WHEN pg_temp.draw(id, 13) < 0.75 THEN pg_temp.pick($given, id, 14) ELSE '' END,
       date '$today' - 3000 + (pg_temp.draw(id, 15) * 2900)::int,
       CASE WHEN part = 'staff' AND pg_temp.draw(id, 16) < 0.03 THEN date '$today' - 90 END,
       '', md5('phone' || id), '', md5('identity' || id),
       CASE WHEN part = 'staff' AND pg_temp.draw(id, 16) < 0.03 THEN NULL ELSE unit END,
       CASE part WHEN 'head' THEN '负责人' WHEN 'desk' THEN '专员'
                 ELSE pg_temp.pick($posts, id, 17) END
FROM staff ORDER BY id;

INSERT INTO wenyou_posting (employee_id, unit_id, post, head, acting, main, from_on, until_on, note)
SELECT staff.id, staff.unit, post, part = 'head', false, true, joined_on, left_on, ''
FROM staff JOIN wenyou_employee USING (id) ORDER BY staff.id;

INSERT INTO wenyou_user (id, password, last_login, number, name, employee_id, is_active,
                         must_change, loopback_only, password_at, session_epoch, created_at)
SELECT id, '!', NULL, number, name, id, left_on IS NULL, false, false, timestamptz '$now', 0,
       timestamptz '$now'
FROM wenyou_employee ORDER BY id;

INSERT INTO wenyou_roleholding (user_id, role, unit_id, from_on, until_on, reason)
SELECT staff.id,
       CASE part
           WHEN 'staff' THEN 'staff'
           WHEN 'desk' THEN ($desk_roles)[1 + (staff.id - $units - 1) % $desks]
           ELSE CASE level WHEN 'outlet' THEN 'outlet_head' WHEN 'department' THEN 'department'
                           ELSE 'leader' END
       END,
       staff.unit, joined_on, left_on, '压测'
FROM staff JOIN wenyou_employee USING (id) JOIN wenyou_unit ON wenyou_unit.id = staff.unit
ORDER BY staff.id;

INSERT INTO wenyou_absence (employee_id, from_at, until_at, reason, stand_in_id)
SELECT id, timestamptz '$now' - interval '1 day', timestamptz '$now' + interval '5 days', '年休假',
       NULL
FROM generate_series(1::bigint, $people) AS id WHERE pg_temp.draw(id, 18) < 0.02;

ANALYZE wenyou_unit, wenyou_employee, wenyou_user;
