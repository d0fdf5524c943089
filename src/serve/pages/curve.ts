import type { EvaluationRow } from '../store/store.js';
import { html, type Html } from './html.js';

const WIDTH = 720;
const HEIGHT = 180;
/** Room for the numbers at the left, and for the days below. */
const LEFT = 48;
const BOTTOM = 28;
const TOP = 12;
const RIGHT = 16;
/** More points than this are dots upon dots. */
const MOST_DOTS = 60;

/** Stops and warnings over time, as lines; what it shows stands in the table below it too. @param rows oldest first, at least two */
export function curve(rows: readonly EvaluationRow[]): Html {
  const [start, end] = [rows[0]?.evaluatedAt ?? 0, rows.at(-1)?.evaluatedAt ?? 1];
  const most = niceTop(Math.max(1, ...rows.map(({ stops, warnings }) => Math.max(stops, warnings))));
  const x = (at: number): number => round(LEFT + (at - start) / Math.max(1, end - start) * (WIDTH - LEFT - RIGHT));
  const y = (count: number): number => round(HEIGHT - BOTTOM - count / most * (HEIGHT - BOTTOM - TOP));
  const line = (kind: 'stop' | 'warn', count: (row: EvaluationRow) => number): Html => html`
<polyline class="line ${kind}" points="${rows.map((row) => `${x(row.evaluatedAt)},${y(count(row))}`).join(' ')}"/>
${rows.length > MOST_DOTS ? undefined : rows.map((row) => html`<circle class="dot ${kind}" cx="${x(row.evaluatedAt)}" cy="${y(count(row))}" r="3.5"/>`)}`;
  const day = (at: number): string => new Date(at).toISOString().slice(0, end - start > 2 * 86_400_000 ? 10 : 16).replace('T', ' ');
  return html`<svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="curve-title">
<title id="curve-title">Stops and warnings from ${day(start)} to ${day(end)}: ${rows.at(-1)?.stops ?? 0} stops and ${rows.at(-1)?.warnings ?? 0} warnings at the last</title>
${[0, most / 2, most].filter(Number.isInteger).map((count) => html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(count)}" y2="${y(count)}"/><text x="${LEFT - 8}" y="${y(count) + 4}" text-anchor="end">${count}</text>`)}
<text x="${LEFT}" y="${HEIGHT - 6}">${day(start)}</text><text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${day(end)}</text>
${line('warn', ({ warnings }) => warnings)}${line('stop', ({ stops }) => stops)}
</svg>
<ul class="legend"><li class="stop">— stops</li><li class="warn">- - warnings</li></ul>`;
}

/** The next of 2, 4, 10, 20, 40, 100 …: half of it is a whole number too. */
function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [2, 4, 10, 20].map((step) => step * power).find((top) => top >= most && Number.isInteger(top / 2)) ?? most;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
