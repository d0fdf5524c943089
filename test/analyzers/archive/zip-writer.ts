import { crc32, deflateRawSync } from 'node:zlib';

/** One file of a zip archive that is made for a test; the directory may lie. */
export interface Member {
  readonly name: string;
  readonly content: string | Buffer;
  readonly stored?: boolean;
  /** What the central directory says instead of the truth. */
  readonly says?: Partial<{ size: number; compressedSize: number; crc32: number; headerOffset: number; method: number; flags: number }> | undefined;
}

/** Writes a zip archive as simple tools do (APPNOTE 4.3), with whatever lies a test asks for. */
export function zip(members: readonly Member[], prefix: Buffer = Buffer.alloc(0)): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored = false, says = {} } of members) {
    const bytes = Buffer.from(content);
    const packed = stored ? bytes : deflateRawSync(bytes);
    const method = says.method ?? (stored ? 0 : 8);
    const sum = says.crc32 ?? crc32(bytes);
    const size = says.size ?? bytes.length;
    const compressedSize = says.compressedSize ?? packed.length;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(sum, 14);
    local.writeUInt32LE(compressedSize, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(says.flags ?? 0, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(sum, 16);
    central.writeUInt32LE(compressedSize, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(Buffer.byteLength(name), 28);
    central.writeUInt32LE(says.headerOffset ?? offset, 42);
    directory.push(central, Buffer.from(name));
    locals.push(local, Buffer.from(name), packed);
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([prefix, ...locals, central, end]);
}
