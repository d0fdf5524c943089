import type { ImageConfig } from './config.js';

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', arm64: 'arm64', arm: 'arm', ppc64: 'ppc64le', s390x: 's390x', riscv64: 'riscv64', loong64: 'loong64' };
/** Spellings that people use. */
const ALIASES: Readonly<Record<string, string>> = { x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64', i386: '386', armhf: 'arm' };

/** What containers run on here: `linux/amd64`; Linux on every system, as in an engine's virtual machine. */
export function thisPlatform(): string {
  return `linux/${ARCHITECTURES[process.arch] ?? process.arch}`;
}

/** `linux/arm/v7`. */
export function platformOf(config: Pick<ImageConfig, 'os' | 'architecture' | 'variant'>): string {
  return [config.os || 'linux', config.architecture, config.variant].filter(Boolean).join('/');
}

/** Whether a config is for a platform written as `OS/ARCHITECTURE[/VARIANT]`; a variant counts only where both have one. */
export function matchesPlatform(config: Pick<ImageConfig, 'os' | 'architecture' | 'variant'>, wanted: string): boolean {
  const [os, architecture, variant] = wanted.toLowerCase().split('/');
  const known = ALIASES[architecture ?? ''] ?? architecture;
  return (config.os || 'linux') === os && config.architecture === known && (!variant || !config.variant || config.variant === variant);
}
