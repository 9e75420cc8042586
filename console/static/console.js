"use strict";
/* Theme, menu, charts. Everything works without it, only less comfortably. */

const root = document.documentElement;
const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
const DAY_SECONDS = 86400;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function isDark() {
  const chosen = root.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function switchTheme() {
  const theme = isDark() ? "light" : "dark";
  root.dataset.theme = theme;
  document.cookie = `regulars_theme=${theme}; path=/console; max-age=31536000; samesite=lax`;
  
}

function toggleMenu(button) {
  const body = document.getElementById("side-body");
  const isOpen = body.classList.toggle("open");
  button.setAttribute("aria-expanded", String(isOpen));
}

/* A chart is drawn from the table beside it, which stays for those who cannot see it:
   the first column is the x axis, the others are series. */
function seriesOf(figure) {
  const table = figure.querySelector("table");
  // Where nothing happened there is no table, and the page says so.
  if (!table) return { columns: [], names: [], shown: [] };
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells]);
  const value = (cell) => (cell.dataset.value === undefined ? null : Number(cell.dataset.value));
  const columns = rows.length ? rows[0].map((_, i) => rows.map((row) => value(row[i]))) : [];
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const shown = rows.map((row) => row.map((cell) => cell.textContent.trim()));
  return { columns, names, shown };
}

function tipPlugin(figure, names, shown) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  return {
    hooks: {
      init: (plot) => plot.over.appendChild(tip),
      setCursor: (plot) => {
        const index = plot.cursor.idx;
        tip.hidden = index === null || index === undefined || plot.cursor.left < 0;
        if (tip.hidden) return;
        const row = shown[index];
        tip.replaceChildren(Object.assign(document.createElement("b"), { textContent: row[0] }));
        names.slice(1).forEach((name, i) => {
          tip.append(Object.assign(document.createElement("div"), { textContent: `${name}: ${row[i + 1]}` }));
        });
        const left = plot.cursor.left > plot.over.clientWidth / 2 ? plot.cursor.left - tip.offsetWidth - 14 : plot.cursor.left + 14;
        tip.style.left = `${Math.max(left, 0)}px`;
        tip.style.top = "6px";
      },
    },
  };
}

function stacked(columns) {
  const sums = columns[0].map(() => 0);
  return [columns[0], ...columns.slice(1).map((column) => column.map((v, i) => (sums[i] += v || 0)))];
}

/* All ticks of an axis are told the same way, as its largest one needs. */
function shortNumber(value, largest) {
  if (value && largest >= 1e6) return `${+(value / 1e6).toFixed(2)}M`;
  if (value && largest >= 1e4) return `${+(value / 1e3).toFixed(1)}k`;
  return value.toLocaleString("en");
}

function axisLabels(figure, ticks) {
  const unit = figure.dataset.unit;
  const divisor = unit === "minor" ? 100 : 1;
  const largest = Math.max(...ticks.map(Math.abs)) / divisor;
  if (unit === "share_bp") return ticks.map((t) => `${t / 100}%`);
  return ticks.map((t) => `${unit === "minor" ? figure.dataset.symbol : ""}${shortNumber(t / divisor, largest)}`);
}

