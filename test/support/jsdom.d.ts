/** The part of jsdom that tests of pages use; the library has no types of its own. */
declare module 'jsdom' {
  export interface PageForm {
    readonly method: string;
    readonly action: string;
  }

  export interface PageElement {
    readonly textContent: string | null;
    readonly title: string;
    readonly lang: string;
    readonly form: PageForm | null;
    readonly labels: Iterable<PageElement> | null;
  }

  export interface PageDocument {
    readonly title: string;
    readonly compatMode: string;
    readonly documentElement: PageElement;
    querySelector(selector: string): PageElement | null;
    querySelectorAll(selector: string): Iterable<PageElement>;
  }

  export interface PageWindow {
    readonly document: PageDocument;
    readonly FormData: new (form: PageForm, submitter: PageElement) => Iterable<[string, string]>;
  }

  export class JSDOM {
    constructor(page: string, options?: { readonly url: string });
    readonly window: PageWindow;
  }
}
