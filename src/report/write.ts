import type { Analyzer, ImageView } from '../analyzers/analyzer.js';
import { maskOf } from '../analyzers/secrets/imageMask.js';
import { viewOf } from '../analyzers/view.js';
import type { Image } from '../image/image.js';
import type { Problem } from '../image/layer.js';
import { byCodeUnits } from '../text/order.js';
import { baseImageSections } from './baseImage.js';
import type { ReportDocument } from './document.js';
import { imageReport, type ImageReportOptions } from './imageReport.js';
import { historyLayers, inventorySections } from './inventory.js';
import { layerInfoSections } from './layerInfo.js';
import { licenseSections } from './licenses.js';
import { markOwned } from './ownership.js';
import { packageSections } from './packages.js';
import { assemble } from './sections.js';

/** Puts the report together from the facts that are still visible. Pure: the same image gives the same document. */
export function writeReport(image: Image, analyzers: readonly Analyzer[], problems: readonly Problem[], options: ImageReportOptions): ReportDocument {
  const told = [...problems];
  const views = analyzers.map((analyzer): [Analyzer, ImageView<unknown>] => [analyzer, viewOf(image, analyzer, told)]);
  const packages = markOwned(views.flatMap(([analyzer, view]) => analyzer.packages?.(view) ?? []), image.flattened);
  const sections = views.map(([analyzer, view]) => analyzer.report?.(view) ?? {});
  const mask = maskOf(image.config, options.mask);
  const history = historyLayers(image, mask);
  return {
    document: [{
      image: {
        imageId: image.identity.imageId,
        imagedata: {
          analysis_report: assemble([
            ...sections,
            ...packageSections(packages),
            layerInfoSections(history),
            licenseSections(packages),
            baseImageSections(image),
            // last: writing the others may have told problems
            inventorySections(image, history, packages, told),
          ]),
          image_report: imageReport(image, history, { ...options, mask }),
          analyzer_manifest: Object.fromEntries(
            analyzers.map(({ name, version }) => [name, { version }] as const).sort(([a], [b]) => byCodeUnits(a, b)),
          ),
        },
      },
    }],
  };
}
