import { createRequire as __createRequire } from 'node:module'; import { dirname as __folderOf } from 'node:path'; import { fileURLToPath as __pathOf } from 'node:url'; const require = __createRequire(import.meta.url), __filename = __pathOf(import.meta.url), __dirname = __folderOf(__filename);
import{setFlagsFromString as r}from"node:v8";r("--semi-space-growth-factor=1");
