-- The rules of the bench plan written by hand for DuckDB, with the full ledger: the floor that
-- the compiled plan is measured against. Points in 1/10,000, direct points in 1/100, money in fen.
CREATE TEMPORARY TABLE found AS
WITH facts AS (
  SELECT f.编号 AS fact, f.机构号 AS unit, YEAR(f.发生日期) AS period, f.发生日期 AS day,
         f.组 AS grp, p.amount AS base, f.员工号 AS person, f.问题类型 AS kind, f.登记时间 AS known
  FROM read_parquet('{folder}/检查扣分.parquet') AS f
  JOIN prices AS p ON p.type = f.问题类型 AND p.severity = f.程度
  WHERE f.状态 = '已确认'
), before AS (
  SELECT *, LAG(fact) OVER earlier AS last_fact, LAG(day) OVER earlier AS last_day
  FROM facts WINDOW earlier AS (PARTITION BY person, kind ORDER BY day, known, fact)
)
SELECT fact, unit, period, day, grp, base,
       CASE WHEN last_day > day - 365 THEN last_fact END AS earlier,
       CASE WHEN last_day > day - 365 THEN base * 3 // 2 ELSE base END AS amount
FROM before;

CREATE TEMPORARY TABLE complaint AS
SELECT 编号 AS fact, 机构号 AS unit, YEAR(发生日期) AS period, 发生日期 AS day, 有责 AS responsible
FROM read_parquet('{folder}/投诉.parquet') WHERE 状态 = '已确认';

CREATE TEMPORARY TABLE praise AS
SELECT 编号 AS fact, 机构号 AS unit, YEAR(发生日期) AS period, 发生日期 AS day
FROM read_parquet('{folder}/表扬.parquet') WHERE 状态 = '已确认';

CREATE TEMPORARY TABLE outlet_year AS
SELECT 机构号 AS unit, 区域 AS region, 客户数 AS customers, period
FROM read_parquet('{folder}/机构.parquet'), (SELECT UNNEST([2023, 2024, 2025]) AS period)
WHERE 区域 IS NOT NULL;

CREATE TEMPORARY TABLE grp AS
SELECT unit, period, grp, SUM(amount)::BIGINT AS total FROM found GROUP BY ALL;

CREATE TEMPORARY TABLE score AS
SELECT unit, period, SUM(GREATEST(total, -200000))::BIGINT AS held,
       GREATEST(-1000000, SUM(GREATEST(total, -200000)))::BIGINT AS points
FROM grp GROUP BY ALL;

CREATE TEMPORARY TABLE heard AS
SELECT unit, period, COUNT(*) AS complaints, COUNT(*) FILTER (responsible) AS responsible
FROM complaint GROUP BY ALL;

CREATE TEMPORARY TABLE praised AS
SELECT unit, period, COUNT(*) AS praises FROM praise GROUP BY ALL;

CREATE TEMPORARY TABLE standing AS
SELECT unit, period, region, customers, COALESCE(complaints, 0) AS complaints,
       COALESCE(responsible, 0) AS responsible, COALESCE(praises, 0) AS praises,
       1000000 + COALESCE(points, 0) AS management,
       LEAST(2000, GREATEST(-2000, COALESCE(praises, 0) * 100 - COALESCE(complaints, 0) * 200))
         AS direct
FROM outlet_year LEFT JOIN score USING (unit, period) LEFT JOIN heard USING (unit, period)
     LEFT JOIN praised USING (unit, period);

CREATE TEMPORARY TABLE last_above AS
WITH mean AS (
  SELECT *, SUM(complaints) OVER r AS all_complaints, SUM(customers) OVER r AS all_customers
  FROM standing WINDOW r AS (PARTITION BY region, period)
), above AS (
  SELECT *, RANK() OVER (PARTITION BY region, period
                         ORDER BY complaints::DOUBLE / customers DESC) AS place
  FROM mean WHERE complaints * all_customers > all_complaints * customers
)
SELECT unit, period FROM above WHERE place = 1;

CREATE TEMPORARY TABLE best AS
WITH ranked AS (
  SELECT unit, period, RANK() OVER (PARTITION BY region, period
                                    ORDER BY management * 20 + direct * 10000 DESC) AS place,
         COUNT(*) OVER (PARTITION BY region, period) AS many
  FROM standing WHERE responsible = 0
)
SELECT unit, period, place FROM ranked WHERE place <= (many + 9) // 10;

COPY (
  WITH entries AS (
    SELECT 'found_' || grp AS rule, 'event' AS kind, unit, period, day, 'points' AS ledger, fact,
           base, amount, earlier
    FROM found
    UNION ALL
    SELECT 'found_' || grp, 'limit', unit, period, NULL, 'points', NULL,
           -200000 - total, -200000 - total, NULL
    FROM grp WHERE total < -200000
    UNION ALL
    SELECT 'zero_at_least', 'limit', unit, period, NULL, 'points', NULL,
           points - held, points - held, NULL
    FROM score WHERE points <> held
    UNION ALL
    SELECT 'responsible_money', 'event', unit, period, day, 'money', fact, -10000, -10000, NULL
    FROM complaint WHERE responsible
    UNION ALL
    SELECT 'responsible_money', 'limit', unit, period, NULL, 'money', NULL,
           responsible * 10000 - 200000, responsible * 10000 - 200000, NULL
    FROM heard WHERE responsible > 20
    UNION ALL
    SELECT 'praise_money', 'event', unit, period, day, 'money', fact, 20000, 20000, NULL
    FROM praise
    UNION ALL
    SELECT 'praise_money', 'limit', unit, period, NULL, 'money', NULL,
           100000 - praises * 20000, 100000 - praises * 20000, NULL
    FROM praised WHERE praises > 5
    UNION ALL
    SELECT 'complaint_points', 'event', unit, period, day, 'direct', fact, -200, -200, NULL
    FROM complaint
    UNION ALL
    SELECT 'praise_points', 'event', unit, period, day, 'direct', fact, 100, 100, NULL FROM praise
    UNION ALL
    SELECT 'direct_span', 'limit', unit, period, NULL, 'direct', NULL,
           direct - (praises * 100 - complaints * 200), direct - (praises * 100 - complaints * 200),
           NULL
    FROM standing WHERE direct <> praises * 100 - complaints * 200
    UNION ALL
    SELECT 'last_above_mean', 'period', unit, period, NULL, 'money', NULL, -60000, -60000, NULL
    FROM last_above
  )
  SELECT rule, kind, 'unit' AS whose, unit AS subject, period::VARCHAR AS period,
         COALESCE(day, MAKE_DATE(period, 12, 31)) AS day, ledger, fact, base::BIGINT AS base,
         amount::BIGINT AS amount, earlier
  FROM entries
) TO '{out}/entries.parquet' (FORMAT parquet);

COPY (SELECT * FROM standing) TO '{out}/standings.parquet' (FORMAT parquet);
COPY (SELECT * FROM best) TO '{out}/best.parquet' (FORMAT parquet);
