/** An answer that is not what was asked for: a status, and a sentence for whoever asked. Anything else that is thrown is a bug, and 500. */
export class Fault extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'Fault';
    this.status = status;
    this.headers = headers;
  }
}

/** In Anchore's style, which every client of this API reads. */
export function faultBody({ status, message }: Fault): string {
  return JSON.stringify({ message, httpcode: status, detail: { error_codes: [] } });
}
