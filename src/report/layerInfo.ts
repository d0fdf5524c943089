import type { ReportSections } from '../analyzers/analyzer.js';
import type { HistoryLayer } from './inventory.js';

/** The prefix that Docker's classic builder writes before instructions that run nothing. */
const NOP = /^\/bin\/sh -c #\(nop\) /;

/** `layer_info`: which instruction brought which layer, newest last. */
export function layerInfoSections(history: readonly HistoryLayer[]): ReportSections {
  const lines = history.map(({ diffId, createdBy, sizeBytes, emptyLayer }) => ({
    layer: emptyLayer ? 'unknown' : diffId.replace('sha256:', ''),
    dockerfile_line: createdBy.replace(NOP, ''),
    layer_sizebytes: String(sizeBytes),
  }));
  return { layer_info: { layers_to_dockerfile: { dockerfile_to_layer_map: JSON.stringify(lines) } } };
}
