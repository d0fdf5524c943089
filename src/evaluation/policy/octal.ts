/** An octal number as Python 3 prints it: messages, and so trigger ids, have it in this form. */
export function pythonOctal(mode: number): string {
  return `0o${mode.toString(8)}`;
}

/** Permission bits with set-user-ID, set-group-ID and sticky bit, without the file type. */
export const PERMISSION_BITS = 0o7777;
export const SET_UID_OR_GID = 0o6000;