function drawChart(figure) {
  const box = figure.querySelector(".chart-box");
  const { columns, names, shown } = seriesOf(figure);
  figure.plot?.destroy();
  box.replaceChildren();
  if (!columns.length) return;
  const kind = figure.dataset.chart;
  const isStacked = kind === "stacked";
  const data = isStacked ? stacked(columns) : columns;
  const bars = uPlot.paths.bars({ size: [0.72, 46], radius: isStacked ? 0 : 0.12 });
  // Straight from day to day: a curve would show what never was.
  const lines = uPlot.paths.linear();
  const series = names.slice(1).map((name, i) => {
    const stroke = colour(`--chart-${i + 1}`);
    return kind === "line"
      ? { label: name, stroke, width: 2.25, paths: lines, points: { show: columns[0].length < 2, size: 7 }, fill: names.length === 2 ? `${stroke}22` : undefined }
      : { label: name, stroke, fill: stroke, width: 0, paths: bars, points: { show: false } };
  });
  // Bars of the sum stand behind the bars of the parts.
  if (isStacked) { data.splice(1, data.length - 1, ...data.slice(1).reverse()); series.reverse(); }
  const grid = { stroke: colour("--line"), width: 1 };
  const axis = { stroke: colour("--soft"), font: "12px Inter, sans-serif", ticks: { show: false } };
  const x = figure.dataset.x;
  const edge = { day: 0.7, week: 4, month: 20 }[x] * DAY_SECONDS;
  const fitting = Math.max(1, Math.floor(box.clientWidth / 74));
  const every = Math.ceil(columns[0].length / fitting);
  const dayName = (t) => {
    const day = new Date(t * 1000);
    const month = MONTHS[day.getUTCMonth()];
    return x === "month" ? `${month} ${String(day.getUTCFullYear()).slice(2)}` : `${day.getUTCDate()} ${month}`;
  };
  figure.plot = new uPlot({
    width: box.clientWidth,
    height: box.clientHeight,
    padding: [10, 24, 0, 0],
    cursor: { y: false, points: { show: kind === "line" }, drag: { x: false, y: false } },
    legend: { show: false },
    scales: { x: { time: true, range: (_, min, max) => (kind === "line" ? [min, max] : [min - edge, max + edge]) }, y: { range: (_, min, max) => [Math.min(0, min), Math.max(max, 1) * 1.06] } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    axes: [
      { ...axis, grid: { show: false }, size: 30, splits: () => columns[0].filter((_, i) => i % every === 0), values: (_, ticks) => ticks.map(dayName) },
      { ...axis, grid, size: 56, space: 42, values: (_, ticks) => axisLabels(figure, ticks) },
    ],
    series: [{}, ...series],
    plugins: [tipPlugin(figure, names, shown)],
  }, data, box);
}

function drawCharts() {
  if (typeof uPlot === "undefined") return;
  document.querySelectorAll("figure[data-chart]").forEach(drawChart);
}

function savePicture(button) {
  const figure = button.closest("figure");
  const source = figure.querySelector("canvas");
  if (!source) return;
  const canvas = Object.assign(document.createElement("canvas"), { width: source.width, height: source.height });
  const paper = canvas.getContext("2d");
  paper.fillStyle = colour("--card");
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(source, 0, 0);
  const link = Object.assign(document.createElement("a"), { href: canvas.toDataURL("image/png"), download: `${figure.dataset.name}.png` });
  link.click();
}

const ACTIONS = { theme: switchTheme, menu: toggleMenu, picture: savePicture };

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (button) ACTIONS[button.dataset.action]?.(button);
});

/* "/" goes to the search, as elsewhere. */
document.addEventListener("keydown", (event) => {
  const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  const search = document.querySelector("input[type=search]");
  if (event.key === "/" && !isTyping && search) {
    event.preventDefault();
    search.focus();
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.matches("textarea.code")) {
    event.target.form.requestSubmit();
  }
});

/* Of several names with commas between them, the last one is completed. */
function propose(event) {
  const { list, value } = event.target;
  if (!list || event.target.dataset.many === undefined) return;
  const before = value.slice(0, value.lastIndexOf(",") + 1);
  for (const option of list.options) {
    option.dataset.word ??= option.value;
    option.value = before ? `${before} ${option.dataset.word}` : option.dataset.word;
  }
}
/* Fields share a list: it is made anew for the one that somebody comes to. */
for (const name of ["input", "focusin"]) document.addEventListener(name, propose);

/* Figures of a day that goes on are asked for again while somebody looks at them. */
async function refresh(part) {
  const answer = await fetch(part.dataset.refresh).catch(() => null);
  if (answer?.ok && !answer.redirected) part.outerHTML = await answer.text();
}
function refreshAll() {
  if (!document.hidden) document.querySelectorAll("[data-refresh]").forEach(refresh);
}
setInterval(refreshAll, 30000);
document.addEventListener("visibilitychange", refreshAll);
document.querySelectorAll("[data-refresh-first]").forEach(refresh);

document.addEventListener("htmx:after:swap", () => drawCharts());

/* A part of a page that does not come says so; the rest of the page stands. */
for (const name of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(name, (event) => {
    const part = event.target.closest?.("[data-may-fail]");
    part?.classList.replace("wait", "has-failed");
    part?.removeAttribute("aria-busy");
  });
}

let waiting;
addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(drawCharts, 120);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawCharts);
/* Axes are painted with the font: it must be there. */
document.fonts.load("12px Inter").finally(drawCharts);
