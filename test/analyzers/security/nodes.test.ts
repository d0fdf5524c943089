import { describe, expect, test } from '@jest/globals';
import { capabilities } from '../../../src/analyzers/security/capabilities.js';
import { capabilityText } from '../../../src/analyzers/security/capability-names.js';
import { worldWritable } from '../../../src/analyzers/security/world-writable.js';
import { hostKey, sshHostKeys } from '../../../src/analyzers/security/ssh-host-keys.js';
import { entry, image, located, node, view } from '../sample-image.js';

describe('capabilities as getcap prints them', () => {
  test.each([
    // ping of Debian 10; a namespaced one (revision 3); the first revision
    ['0100000200200000000000000000000000000000', 'cap_net_raw=ep'],
    ['010000020004000000000000000000000000' + '0000', 'cap_net_bind_service=ep'],
    ['000000020020000000200000' + '0000000000000000', 'cap_net_raw=ip'],
    ['0100000300200000000000000000000000000000e8030000', 'cap_net_raw=ep'],
    ['010000010020000000000000', 'cap_net_raw=ep'],
    ['0100000200000000000000008000000000000000', 'cap_bpf=ep'],
    ['0000000200000000000000000000000000000000', '='],
    ['0100000200200000', undefined],
    ['ffffffff', undefined],
    ['', undefined],
  ])('%s', (hex, expected) => {
    expect(capabilityText(Buffer.from(hex, 'hex'))).toBe(expected);
  });

  test('the section, and a problem for what is none', () => {
    const good = { xattrs: { 'security.capability': Buffer.from('0100000200200000000000000000000000000000', 'hex').toString('base64') } };
    const of = view<never>(image([node('/bin/ping', good), node('/bin/x', { xattrs: { 'security.capability': 'AAAA' } }), node('/bin/y')]));
    expect(capabilities().report?.(of)).toEqual({ capabilities: { 'files.capabilities': { '/bin/ping': 'cap_net_raw=ep' } } });
    expect(of.problems).toEqual([expect.objectContaining({ path: '/bin/x' })]);
  });
});

test('world-writable: files, and folders without the sticky bit', () => {
  const nodes = [
    node('/a', { mode: 0o666 }), node('/b', { mode: 0o644 }), node('/d', { type: 'directory', mode: 0o777 }), node('/l', { type: 'symlink', mode: 0o777, linkname: 'a' }),
    node('/null', { type: 'character', mode: 0o666 }), node('/tmp', { type: 'directory', mode: 0o1777 }),
  ];
  expect(worldWritable().report?.(view(image(nodes)))).toEqual({ world_writable: { 'files.world_writable': { '/a': '0o666', '/d': '0o777' } } });
});

describe('SSH host keys', () => {
  // drawn once for this test with ssh-keygen; the public part alone
  const PUBLIC = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKGOPYR6jD5sYMrXIbM5kZ3MSLXwKDlaBZRMTOMNwO6R root@build\n';
  const blob = Buffer.from(PUBLIC.split(' ')[1] ?? '', 'base64');
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([0, 0, 0, value.length]), Buffer.from(value)]);
  const container = Buffer.concat([Buffer.from('openssh-key-v1\0'), text('none'), text('none'), text(''), Buffer.from([0, 0, 0, 1, 0, 0, 0, blob.length]), blob, Buffer.from([0, 0, 0, 4, 1, 2, 3, 4])]);
  const pem = (body: Buffer): Buffer => Buffer.from(['-----BEGIN OPENSSH', ' PRIVATE KEY-----\n', body.toString('base64'), '\n-----END OPENSSH', ' PRIVATE KEY-----\n'].join(''));
  const fingerprint = expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/);

  test('the public and the private file have one fingerprint', () => {
    expect(hostKey('ssh_host_ed25519_key.pub', Buffer.from(PUBLIC))).toEqual({ type: 'ssh-ed25519', fingerprint, private: false });
    expect(hostKey('ssh_host_ed25519_key', pem(container))).toEqual({ ...hostKey('ssh_host_ed25519_key.pub', Buffer.from(PUBLIC)), private: true });
  });

  test.each([20, 30, 40, 60])('a container cut at %i bytes', (length) => {
    expect(hostKey('ssh_host_ed25519_key', pem(container.subarray(0, length)))).toEqual({ type: 'pem', fingerprint: '', private: true });
  });

  test('a length that lies', () => {
    const lying = Buffer.from(container);
    lying.writeUInt32BE(0xffffffff, 15);
    expect(hostKey('ssh_host_ed25519_key', pem(lying))).toEqual({ type: 'pem', fingerprint: '', private: true });
  });

  test('no key', () => {
    expect(hostKey('ssh_host_rsa_key', Buffer.from('x'))).toBeUndefined();
    expect(hostKey('ssh_host_rsa_key.pub', Buffer.from('x y'))).toBeUndefined();
    expect(sshHostKeys().wants(entry('etc/ssh/ssh_host_rsa_key', { size: 9 }), Buffer.alloc(0))).not.toBe('nothing');
    expect(sshHostKeys().wants(entry('etc/ssh/sshd_config', { size: 9 }), Buffer.alloc(0))).toBe('nothing');
    expect(sshHostKeys().report?.(view(image([]), [located('/k', { type: 'a', fingerprint: '', private: true })]))).toEqual({ ssh_host_keys: { 'keys.all': { '/k': '{"type":"a","fingerprint":"","private":true}' } } });
  });
});

