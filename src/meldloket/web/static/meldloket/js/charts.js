// Draws the charts of the insight pages from the numbers beside their tables (web/insight/charts.py), with ECharts in SVG.
// The table stays what a keyboard or screen reader uses; the drawing is for the eye, and a click on it goes the same way.

const TONES = ["--ml-chart-1", "--ml-chart-2", "--ml-chart-3", "--ml-chart-4", "--ml-chart-5", "--ml-chart-6"];
const NAMED = { late: "--ml-chart-late", good: "--ml-chart-good", quiet: "--ml-chart-quiet", main: "--ml-chart-1" };
const number = new Intl.NumberFormat("nl-BE", { maximumFractionDigits: 1 });
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

let loading;

/** ECharts itself, fetched once. Rejects when the file is not there. */
function library() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("../../vendor/echarts/echarts.js", import.meta.url).pathname;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colour = (tone, place) => style(NAMED[tone] ?? TONES[place % TONES.length]);

function base() {
  const ink = style("--ml-ink-soft");
  return {
    animation: !still,
    animationDuration: 250,
    textStyle: { fontFamily: style("--ml-font"), fontSize: 12, color: ink },
    aria: { enabled: false },
    // Rich text: a tooltip of HTML would carry styles that the content security policy refuses.
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: style("--ml-paper"),
      borderColor: style("--ml-line"),
      textStyle: { color: style("--ml-ink"), fontSize: 12 },
      valueFormatter: (value) => (value === null || value === undefined ? "–" : number.format(value)),
    },
  };
}

const axis = (more) => ({
  axisLine: { lineStyle: { color: style("--ml-line-strong") } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: style("--ml-line") } },
  axisLabel: { color: style("--ml-ink-soft"), hideOverlap: true },
  ...more,
});

function cartesian(data, wide) {
  const lying = data.kind.endsWith("bars");
  const stacked = data.kind.startsWith("stacked");
  const labels = axis({ type: "category", data: data.labels, splitLine: { show: false }, inverse: lying });
  const names = Math.min(150, Math.round(wide * 0.34)); // pixels that names may take
  if (lying) Object.assign(labels.axisLabel, { width: names, overflow: "break", lineHeight: 13, hideOverlap: false, interval: 0 });
  const values = axis({ type: "value", minInterval: 1, axisLabel: { color: style("--ml-ink-soft"), formatter: (value) => number.format(value) } });
  return {
    ...base(),
    tooltip: { ...base().tooltip, trigger: "axis", axisPointer: { type: data.kind === "lines" ? "line" : "shadow" } },
    legend: data.series.length > 1 ? { type: "scroll", top: 0, left: 0, itemHeight: 10, textStyle: { color: style("--ml-ink") } } : undefined,
    grid: { left: lying ? names + 12 : 44, right: 24, top: data.series.length > 1 ? 34 : 12, bottom: 26 },
    xAxis: lying ? values : labels,
    yAxis: lying ? labels : values,
    series: data.series.map((row, place) => ({
      name: row.name,
      type: data.kind === "lines" || row.line ? "line" : "bar",
      stack: stacked && !row.line ? "all" : undefined,
      data: row.values,
      barMaxWidth: 28,
      symbolSize: 7,
      showSymbol: data.labels.length < 40,
      cursor: row.urls.length ? "pointer" : "default",
      itemStyle: { color: colour(row.tone, place), borderRadius: stacked ? 0 : 2 },
      lineStyle: { width: 2, type: row.tone === "quiet" ? "dashed" : "solid" },
    })),
  };
}

