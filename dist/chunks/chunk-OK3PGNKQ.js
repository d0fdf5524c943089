import { createRequire as __createRequire } from 'node:module'; import { dirname as __folderOf } from 'node:path'; import { fileURLToPath as __pathOf } from 'node:url'; const require = __createRequire(import.meta.url), __filename = __pathOf(import.meta.url), __dirname = __folderOf(__filename);
var e=["unknown","negligible","low","medium","high","critical"];export{e as a};
