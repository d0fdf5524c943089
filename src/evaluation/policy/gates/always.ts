import { fires, gate, trigger } from '../gate.js';

export const always = gate<undefined>({
  name: 'always',
  description: 'Fires without looking at the image.',
  prepare: () => undefined,
  triggers: [
    trigger({
      name: 'always',
      description: 'Fires unconditionally, once: for trying out mappings and allow lists.',
      parameters: {},
      evaluate: () => fires([{ id: 'always', message: 'Unconditional trigger match' }]),
    }),
  ],
});
