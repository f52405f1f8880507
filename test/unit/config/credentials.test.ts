import { afterEach, expect, it, vi } from 'vitest';
import { defaultProvider } from '../../../shared/config/credentials.ts';

afterEach(() => vi.unstubAllEnvs());

it('reads the current credentials from the environment', async () => {
  const credentials = defaultProvider();
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
  await expect(credentials()).resolves.toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' });

  vi.stubEnv('AWS_SESSION_TOKEN', 'token');

  await expect(credentials()).resolves.toMatchObject({ sessionToken: 'token' });
});

it('throws without credentials', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);

  await expect(defaultProvider()()).rejects.toThrow('no credentials');
});
