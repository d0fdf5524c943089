import type { Evaluation, Finding, LayerReference } from '../evaluation/evaluation.js';
import type { PatternHit, ScannedImage } from '../report/scanned.js';
import { LineFinder } from './lineFinder.js';

/** The workspace's Dockerfile. */
export interface NamedDockerfile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The stage that was built, where it is not the last. */
  readonly target?: string | undefined;
}

/**
 * Gives every finding the lines of the Dockerfile that brought it in, and says whether it came with the base image.
 * Where history does not tell, the finding points at FROM or at the Dockerfile as a whole. Lines that a gate has given stay.
 * @throws InputError where the Dockerfile is none: see parseDockerfile.
 */
export function locate(evaluation: Evaluation, image: ScannedImage, dockerfile: NamedDockerfile | undefined): Evaluation {
  const layered = evaluation.findings.map((finding) => withLayer(finding, image));
  if (dockerfile === undefined) return { ...evaluation, findings: layered };
  const finder = new LineFinder(image, dockerfile);
  const notice = finder.notice();
  return {
    ...evaluation,
    image: finder.withLines(evaluation.image),
    findings: layered.map((finding) => ({ ...finding, location: finder.locate(finding) })),
    ...(notice === undefined ? {} : { notices: [...(evaluation.notices ?? []), notice] }),
  };
}

/** A package or a path knows its layer, even where the gate did not say. */
function withLayer(finding: Finding, image: ScannedImage): Finding {
  const { location = {}, vulnerability } = finding;
  const path = location.path ?? vulnerability?.package.path;
  const index = location.layer?.index ?? (path === undefined ? undefined : image.layerOf(path));
  const layer = location.layer ?? layerReference(index, image);
  if (layer === undefined && path === undefined) return finding;
  const hidden = finding.gate === 'secret_scans' && isHidden(path, layer?.index, image);
  return { ...finding, location: { ...location, ...(path === undefined ? {} : { path }), ...(layer === undefined ? {} : { layer }), ...(hidden ? { hidden } : {}) } };
}

/** A secret that only lower layers hold: nobody sees it in the running container, everybody in the image. */
function isHidden(path: string | undefined, layer: number | undefined, { secrets, hiddenSecrets }: ScannedImage): boolean {
  const isHere = (hit: PatternHit): boolean => hit.path === path && (layer === undefined || hit.layer === layer);
  return hiddenSecrets.some(isHere) && !secrets.some(isHere);
}

function layerReference(index: number | undefined, image: ScannedImage): LayerReference | undefined {
  const layer = index === undefined ? undefined : image.layers.find((one) => one.index === index);
  return layer === undefined ? undefined : { index: layer.index, diffId: layer.diffId, instruction: layer.createdBy };
}
