import { expect, test } from '@jest/globals';
import { redact } from '../../src/text/redact.js';

test.each([
  ['ENV DB_PASSWORD=abc A=1', 'ENV DB_PASSWORD=*** A=1'],
  ['ENV DB_PASSWORD "a b"', 'ENV DB_PASSWORD "***"'],
  ['ENV AWS_SECRET_ACCESS_KEY=wJalr/x+y=', 'ENV AWS_SECRET_ACCESS_KEY=***'],
  ["ARG npm_token='x y'", "ARG npm_token='***'"],
  ['LABEL api-key: abc', 'LABEL api-key: ***'],
  ['RUN |1 NPM_TOKEN=abc /bin/sh -c npm ci', 'RUN |1 NPM_TOKEN=*** /bin/sh -c npm ci'],
  ['RUN curl -H "Authorization: Bearer abcdefgh12"', 'RUN curl -H "Authorization: Bearer ***"'],
  ['RUN git clone https://user:pa55@example.com/x', 'RUN git clone https://user:***@example.com/x'],
  ['RUN tool --password abc', 'RUN tool --password ***'],
  ['ENV DB_PASS=abc MYSQL_PWD=abc', 'ENV DB_PASS=*** MYSQL_PWD=***'],
  ['ENV DB_PASSWORD correct horse battery', 'ENV DB_PASSWORD ***'],
  ['/bin/sh -c #(nop)  ARG TOKEN', '/bin/sh -c #(nop)  ARG TOKEN'],
  ['ARG TOKEN\nRUN npm ci', 'ARG TOKEN\nRUN npm ci'],
  ['ENV API_KEY="a\\\n  b" C=d\nUSER app', 'ENV API_KEY="***\\\n" C=d\nUSER app'],
  ['CMD ["app", "--password", "abc"]', 'CMD ["app", "--password", "***"]'],
  ['CMD ["app" "--token=abc"]', 'CMD ["app" "--token=***"]'],
  ['RUN echo {"password":"abc"}', 'RUN echo {"password":"***"}'],
  ['RUN echo "{\\"password\\": \\"a b\\"}"', 'RUN echo "{\\"password\\": \\"***\\"}"'],
  ['RUN git clone https://abcdefghijklmnop0123@example.com/x', 'RUN git clone https://***@example.com/x'],
  ['RUN curl -u user:pa55 https://x', 'RUN curl -u user:*** https://x'],
  ['RUN mysql -u root -pabc db', 'RUN mysql -u root -p*** db'],
  ['RUN sshpass -p abc ssh x', 'RUN sshpass -p *** ssh x'],
  ["RUN echo 'root:abc' | chpasswd", "RUN echo 'root:***' | chpasswd"],
  ['RUN docker run -u 1000:1000 x', 'RUN docker run -u 1000:1000 x'],
  ['ENV PWD=/app OLDPWD=$PWD COMPASS=north BYPASS=1', 'ENV PWD=/app OLDPWD=$PWD COMPASS=north BYPASS=1'],
  ['ENV TOKEN_REQUIRED=true', 'ENV TOKEN_REQUIRED=true'],
  ['ENV DB_PASSWORD_FILE=/run/x', 'ENV DB_PASSWORD_FILE=/run/x'],
  ['ENV DB_PASSWORD=${X}', 'ENV DB_PASSWORD=${X}'],
  ['RUN the token is read from a file', 'RUN the token is read from a file'],
  ['ENV db_password hunter2', 'ENV db_password ***'],
  ['ENV db_password hunter 2', 'ENV db_password ***'],
  ['LABEL token abc', 'LABEL token ***'],
  ['ENV token_file /run/x', 'ENV token_file /run/x'],
  ['ENV db_password ${X}', 'ENV db_password ${X}'],
  ['RUN apt-get update', 'RUN apt-get update'],
])('%s', (line, shown) => {
  expect(redact(line)).toBe(shown);
  expect(redact(shown)).toBe(shown);
});

test.each([
  'a'.repeat(1_000_000), 'password="'.repeat(100_000), `password${' '.repeat(1_000_000)}`, 'a://'.repeat(200_000), 'bearer '.repeat(100_000),
])('a long line ends in time (%#)', (line) => {
  expect(redact(line).length).toBeLessThanOrEqual(line.length);
});

test('a long quoted value is hidden whole', () => {
  expect(redact(`ENV API_TOKEN="${'x y'.repeat(5_000)}" A=1`)).toBe('ENV API_TOKEN="***" A=1');
  expect(redact('ENV API_TOKEN="never closed')).toBe('ENV API_TOKEN="***"');
});
