/** RFC 3339; the time and the offset may be left out, and mean midnight and UTC. */
const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)([Zz]|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A moment as people write it, in RFC 3339 with a time and an offset: no machine's own time zone counts, and 30 February is no day.
 * Throws an Error of one sentence for what is none.
 */
export function readInstant(text: string): string {
  const [, date, time = '00:00:00', offset = 'Z'] = INSTANT.exec(text.trim()) ?? [];
  const instant = `${date}T${time}${offset.toUpperCase()}`;
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(Date.parse(instant)) || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date) {
    throw new Error(`${JSON.stringify(text)} is no date such as 2026-12-31T00:00:00Z`);
  }
  return instant;
}

/** The same; a date alone stays one. */
export function readDateOrInstant(text: string): string {
  const instant = readInstant(text);
  const trimmed = text.trim();
  return trimmed.length === 'YYYY-MM-DD'.length ? trimmed : instant;
}
