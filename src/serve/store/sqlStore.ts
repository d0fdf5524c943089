import type { Database } from './database.js';
import { evaluationsIn } from './sql/evaluations.js';
import { imagesIn } from './sql/images.js';
import { policiesIn } from './sql/policies.js';
import { tokensIn } from './sql/tokens.js';
import { webhooksIn } from './sql/webhooks.js';
import type { Store } from './store.js';

/** The store over a database of rows; what is large comes compressed, and is kept so. */
export function sqlStore(database: Database): Store {
  return {
    ...tokensIn(database), ...imagesIn(database), ...evaluationsIn(database), ...policiesIn(database), ...webhooksIn(database),
    ping: async () => { await database.all('SELECT 1 AS one'); },
    close: () => database.close(),
  };
}
