// Draws the charts of a page on canvas; the server's picture stays where this cannot run.

const COLORS = ["#0b6468", "#a8590a", "#43576a", "#7a3b8f", "#14663c"];
const INK = "#1b2529";
const SOFT = "#52606a";
const LINE = "#d8dfe3";
const FONT = getComputedStyle(document.body).fontFamily;

function narrow() {
  return window.innerWidth < 600;
}

function told(value) {
  return String(value).replace("-", "\u2212");
}

function lines(data) {
  return {
    grid: { left: 8, right: 110, top: 16, bottom: 8, containLabel: true },
    xAxis: {
      type: "category",
      data: data.labels,
      boundaryGap: false,
      axisLabel: { color: SOFT },
      axisLine: { lineStyle: { color: LINE } },
    },
    yAxis: { type: "value", axisLabel: { color: SOFT }, splitLine: { lineStyle: { color: LINE } } },
    series: data.series.map((one) => ({
      type: "line",
      name: one.name,
      data: one.values,
      symbolSize: 6,
      lineStyle: { width: 2 },
      endLabel: { show: true, formatter: "{a}", color: INK, width: 96, overflow: "truncate" },
    })),
  };
}

function bars(data) {
  const many = data.series.length > 1;
  return {
    legend: many ? { top: 0, left: 0, textStyle: { color: INK } } : { show: false },
    grid: { left: 8, right: 64, top: many ? 32 : 4, bottom: 4, containLabel: true },
    xAxis: { type: "value", axisLabel: { show: false }, splitLine: { lineStyle: { color: LINE } } },
    yAxis: {
      type: "category",
      data: data.labels,
      inverse: true,
      axisTick: { show: false },
      axisLine: { onZero: true, lineStyle: { color: SOFT } },
      axisLabel: { color: INK, width: narrow() ? 96 : 150, overflow: "truncate" },
    },
    series: data.series.map((one) => ({
      type: "bar",
      name: one.name,
      data: one.values.map((value) => ({
        value,
        label: { position: value < 0 ? "left" : "right" },
      })),
      barMaxWidth: 16,
      label: { show: true, color: SOFT, formatter: (shown) => told(shown.value) },
    })),
  };
}

// Of the scale of dots: how many places tell its ticks apart (two digits of what it spans), and the
// gap before the least figure, which does not lead beneath zero.
function scale(data) {
  const known = data.series.flatMap((one) => one.values).filter((value) => value !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const fine = Math.max(3, 1 - Math.floor(Math.log10(span || Math.abs(low) / 10 || 1)) || 0);
  return { fine, gap: low >= 0 && low < 0.06 * span ? 0 : "6%" };
}

function tick(value, fine) {
  return told(value.toFixed(fine).replace(/\.?0+$/, ""));
}

// A dot for each label on a scale of its own; three series are an interval around the dot.
function dots(data) {
  const first = data.series[0].values;
  const middle = data.series[Math.floor(data.series.length / 2)].values;
  const last = data.series[data.series.length - 1].values;
  const rows = middle
    .map((value, place) => [value, place, first[place], last[place]])
    .filter((row) => row[0] !== null);
  const { fine, gap } = scale(data);
  return {
    grid: { left: 8, right: 72, top: 4, bottom: 4, containLabel: true },
    xAxis: {
      type: "value",
      scale: true,
      boundaryGap: [gap, "6%"],
      splitNumber: 3,
      axisLabel: { color: SOFT, formatter: (value) => tick(value, fine), showMaxLabel: !narrow(), hideOverlap: true },
      splitLine: { lineStyle: { color: LINE } },
    },
    yAxis: {
      type: "category",
      data: data.labels,
      inverse: true,
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: INK, width: narrow() ? 96 : 150, overflow: "truncate" },
    },
    series: [
      {
        type: "custom",
        silent: true,
        data: rows.map((row) => [row[2], row[1], row[3]]),
        encode: { x: [0, 2], y: 1 },
        renderItem: (params, api) => {
          const [x1, y] = api.coord([api.value(0), api.value(1)]);
          const [x2] = api.coord([api.value(2), api.value(1)]);
          return { type: "line", shape: { x1, y1: y, x2, y2: y }, style: { stroke: COLORS[0], lineWidth: 2 } };
        },
      },
      {
        type: "scatter",
        name: data.title,
        symbolSize: 11,
        itemStyle: { color: COLORS[0], opacity: 1 },
        data: rows,
        encode: { x: 0, y: 1 },
        label: { show: data.series.length === 1, position: "right", color: SOFT, formatter: (shown) => told(shown.value[0].toFixed(data.digits)) },
        tooltip: { formatter: (shown) => explained(data, shown.value[1]) },
      },
    ],
  };
}

function explained(data, place) {
  const figures = data.series.map((one) => `${one.name} ${told(one.values[place].toFixed(data.digits))}`);
  return [data.labels[place], ...figures].join("\n");
}

function height(data) {
  if (data.kind === "dots") return 40 + data.labels.length * 28;
  if (data.kind !== "bars") return 300;
  return 48 + data.labels.length * (12 + 18 * data.series.length);
}

function draw(echarts, figure) {
  const source = document.getElementById(figure.dataset.chart);
  const picture = figure.querySelector(".chart__picture");
  if (!source || figure.classList.contains("is-drawn")) return;
  const data = JSON.parse(source.textContent);
  const canvas = document.createElement("div");
  canvas.className = "chart__canvas";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", data.title);
  canvas.style.height = `${height(data)}px`;
  picture.append(canvas);
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption({
    animation: false,
    color: COLORS,
    textStyle: { fontFamily: FONT, fontSize: 12 },
    tooltip: {
      trigger: data.kind === "lines" ? "axis" : "item",
      renderMode: "richText",
      confine: true,
    },
    ...{ bars, dots, lines }[data.kind](data),
  });
  figure.classList.add("is-drawn");
  window.addEventListener("resize", () => chart.resize());
}

function drawAll(root) {
  const figures = [...root.querySelectorAll("figure[data-chart]")];
  if (!figures.length) return;
  import(document.body.dataset.echarts)
    .then((echarts) => figures.forEach((figure) => draw(echarts, figure)))
    .catch(() => undefined);
}

drawAll(document);
document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
