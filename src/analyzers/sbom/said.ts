/** What SPDX says where it says nothing. */
export function isLicense(text: string | null | undefined): text is string {
  return typeof text === 'string' && text !== '' && text !== 'NOASSERTION' && text !== 'NONE';
}

const LONGEST_PURL = 2048;

/** A package URL as somebody else wrote it; it is passed on, so it must be harmless. */
export function isPurl(text: string): boolean {
  return text.length <= LONGEST_PURL && /^pkg:[a-z][a-z0-9.+-]*\/[\x21-\x7e]+$/i.test(text);
}
