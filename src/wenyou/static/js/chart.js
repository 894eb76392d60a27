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

function height(data) {
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
      trigger: data.kind === "bars" ? "item" : "axis",
      renderMode: "richText",
      confine: true,
    },
    ...(data.kind === "bars" ? bars(data) : lines(data)),
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
