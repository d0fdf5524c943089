/** linux/capability.h of Linux 6.x, in the order of their numbers. */
const NAMES = [
  'chown', 'dac_override', 'dac_read_search', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap', 'linux_immutable', 'net_bind_service', 'net_broadcast', 'net_admin', 'net_raw',
  'ipc_lock', 'ipc_owner', 'sys_module', 'sys_rawio', 'sys_chroot', 'sys_ptrace', 'sys_pacct', 'sys_admin', 'sys_boot', 'sys_nice', 'sys_resource', 'sys_time', 'sys_tty_config', 'mknod',
  'lease', 'audit_write', 'audit_control', 'setfcap', 'mac_override', 'mac_admin', 'syslog', 'wake_alarm', 'block_suspend', 'audit_read', 'perfmon', 'bpf', 'checkpoint_restore',
] as const;

const REVISIONS: Readonly<Record<number, { readonly bytes: number; readonly words: number }>> = {
  0x01000000: { bytes: 12, words: 1 },
  0x02000000: { bytes: 20, words: 2 },
  0x03000000: { bytes: 24, words: 2 },
};

/**
 * A file's capabilities as getcap(8) prints them: `cap_net_bind_service,cap_net_raw=ep`.
 * Source: struct vfs_cap_data and vfs_ns_cap_data in linux/capability.h; all words little-endian.
 * @returns undefined where the attribute is none.
 */
export function capabilityText(attribute: Buffer): string | undefined {
  if (attribute.length < 4) return undefined;
  const magic = attribute.readUInt32LE(0);
  const revision = REVISIONS[(magic & 0xff000000) >>> 0];
  if (revision === undefined || attribute.length !== revision.bytes) return undefined;
  const effective = (magic & 1) === 1 ? 'e' : '';
  const byFlags = new Map<string, string[]>();
  for (let number = 0; number < revision.words * 32; number += 1) {
    const word = 4 + Math.floor(number / 32) * 8;
    const bit = 2 ** (number % 32);
    const permitted = (attribute.readUInt32LE(word) & bit) !== 0;
    const inheritable = (attribute.readUInt32LE(word + 4) & bit) !== 0;
    if (!permitted && !inheritable) continue;
    const flags = `${effective}${inheritable ? 'i' : ''}${permitted ? 'p' : ''}`;
    byFlags.set(flags, [...(byFlags.get(flags) ?? []), NAMES[number] === undefined ? `${number}` : `cap_${NAMES[number]}`]);
  }
  return [...byFlags].map(([flags, names]) => `${names.join(',')}=${flags}`).join(' ') || '=';
}
