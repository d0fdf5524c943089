import { describe, expect, test } from '@jest/globals';
import { isInside, leadsInside, outsideOnly, TargetRefused } from '../../src/serve/webhookTargets.js';

describe('addresses', () => {
  test.each([
    '127.0.0.1', '127.255.255.254', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255',
    '::1', '::', 'fe80::1', 'fd00::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::a00:1', '2002:a00:1::', '2001:db8::1', 'fec0::1',
  ])('%s is inside', (address) => {
    expect(isInside(address)).toBe(true);
  });

  test.each(['8.8.8.8', '172.15.0.1', '172.32.0.1', '192.167.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])('%s is outside', (address) => {
    expect(isInside(address)).toBe(false);
  });
});

describe('URLs', () => {
  test.each([
    'http://127.0.0.1/', 'http://127.1/', 'http://0177.0.0.1/', 'http://0x7f000001/', 'http://2130706433:8080/x', 'http://[::ffff:127.0.0.1]/', 'http://[fd00::1]:80/', 'http://localhost/', 'http://LOCALHOST./',
    'http://a.localhost/', 'https://metadata.google.internal/', 'http://printer.local/', 'http://user:password@10.0.0.1/',
  ])('%s leads inside', (url) => {
    expect(leadsInside(url)).toBe(true);
  });

  test.each(['https://hooks.example.com/x', 'http://8.8.8.8/', 'https://localhost.example.com/', 'https://[2606:4700::1111]/'])('%s does not say so', (url) => {
    expect(leadsInside(url)).toBe(false);
  });
});

test.each([[true], [false]])('a name that is an address inside is refused when it is connected to (all: %s)', async (all) => {
  // this machine's own name for itself: no network is asked
  const error = await new Promise<Error | null>((resolve) => { outsideOnly('localhost', { all }, (failure) => { resolve(failure); }); });
  expect(error).toBeInstanceOf(TargetRefused);
});
