/** Put in when the bundle is built (scripts/build.js). */
declare const INLINE_SCAN_VERSION: string | undefined;

/** Who we are, in files and requests. */
export const TOOL = { name: 'inline-scan', version: typeof INLINE_SCAN_VERSION === 'undefined' ? 'development' : INLINE_SCAN_VERSION } as const;

/** Where people read about this tool; package.json's `homepage`, which a test holds it to. */
export const HOMEPAGE = 'https://github.com/inline-scan/inline-scan';
