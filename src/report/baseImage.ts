import type { ReportSections, Section } from '../analyzers/analyzer.js';
import type { Image } from '../image/image.js';

/** Source: OCI image specification 1.1, annotations.md. Builders write them as labels too. */
const LABELS = { name: 'org.opencontainers.image.base.name', digest: 'org.opencontainers.image.base.digest' } as const;

/** The instruction with which base images of distributions begin: their whole root as one archive, or `docker import`. */
const ROOT = /^(?:\/bin\/sh -c #\(nop\) )?ADD file:\S+ in \/ *$|^Imported from|^# debian\.sh|^ADD \S+ \/ # buildkit$|^COPY \/ \/ # buildkit$/;

/** `base_image`, ours: what labels say of the image that this one was built from, and how many layers brought the distribution itself. */
export function baseImageSections({ config, layers }: Pick<Image, 'config' | 'layers'>): ReportSections {
  const said = Object.entries(LABELS).map(([key, label]) => [key, config.labels[label] ?? ''] as const).filter(([, value]) => value !== '');
  const isRoot = layers[0] !== undefined && ROOT.test(layers[0].createdBy);
  const base: Section = { ...Object.fromEntries(said), ...(isRoot ? { root_layer: layers[0]?.facts.diffId ?? '', root_created: config.history[layers[0]?.historyIndex ?? -1]?.created ?? '' } : {}) };
  return { base_image: { base_image: base } };
}
