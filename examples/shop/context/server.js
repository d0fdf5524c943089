// A shop that sells nothing.
import('node:http').then(({ createServer }) => createServer((_, answer) => answer.end('hello')).listen(8080));
