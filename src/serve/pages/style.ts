/** The pages' one style sheet: light or dark as the reader has it, contrast 4.5 or more in both. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --raised: #f4f6f8; --text: #1c2329; --quiet: #525d68; --line: #cfd6dd; --link: #0a58b5; --stop: #b3261e; --warn: #8a5300; --go: #1b6e36; --on: #fff; }
@media (prefers-color-scheme: dark) { :root { --ground: #14181c; --raised: #1e242a; --text: #e6eaee; --quiet: #a5b0bb; --line: #3a444e; --link: #7db4ff; --stop: #ff8a80; --warn: #f2b155; --go: #7bd492; --on: #14181c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--ground); padding: .5rem 1rem; }
.top { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: .75rem 1.5rem; background: var(--raised); border-bottom: 1px solid var(--line); }
.top strong { font-size: 1.1rem; }
.top nav { flex: 1; }
.top ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 0; padding: 0; }
.top a[aria-current] { color: var(--text); font-weight: 600; text-decoration: none; border-bottom: 2px solid currentColor; }
.top form { display: flex; gap: .75rem; align-items: center; margin: 0; }
main { max-width: 80rem; margin: 0 auto; padding: 1.5rem; }
main.narrow { max-width: 30rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 .75rem; }
form.search { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; margin: 0 0 1.25rem; }
form.search div { display: flex; flex-direction: column; }
form.search .wide { flex: 1 1 16rem; }
label { font-weight: 600; font-size: .9rem; }
input, select, button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: .35rem; padding: .4rem .7rem; min-height: 2.5rem; }
main.narrow input { width: 100%; margin: .25rem 0 1rem; }
button { background: var(--link); border-color: var(--link); color: var(--on); font-weight: 600; cursor: pointer; }
button.quiet { background: transparent; color: var(--link); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
caption { text-align: left; color: var(--quiet); padding: 0 0 .5rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-bottom: 1px solid var(--line); }
th { background: var(--raised); white-space: nowrap; }
tbody th { background: transparent; font-weight: 600; white-space: normal; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.free { overflow-wrap: anywhere; min-width: 12rem; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
.mark { display: inline-block; border: 1.5px solid currentColor; border-radius: 1rem; padding: 0 .6rem; font-weight: 600; font-size: .85rem; white-space: nowrap; }
.stop, .critical, .high { color: var(--stop); }
.warn, .medium { color: var(--warn); }
.go { color: var(--go); }
.quiet { color: var(--quiet); }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 0 1rem; }
dl.facts dt { color: var(--quiet); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.note { border-left: 4px solid var(--line); padding: .25rem 1rem; margin: 0 0 1rem; color: var(--quiet); }
.note.bad { border-color: var(--stop); color: var(--stop); }
time { white-space: nowrap; }
.curve { width: 100%; min-width: 32rem; max-width: 50rem; height: auto; display: block; }
.curve .grid { stroke: var(--line); }
.curve text { fill: var(--quiet); font-size: 12px; }
.curve .line { fill: none; stroke-width: 2.5; }
.curve .line.stop, .curve .dot.stop { stroke: var(--stop); }
.curve .line.warn, .curve .dot.warn { stroke: var(--warn); }
.curve .line.warn { stroke-dasharray: 6 4; }
.curve .dot { fill: var(--ground); stroke-width: 2; }
.legend { display: flex; gap: 1.5rem; list-style: none; padding: 0; margin: .25rem 0 1rem; }
.pages { display: flex; gap: 1rem; margin: 1rem 0; }
@media print { .top, form { display: none; } }
@media (max-width: 40rem) { main { padding: 1rem; } dl.facts { grid-template-columns: 1fr; } dl.facts dd { margin-bottom: .5rem; } }
`.trimStart();

/** Layers, and a mark that they were looked at. */
export const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M2 3h12v2H2zM2 7h8v2H2zM2 11h5v2H2z" fill="#0a58b5"/><path d="M9 11l2 2 4-5" fill="none" stroke="#1b6e36" stroke-width="2"/></svg>';
