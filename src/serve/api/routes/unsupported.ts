import { Fault } from '../fault.js';
import type { Route } from '../route.js';

/** What clients of this API may ask, and this backend does not do: told in a sentence, not by "nothing at this path". */
export function unsupportedRoutes(): Route[] {
  const without = (message: string): Route['answer'] => async () => { throw new Fault(404, message); };
  return [
    { method: 'GET', path: '/images/{digest}/report', summary: 'A report as PDF: there is none here', access: 'read', answer: without('This backend makes no PDF. Its page of the image can be printed, and /images/DIGEST/evaluation is the same as JSON.') },
    { method: 'POST', path: '/anchore/images', summary: 'Have the backend pull an image: it does not', access: 'scan', answer: without('This backend pulls no images. Scan where the image was built, and import the analysis.') },
    // a list without entries is the truth: exceptions are given to the scan, or allow-listed by a bundle
    { method: 'GET', path: '/vulnexceptions', summary: 'Exceptions that are kept here: none', access: 'read', answer: async () => ({ body: [] }) },
  ];
}