function flow(data) {
  const words = Object.fromEntries(data.nodes.map((node) => [node.id, node.words]));
  return {
    ...base(),
    tooltip: {
      ...base().tooltip,
      formatter: (hit) =>
        hit.dataType === "edge"
          ? `${words[hit.data.source]} → ${words[hit.data.target]}: ${number.format(hit.data.value)}`
          : `${words[hit.name]}: ${number.format(hit.value)}`,
    },
    series: [
      {
        type: "sankey",
        left: 4,
        right: 120,
        top: 8,
        bottom: 8,
        nodeGap: 9,
        labelLayout: { hideOverlap: true },
        nodeWidth: 14,
        draggable: false,
        emphasis: { focus: "adjacency" },
        data: data.nodes.map((node, place) => ({ name: node.id, itemStyle: { color: colour("", place) } })),
        links: data.links.map((link) => ({ source: link.source, target: link.target, value: link.count, url: link.url })),
        label: { color: style("--ml-ink"), fontSize: 12, width: 112, overflow: "truncate", formatter: (hit) => words[hit.name] },
        lineStyle: { color: "source", opacity: 0.35, curveness: 0.5 },
      },
    ],
  };
}

function heat(data) {
  const cells = data.series.flatMap((row, up) => row.values.map((value, along) => [along, up, value ?? 0]));
  const most = Math.max(1, ...cells.map((cell) => cell[2]));
  return {
    ...base(),
    tooltip: {
      ...base().tooltip,
      formatter: (hit) => `${data.series[hit.value[1]].name}, ${data.labels[hit.value[0]]}: ${number.format(hit.value[2])}`,
    },
    grid: { left: 84, right: 8, top: 8, bottom: 26 },
    xAxis: axis({ type: "category", data: data.labels, splitLine: { show: false } }),
    yAxis: axis({ type: "category", data: data.series.map((row) => row.name), inverse: true, splitLine: { show: false } }),
    visualMap: { show: false, min: 0, max: most, inRange: { color: [style("--ml-sunken"), style("--ml-chart-1")] } },
    series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: style("--ml-paper"), borderWidth: 1 } }],
  };
}

const OPTIONS = { flow, heat };

function urlOf(data, hit) {
  if (data.kind === "flow") return hit.dataType === "edge" ? hit.data.url : "";
  if (data.kind === "heat") return data.series[hit.value[1]]?.urls[hit.value[0]];
  return data.series[hit.seriesIndex]?.urls[hit.dataIndex];
}

/** How high a drawing wants to be, in pixels: lying bars and flows grow with what they show. */
function height(data) {
  if (data.kind === "flow") return Math.min(760, Math.max(260, data.nodes.length * 22));
  if (data.kind.endsWith("bars")) return Math.max(140, data.labels.length * 28 + 50);
  return data.kind === "heat" ? data.series.length * 24 + 50 : 260;
}

function draw(echarts, place) {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  // The names of a flow need room; on a phone its table says it better.
  if (data.kind === "flow" && place.parentElement.clientWidth < 440) return null;
  place.hidden = false;
  place.style.height = `${height(data)}px`;
  place.closest("figure").querySelector("[data-chart-table]").open = false;
  const chart = echarts.init(place, null, { renderer: "svg" });
  const paint = () => chart.setOption((OPTIONS[data.kind] ?? cartesian)(data, chart.getWidth()), true);
  paint();
  chart.on("click", (hit) => {
    const url = urlOf(data, hit);
    if (url) location.assign(url);
  });
  return { chart, paint, place };
}

export async function start() {
  let echarts;
  try {
    echarts = await library();
  } catch {
    return; // the tables are there
  }
  const drawn = [...document.querySelectorAll("[data-chart]")].map((place) => draw(echarts, place)).filter(Boolean);
  const fit = (width) =>
    drawn.forEach(({ chart, paint }) => {
      chart.resize(width ? { width } : undefined);
      paint();
    });
  new ResizeObserver(() => fit()).observe(document.querySelector("main"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach(({ paint }) => paint()));
  // On paper: the width of a page, and the tables too.
  addEventListener("beforeprint", () => {
    fit(640);
    document.querySelectorAll("[data-chart-table]").forEach((table) => table.setAttribute("open", ""));
  });
  addEventListener("afterprint", () => fit());
}
