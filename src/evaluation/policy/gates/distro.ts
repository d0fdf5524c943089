import { END_OF_LIFE_AS_OF, endOfLife } from '../../advisories/endOfLife.js';
import { fires, gate, notEvaluated, trigger, type Scan } from '../gate.js';

const DAY = 86_400_000;

export const distro = gate<Scan>({
  name: 'distro',
  description: 'The distribution that the image is made of.',
  extension: true,
  prepare: (scan) => scan,
  triggers: [
    trigger({
      name: 'end_of_life',
      description: 'Fires if the distribution gets no more updates from its publisher.',
      parameters: {},
      extension: true,
      evaluate: ({ image, now }: Scan) => {
        const { id, version } = image.distro;
        if (id === '' || id.toLowerCase() === 'unknown') {
          return image.packages.some(({ kind }) => kind === 'os') ? notEvaluated('the distribution of the image is not known') : fires([]);
        }
        const end = endOfLife(id, version);
        if (end === null) return notEvaluated(`the end of life of ${id} ${version} is not known: a rolling release, or not in the table of ${END_OF_LIFE_AS_OF}`);
        // The day itself is still served.
        if (now.getTime() < Date.parse(end.date) + DAY) return fires([]);
        return fires([{ message: `Distribution ${id} ${version} reached its end of life on ${end.date} (${end.of})` }]);
      },
    }),
  ],
});
