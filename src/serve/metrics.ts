import type { Workers } from './work/job.js';

/** Counters and a histogram of requests, in Prometheus' text format 0.0.4. */
export class Metrics {
  private readonly requests = new Map<string, number>();
  private readonly buckets = new Array<number>(BOUNDS.length + 1).fill(0);
  private seconds = 0;
  private evaluations = new Map<string, number>();

  /** @param route the route's template, never the path: labels must be few */
  request(method: string, route: string, status: number, seconds: number): void {
    count(this.requests, `method="${method}",route="${route}",status="${status}"`);
    const bound = BOUNDS.findIndex((limit) => seconds <= limit);
    const index = bound === -1 ? BOUNDS.length : bound;
    this.buckets[index] = (this.buckets[index] ?? 0) + 1;
    this.seconds += seconds;
  }

  evaluation(verdict: string): void {
    count(this.evaluations, `verdict="${verdict}"`);
  }

  /** @param load jobs that wait and are worked on now */
  text(load: Workers['load']): string {
    let below = 0;
    const histogram = [...BOUNDS, Infinity].map((bound, index) => {
      below += this.buckets[index] ?? 0;
      return `inline_scan_request_seconds_bucket{le="${bound === Infinity ? '+Inf' : bound}"} ${below}`;
    });
    return [
      '# HELP inline_scan_requests_total Requests, by method, route and status.', '# TYPE inline_scan_requests_total counter',
      ...[...this.requests].map(([labels, number]) => `inline_scan_requests_total{${labels}} ${number}`),
      '# HELP inline_scan_request_seconds How long answers took.', '# TYPE inline_scan_request_seconds histogram',
      ...histogram, `inline_scan_request_seconds_sum ${this.seconds}`, `inline_scan_request_seconds_count ${below}`,
      '# HELP inline_scan_evaluations_total Evaluations, by verdict.', '# TYPE inline_scan_evaluations_total counter',
      ...[...this.evaluations].map(([labels, number]) => `inline_scan_evaluations_total{${labels}} ${number}`),
      '# HELP inline_scan_jobs Reports that are read or evaluated, and that wait for it.', '# TYPE inline_scan_jobs gauge',
      `inline_scan_jobs{state="waiting"} ${load.waiting}`, `inline_scan_jobs{state="working"} ${load.working}`,
      '# HELP process_resident_memory_bytes Resident memory.', '# TYPE process_resident_memory_bytes gauge', `process_resident_memory_bytes ${process.memoryUsage().rss}`,
      '',
    ].join('\n');
  }
}

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

function count(counters: Map<string, number>, labels: string): void {
  counters.set(labels, (counters.get(labels) ?? 0) + 1);
}
