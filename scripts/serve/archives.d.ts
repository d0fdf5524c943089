export type Members = Map<string, string>;

export interface ImageArchive {
  readonly digest: string;
  readonly imageId: string;
  readonly name: string;
  readonly archive: Buffer;
}

export function readMembers(path: string): Promise<Members>;
export function archiveOf(members: Members, as: { readonly account: string; readonly number: number }): Promise<ImageArchive>;
export function pack(members: ReadonlyMap<string, string>): Promise<Buffer>;
export function importOf(image: ImageArchive): { headers: Record<string, string>; body: Buffer };
