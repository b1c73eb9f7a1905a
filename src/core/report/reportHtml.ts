import { revealedText } from "../format/unseenText.ts";
import {
  type BarsBlock,
  type FactsBlock,
  type HistogramBlock,
  numberText,
  type Report,
  type ReportBlock,
  type TableBlock,
} from "./report.ts";

/** Everything that could end a piece of text, or an attribute, and begin something else. */
const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text of any origin as HTML text or as the value of a quoted attribute; characters that are not seen are named. */
const escaped = (text: string): string => revealedText(text).replace(/[&<>"']/g, (character) => escapes[character]!);

const style = `
:root { color-scheme: light dark; --line: #d8dde6; --soft: #566072; --bar: #4a6cf0; --mark: #bf2626; }
@media (prefers-color-scheme: dark) {
  :root { --line: #2e3440; --soft: #9da5b4; --bar: #7c9cff; --mark: #ff7a7a; }
}
body { max-width: 1100px; margin: 32px auto; padding: 0 20px; font: 14px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; } h2 { margin-top: 36px; font-size: 18px; } h3 { margin: 0 0 4px; font-size: 14px; }
p { margin: 0 0 8px; color: var(--soft); }
.blocks { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 16px; }
.block { padding: 14px 16px; border: 1px solid var(--line); border-radius: 10px; break-inside: avoid; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
td, th { padding: 3px 0; border-bottom: 1px solid var(--line); font-weight: 400; text-align: left; }
td { text-align: right; } .flagged { color: var(--mark); font-weight: 600; }
svg { display: block; width: 100%; } rect { fill: var(--bar); } line { stroke: var(--mark); stroke-width: 2; }
.axis { display: flex; justify-content: space-between; color: var(--soft); font-size: 12px; }
`;

/**
 * A report as one HTML file that needs nothing else: no script, no picture, no network.
 * @param madeAt when, for people
 */
export function reportHtml({ title, sections }: Report, madeAt: string): string {
  const body = sections.map(
    (section) =>
      `<section><h2>${escaped(section.title)}</h2><div class="blocks">${section.blocks.map(blockHtml).join("")}</div></section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}: dataset report</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}: dataset report</h1>
<p>Made by Winnow, ${escaped(madeAt)}.</p>
${body.join("\n")}
</body>
</html>
`;
}

function blockHtml(block: ReportBlock): string {
  const note = block.note === "" ? "" : `<p>${escaped(block.note)}</p>`;
  return `<div class="block"><h3>${escaped(block.title)}</h3>${note}${contentHtml(block)}</div>`;
}

function contentHtml(block: ReportBlock): string {
  switch (block.kind) {
    case "facts":
      return factsHtml(block);
    case "bars":
      return barsHtml(block);
    case "histogram":
      return histogramHtml(block);
    case "table":
      return tableHtml(block);
  }
}

const flag = (flagged: boolean | undefined): string => (flagged ? ' class="flagged"' : "");

const factsHtml = ({ facts }: FactsBlock): string =>
  `<table>${facts
    .map((fact) => `<tr${flag(fact.flagged)}><th>${escaped(fact.label)}</th><td>${escaped(numberText(fact))}</td></tr>`)
    .join("")}</table>`;

function barsHtml({ bars }: BarsBlock): string {
  const most = bars.reduce((top, { value }) => Math.max(top, value), 1);
  const row = (bar: BarsBlock["bars"][number]): string => {
    const width = (100 * bar.value) / most;
    return `<tr${flag(bar.flagged)}><th>${escaped(bar.label)}<svg viewBox="0 0 100 3" height="4" preserveAspectRatio="none"><rect width="${width.toFixed(2)}" height="3"/></svg></th><td>${escaped(numberText(bar))}</td></tr>`;
  };
  return `<table>${bars.map(row).join("")}</table>`;
}

function histogramHtml({ title, bins, from, to, mark }: HistogramBlock): string {
  const most = bins.reduce((top, { value }) => Math.max(top, value), 1);
  const rects = bins.map(({ label, value }, i) => {
    // A range with one image among many is still seen.
    const height = value === 0 ? 0 : Math.max(1, (60 * value) / most);
    return `<rect x="${i}.05" y="${(60 - height).toFixed(2)}" width="0.9" height="${height.toFixed(2)}"><title>${escaped(label)}: ${value}</title></rect>`;
  });
  const at = mark === null ? "" : (mark * bins.length).toFixed(2);
  const line = mark === null ? "" : `<line x1="${at}" x2="${at}" y1="0" y2="60" vector-effect="non-scaling-stroke"/>`;
  return `<svg viewBox="0 0 ${bins.length} 60" height="120" preserveAspectRatio="none" role="img" aria-label="${escaped(title)}">${rects.join("")}${line}</svg><div class="axis"><span>${escaped(from)}</span><span>${escaped(to)}</span></div>`;
}

function tableHtml({ columns, rows }: TableBlock): string {
  const head = columns.map((column) => `<td>${escaped(column)}</td>`).join("");
  const line = (row: TableBlock["rows"][number]): string =>
    `<tr><th>${escaped(row.label)}</th>${row.cells
      .map((cell) => `<td${flag(cell.flagged)}>${escaped(numberText(cell))}</td>`)
      .join("")}</tr>`;
  return `<table><tr><th></th>${head}</tr>${rows.map(line).join("")}</table>`;
}
