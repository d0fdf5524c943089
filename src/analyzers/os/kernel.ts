import type { LayerEntry } from '../../image/layer.js';
import type { Analyzer, FactSink } from '../analyzer.js';
import { installedPackage, isPlausible, onlySaid, purlOf } from '../packageFile/draft.js';
import { FormatError } from '../packageFile/read.js';
import { BannerSearch, HEAD_BYTES, isArm64, isPlainKernel, readBzImage, versionOf, type KernelFact } from './kernel/image.js';
import { LARGEST_MODULE, readModule, unpackedModule, type ModuleFact } from './kernel/module.js';

const KERNEL = /(?:^|\/)(?:vmlinu[xz]|bzImage|zImage|Image|kernel)(?:-[^/]*)?$/;
/** Only there does a name alone make a file a kernel. */
const KERNEL_BY_NAME = /(?:^boot\/vmlinu[xz]-|(?:^|\/)lib\/modules\/)([^/]+)(?:\/vmlinu[xz])?$/;
const MODULE = /(?:^|\/)lib\/modules\/([^/]+)\/(?:.*\/)?([^/]+)\.ko(?:\.(?:gz|xz|zst))?$/;

/** Kernels: by what the file says of itself, or by its name in the places where kernels are. */
export const linuxKernel: Analyzer<KernelFact> = {
  name: 'linux-kernel',
  description: 'Linux kernels, with their versions.',
  version: 1,
  wants({ path, size }, head) {
    if (size === 0 || !KERNEL.test(path)) return 'nothing';
    return readBzImage(head) !== undefined || isPlainKernel(head) || KERNEL_BY_NAME.test(path) ? 'stream' : 'nothing';
  },
  open: (entry) => new KernelSink(entry),
  packages(view) {
    return [...view.facts()].flatMap(({ path, layer, fact }) => {
      const { version, architecture, format, banner } = fact;
      const draft = { name: 'linux-kernel', version, architecture, purl: purlOf({ type: 'generic', name: 'linux-kernel', version }), metadata: { format, banner } };
      return isPlausible(draft) ? [installedPackage('linux-kernel', draft, path, layer)] : [];
    });
  },
};

/** Keeps a kernel's head, and looks for the banner in the rest. */
class KernelSink implements FactSink<KernelFact> {
  readonly #path: string;
  readonly #head: Buffer[] = [];
  readonly #search = new BannerSearch();
  #kept = 0;

  constructor({ path }: LayerEntry) {
    this.#path = path;
  }

  write(chunk: Buffer): void {
    if (this.#kept < HEAD_BYTES) {
      const part = Buffer.from(chunk.subarray(0, HEAD_BYTES - this.#kept));
      this.#head.push(part);
      this.#kept += part.length;
    }
    this.#search.write(chunk);
  }

  end(): KernelFact | undefined {
    const head = Buffer.concat(this.#head);
    const image = readBzImage(head);
    if (image !== undefined && image.version !== '') return image;
    const banner = this.#search.end();
    if (banner !== '') return { version: versionOf(banner), architecture: isArm64(head) ? 'arm64' : '', format: 'Image', banner };
    const version = versionOf(KERNEL_BY_NAME.exec(this.#path)?.[1] ?? '');
    return version === '' ? undefined : { version, architecture: '', format: 'file name', banner: '' };
  }
}

/** Modules of kernels. One that is compressed with xz is known by its name and its folder's alone. */
export const linuxKernelModules: Analyzer<ModuleFact> = {
  name: 'linux-kernel-module',
  description: 'Modules of Linux kernels, with their versions and licences.',
  version: 1,
  wants: ({ path, size }) => (size > 0 && MODULE.test(path) ? { limit: LARGEST_MODULE, beyond: 'problem' } : 'nothing'),
  analyze({ path }, bytes, tell) {
    const [, folder = '', file = ''] = MODULE.exec(path) ?? [];
    try {
      const module = unpackedModule(path, bytes);
      const fact = module === undefined ? UNREAD : readModule(module);
      return { ...fact, name: fact.name || file.replaceAll('-', '_'), kernelVersion: fact.kernelVersion || folder };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      tell(`This kernel module ${error.message}.`);
      return undefined;
    }
  },
  packages(view) {
    return [...view.facts()].flatMap(({ path, layer, fact }) => {
      const { name, version, license, author, architecture, description, sourceVersion, kernelVersion } = fact;
      const metadata = onlySaid({ kernelVersion, sourceVersion, description });
      const draft = { name, version, architecture, origin: author, licenses: license === '' ? [] : [license], purl: purlOf({ type: 'generic', name, version }), metadata };
      return isPlausible(draft) ? [installedPackage('linux-kernel-module', draft, path, layer)] : [];
    });
  },
};

const UNREAD: ModuleFact = { name: '', version: '', license: '', author: '', description: '', sourceVersion: '', kernelVersion: '', architecture: '' };
