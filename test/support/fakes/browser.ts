import type { PlainServer } from '../../../shared/simulators/plain-http.ts';
import { toPlainRequest } from './plain-exchange.ts';

interface PageRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** The fields of a form. */
  readonly body?: string;
}

interface PageResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

type SendPage = (request: PageRequest) => Promise<PageResponse>;

/** What a buyer sees: a page with at most one form, or the address that the browser is sent to. */
export interface Page extends PageResponse {
  readonly url: string;
  /** The `location` of a redirect, which the browser does not follow. */
  readonly location?: string;
  /** The labels of the form's buttons. */
  readonly buttons: readonly string[];
  /** Submits the form with this button, after the given fields were filled in. */
  press(button: string, filledIn?: Readonly<Record<string, string>>): Promise<Page>;
}

/** Opens pages as a browser without scripts. */
export const createBrowser = (send: SendPage) => {
  const load = async (request: PageRequest): Promise<Page> => {
    const response = await send(request);
    const elements = elementsOf(response.body);
    const buttons = elements.filter(({ name }) => name === 'button');
    const { location } = response.headers;

    return {
      ...response,
      url: request.url,
      ...(location !== undefined && { location }),
      buttons: buttons.map(({ text }) => text),
      press: (label, filledIn = {}) => {
        const form = elements.find(({ name }) => name === 'form');
        const button = buttons.find(({ text }) => text === label);
        if (!form || !button) throw new Error(`The page has no button "${label}".`);
        const { name = '', value = '' } = button.attributes;
        const fields = { ...fieldsOf(elements), ...filledIn, [name]: value };

        return load({
          method: 'POST',
          url: new URL(form.attributes.action ?? '', request.url).href,
          body: new URLSearchParams(fields).toString(),
        });
      },
    };
  };

  return { open: (url: string) => load({ method: 'GET', url }) };
};

/** Sends by the network of this machine. */
export const createHttpBrowser = () =>
  createBrowser(async ({ method, url, body }) => {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });

    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  });

/** Calls a plain server without a network. */
export const createPlainBrowser = (server: PlainServer) =>
  createBrowser(async ({ url, ...rest }) => {
    const response = await server(toPlainRequest({ ...rest, url: new URL(url), headers: {} }));
    if (response.kind === 'hang') throw new Error(`${url} does not answer.`);

    return { status: response.status, headers: response.headers ?? {}, body: response.body };
  });

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

const elementsOf = (page: string): Element[] =>
  [...page.matchAll(/<(form|input|button)\b([^>]*)>([^<]*)/g)].map(
    ([, name = '', attributes = '', text = '']) => ({
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/([a-zA-Z]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [
          key,
          unescapeHtml(value),
        ]),
      ),
      text: unescapeHtml(text).trim(),
    }),
  );

/** The fields that the form sends as it is: hidden ones, and of radio buttons the checked one. */
const fieldsOf = (elements: readonly Element[]): Record<string, string> =>
  Object.fromEntries(
    elements
      .filter(
        ({ name, attributes }) =>
          name === 'input' && (attributes.type !== 'radio' || 'checked' in attributes),
      )
      .map(({ attributes }) => [attributes.name ?? '', attributes.value ?? '']),
  );

const unescapeHtml = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_reference, code) => String.fromCharCode(Number(code)));
