import { SEVERITIES, type Finding, type Severity } from '../../evaluation/evaluation.js';
import { html, type Html } from './html.js';
import { link, mark } from './layout.js';

/** Which findings a reader wants to see. */
export interface Choice {
  readonly action: string;
  readonly severity: string;
  readonly text: string;
}

const ACTIONS = ['stop', 'warn', 'go'] as const;

/** Rows a page: a table of ten thousand makes a browser slow, and nobody reads it. */
const MOST_ROWS = 500;

/** Of the form below. What is none of its values is no choice: the empty string. */
export function readChoice(query: URLSearchParams): Choice {
  const one = (name: string, allowed: readonly string[]): string => allowed.find((value) => value === query.get(name)) ?? '';
  return { action: one('action', [...ACTIONS, 'suppressed']), severity: one('severity', SEVERITIES), text: (query.get('q') ?? '').trim().slice(0, 200) };
}

/** Those that are as chosen; suppressed ones are shown for `suppressed`, and where no action is chosen. */
export function chosenFindings(findings: readonly Finding[], { action, severity, text }: Choice): readonly Finding[] {
  const wanted = text.toLowerCase();
  return findings.filter((finding) => {
    if (action === 'suppressed' ? finding.suppressed === undefined : action !== '' && (finding.action !== action || finding.suppressed !== undefined)) return false;
    if (severity !== '' && finding.vulnerability?.severity !== severity) return false;
    return wanted === '' || `${finding.message} ${finding.id} ${finding.gate} ${finding.location?.path ?? ''} ${finding.vulnerability?.package.name ?? ''}`.toLowerCase().includes(wanted);
  });
}

/** The form that chooses, with what is chosen now. `path` and `name`: of the page that it leads back to. */
export function filterForm(path: string, name: string, { action, severity, text }: Choice): Html {
  const options = (values: readonly string[], chosen: string): Html[] => ['', ...values].map((value) => html`<option value="${value}"${value === chosen ? html` selected` : undefined}>${value === '' ? 'all' : value}</option>`);
  return html`<form class="search" action="${path}#findings">
<input type="hidden" name="name" value="${name}">
<div><label for="action">Action</label><select id="action" name="action">${options([...ACTIONS, 'suppressed'], action)}</select></div>
<div><label for="severity">Severity</label><select id="severity" name="severity">${options([...SEVERITIES].reverse(), severity)}</select></div>
<div class="wide"><label for="text">With the words</label><input id="text" name="q" type="search" value="${text}"></div>
<button>Show</button>
</form>`;
}

/** At most 500 rows. `all`: how many findings there are without a choice. */
export function findingsTable(findings: readonly Finding[], all: number): Html {
  if (findings.length === 0) return html`<p class="note">${all === 0 ? 'Nothing was found.' : 'No finding is like that.'}</p>`;
  const shown = findings.slice(0, MOST_ROWS);
  return html`<div class="scroll" tabindex="0"><table><caption>${shown.length === all ? '' : `${shown.length} of `}${all} ${all === 1 ? 'finding' : 'findings'}${shown.length < findings.length ? `: the first ${MOST_ROWS} of ${findings.length}, choose fewer to see others` : ''}</caption>
<thead><tr><th scope="col">Action</th><th scope="col">What</th><th scope="col">Where</th><th scope="col">Gate</th></tr></thead>
<tbody>${shown.map(row)}</tbody></table></div>`;
}

function row(finding: Finding): Html {
  const { suppressed, vulnerability, location } = finding;
  return html`<tr><td>${suppressed === undefined ? mark(finding.action) : html`<span class="mark quiet">${suppressed.by}</span>`}</td>
<td class="free">${vulnerability === undefined ? undefined : html`<a href="${link('/vulnerabilities', { id: vulnerability.id })}">${vulnerability.id}</a> ${severity(vulnerability.severity)} in ${vulnerability.package.name} ${vulnerability.package.version}<br>`}${finding.message}${finding.remediation === undefined ? undefined : html`<br><span class="quiet">${finding.remediation}</span>`}${suppressed === undefined ? undefined : html`<br><span class="quiet">${suppressed.reason}</span>`}</td>
<td class="free">${location?.path === undefined ? undefined : html`<code>${location.path}${location.line === undefined ? '' : `:${location.line}`}</code><br>`}${location?.layer === undefined || location.layer.index < 0 ? undefined : html`<span class="quiet">layer ${location.layer.index}</span>`}</td>
<td>${finding.gate}<br><span class="quiet">${finding.trigger}</span></td></tr>
`;
}

function severity(value: Severity): Html {
  return html`<span class="${value}">${value}</span>`;
}
