import { createHash } from 'node:crypto';
import { type PlainResponse, reply } from './plain-http.ts';

/** Text that is HTML already; every other value is escaped. */
export interface Markup {
  readonly markup: string;
}

type Content = string | Markup | readonly Markup[];

/** A template of HTML: escapes each inserted text, also in attributes with double quotes. */
export const html = (texts: TemplateStringsArray, ...inserted: readonly Content[]): Markup => ({
  markup: texts.map((text, at) => text + toHtml(inserted[at] ?? '')).join(''),
});

const toHtml = (content: Content): string => {
  if (typeof content === 'string') return content.replaceAll(/[&<>"']/g, escapeCharacter);

  return 'markup' in content ? content.markup : content.map(({ markup }) => markup).join('');
};

const escapeCharacter = (character: string): string => `&#${character.charCodeAt(0)};`;

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 28rem; margin: 3rem auto; padding: 0 1rem; }
fieldset { border: 1px solid #8888; border-radius: .5rem; margin: 1rem 0; }
label { display: block; padding: .25rem 0; }
button { font: inherit; padding: .5rem 1rem; margin-right: .5rem; }
code { overflow-wrap: anywhere; }
`;

interface PageOptions {
  readonly status?: number;
  readonly title: string;
  readonly body: Markup;
  /** Where a form of the page redirects to: browsers apply `form-action` to redirects too. */
  readonly returnUrl?: string | undefined;
}

const privateHeaders = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } as const;

/** Of each page: no browser stores it, names it as a referrer, or takes it for another type. */
export const pageHeaders = { ...privateHeaders, 'x-content-type-options': 'nosniff' } as const;

/** A page without scripts that no browser frames. */
export const pageReply = ({ status = 200, title, body, returnUrl }: PageOptions): PlainResponse =>
  reply(
    status,
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.markup,
    {
      ...pageHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': [
        "default-src 'none'",
        `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
        `form-action 'self'${returnUrl === undefined ? '' : ` ${new URL(returnUrl).origin}`}`,
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
    },
  );

/** Sends the browser to a URL with a GET request, also after a POST; adds the parameters to those of the URL. */
export const redirectReply = (
  to: string,
  parameters: Readonly<Record<string, string>>,
): PlainResponse => {
  const location = new URL(to);
  for (const [name, value] of Object.entries(parameters)) location.searchParams.set(name, value);

  return reply(303, '', { ...privateHeaders, location: location.href });
};
