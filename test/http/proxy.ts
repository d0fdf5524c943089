import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface Proxy {
  readonly url: string;
  /** Hosts that it was asked to connect to, and the credentials given. */
  readonly connected: { readonly host: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** A CONNECT proxy on loopback; with a status other than 200 it refuses. */
export async function proxy(status = 200): Promise<Proxy> {
  const connected: Proxy['connected'][number][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => { response.writeHead(400).end(); });
  server.on('connect', (request, client: Socket) => {
    connected.push({ host: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    client.on('error', () => undefined);
    sockets.add(client);
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    sockets.add(target);
    target.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connected,
    close: () => new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close(() => { resolve(); });
    }),
  };
}
